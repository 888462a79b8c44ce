"""The settings of single sign-on: what they are read as, and one clear line for each that cannot be."""

import pytest

from consult import config
from consult.accounts.models import Part
from consult.single_sign_on import PARTS, Grant

pytestmark = pytest.mark.once

WHOLE = {
    "CONSULT_OIDC_ISSUER": "https://id.example.gov.uk/realms/staff",
    "CONSULT_OIDC_CLIENT_ID": "consult",
    "CONSULT_OIDC_CLIENT_SECRET": "a secret",
}


def _read(tmp_path, **given):
    return config.load(
        tmp_path, {**WHOLE, **{f"CONSULT_OIDC_{name}": value for name, value in given.items()}}
    ).sign_on


def test_without_them_there_is_no_single_sign_on(tmp_path):
    assert config.load(tmp_path, {}).sign_on is None


def test_three_settings_are_enough(tmp_path):
    found = _read(tmp_path)
    assert (found.issuer, found.client_id, found.client_secret) == tuple(WHOLE.values())
    assert (found.name, found.claim, found.second_factor) == ("your work account", "groups", "amr")
    assert found.grants == ()


def test_the_secret_is_not_shown_with_the_rest(tmp_path):
    assert "a secret" not in repr(_read(tmp_path))


def test_a_line_of_the_file_holds_the_mapping(tmp_path):
    lines = [f"{name}={value}" for name, value in WHOLE.items()]
    mapping = "policy-footways=official:footways-unit; CN=Mods,OU=Staff=moderator:streets-and-places ;; all staff = editor:site;"
    (tmp_path / "consult.env").write_text("\n".join([*lines, f"CONSULT_OIDC_ROLES='{mapping}'"]))
    assert config.load(tmp_path, {}).sign_on.grants == (
        Grant("policy-footways", "official", "footways-unit"),
        Grant("CN=Mods,OU=Staff", "moderator", "streets-and-places"),
        Grant("all staff", "editor", "site"),
    )


@pytest.mark.parametrize(
    ("entry", "grant"),
    [
        ("a=administrator:site", Grant("a", "administrator", "site")),
        ("a=administrator:streets", Grant("a", "administrator", "streets")),
        ("/staff/policy=official:a-unit", Grant("/staff/policy", "official", "a-unit")),
        ("a:b=editor : site", Grant("a:b", "editor", "site")),
    ],
)
def test_an_entry_is_a_group_a_part_and_a_place(tmp_path, entry, grant):
    assert _read(tmp_path, ROLES=entry).grants == (grant,)


def test_an_entry_that_stands_twice_counts_once(tmp_path):
    assert len(_read(tmp_path, ROLES="a=editor:site;a=editor:site").grants) == 1


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("a", "is not of the form"),
        ("=official:a-unit", "is not of the form"),
        ("a=king:site", "is not of the form"),
        ("a=official", "names no place"),
        ("a=official:", "names no place"),
        ("a=official:Footways Unit", "names no place"),
        ("a=official:site", "the slug of a unit"),
        ("a=moderator:site", "the slug of an organisation"),
        ("a=editor:streets", "editor:site"),
        ("a=editor:site, b=editor:site, c", "names no place"),
        ("ok=editor:site; a\x07b=editor:site", "is not of the form"),
    ],
)
def test_a_mapping_that_cannot_be_stops_the_start(tmp_path, entry, says):
    with pytest.raises(config.BadSetting, match=r"^CONSULT_OIDC_ROLES") as refusal:
        _read(tmp_path, ROLES=entry)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("missing", ["CONSULT_OIDC_CLIENT_ID", "CONSULT_OIDC_CLIENT_SECRET"])
def test_half_of_them_stop_the_start(tmp_path, missing):
    with pytest.raises(config.BadSetting, match=f"^{missing} is missing"):
        config.load(tmp_path, {name: value for name, value in WHOLE.items() if name != missing})


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.example.gov.uk",
        "http://127.0.0.1.example.gov.uk",
        "http://localhost@evil.example",
        "https://user:password@id.example.gov.uk",
        "https://",
        "https://[",
        "id.example.gov.uk",
        "ftp://id.example.gov.uk",
        "https://id.example.gov.uk/?tenant=1",
        "https://id.example.gov.uk/#top",
    ],
)
def test_an_issuer_is_a_plain_https_address(tmp_path, issuer):
    with pytest.raises(config.BadSetting, match=r"^CONSULT_OIDC_ISSUER must be"):
        _read(tmp_path, ISSUER=issuer)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000/x"])
def test_on_this_machine_http_will_do(tmp_path, issuer):
    assert _read(tmp_path, ISSUER=issuer).issuer == issuer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECOND_FACTOR", "sometimes"),
        ("NAME", "n" * 41),
        ("NAME", "two\nlines"),
        ("CLAIM", "tab\tbed"),
        ("CLIENT_ID", "ü"),
        ("CLIENT_SECRET", "ü"),
        ("CLIENT_SECRET", "s" * 251),
    ],
)
def test_what_else_cannot_be_stops_the_start(tmp_path, name, value):
    with pytest.raises(config.BadSetting, match=f"^CONSULT_OIDC_{name} must be") as refusal:
        _read(tmp_path, **{name: value})
    assert "\n" not in str(refusal.value)


def test_the_parts_are_those_that_people_play():
    assert set(PARTS) == {part.value for part in Part}
