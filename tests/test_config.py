"""Settings: where they come from, and one clear line for each that cannot be used."""

import pytest

from consult import config

BAD = {
    "CONSULT_SECRET_KEY": "short",
    "CONSULT_DATABASE_URL": "mysql://root@localhost/consult",
    "CONSULT_REDIS_URL": "http://localhost",
    "CONSULT_BASE_URL": "consult.example.gov.uk",
    "CONSULT_MAIL_URL": "mail.example.gov.uk",
    "CONSULT_MAIL_FROM": "nobody",
    "CONSULT_TIMEZONE": "Mars/Olympus",
    "CONSULT_SECOND_FACTOR": "perhaps",
    "CONSULT_OIDC_ISSUER": "http://id.example.gov.uk",
    "CONSULT_OIDC_CLIENT_ID": "alone",
    "CONSULT_OIDC_CLIENT_SECRET": "alone",
    "CONSULT_OIDC_NAME": "alone",
    "CONSULT_OIDC_CLAIM": "alone",
    "CONSULT_OIDC_ROLES": "alone",
    "CONSULT_OIDC_SECOND_FACTOR": "alone",
    "CONSULT_TRUSTED_PROXIES": "many",
    "CONSULT_LOG_LEVEL": "LOUD",
    "CONSULT_INSTANCE": __file__,
    "PORT": "99999",
}


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_a_bad_value_is_refused_in_one_line_that_names_it(tmp_path, name, value):
    with pytest.raises(config.BadSetting) as refusal:
        config.load(None if name == "CONSULT_INSTANCE" else tmp_path, {name: value})
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_every_setting_has_a_bad_value_here():
    assert set(BAD) == {setting.name for setting in config.SETTINGS}


def test_the_key_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    first = config.load(tmp_path, {}).secret_key
    assert config.load(tmp_path, {}).secret_key == first
    assert len(first) >= config.SHORTEST_KEY
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_the_file_is_read_and_the_environment_is_stronger(tmp_path):
    (tmp_path / "consult.env").write_text(
        "# ours\nCONSULT_MAIL_FROM=file@example.org\nCONSULT_LOG_LEVEL='debug'\n"
    )
    settings = config.load(tmp_path, {"CONSULT_MAIL_FROM": "environment@example.org"})
    assert settings.mail_from == "environment@example.org"
    assert settings.log_level == "DEBUG"


def test_the_address_follows_the_port(tmp_path):
    assert config.load(tmp_path, {"PORT": "9000"}).base_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize("given", ["postgres://u@h/n", "postgresql://u@h/n", "postgresql+psycopg://u@h/n"])
def test_postgresql_may_be_named_in_any_of_its_ways(tmp_path, given):
    assert config.load(tmp_path, {"CONSULT_DATABASE_URL": given}).database_url == "postgresql+psycopg://u@h/n"


def test_cookies_are_for_https_alone_where_the_site_is(tmp_path):
    flask = config.load(tmp_path, {"CONSULT_BASE_URL": "https://consult.example"}).flask()
    assert flask["SESSION_COOKIE_SECURE"]
    assert flask["SESSION_COOKIE_NAME"] == "__Host-consult"
