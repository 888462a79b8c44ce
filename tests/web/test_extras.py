"""A site that is told to use what is not installed does not start, and says how to mend it."""

import sys

import pytest

from consult import config, create_app
from consult.web import extras

pytestmark = pytest.mark.once

SETTINGS = {
    "CONSULT_OIDC_ISSUER": "https://id.example.gov.uk",
    "CONSULT_OIDC_CLIENT_ID": "consult",
    "CONSULT_OIDC_CLIENT_SECRET": "a secret",
}


@pytest.mark.parametrize("module", sorted(extras.SINGLE_SIGN_ON.values()))
def test_single_sign_on_without_its_packages_stops_the_start(tmp_path, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)  # an import of it fails as if it were not there
    settings = config.load(tmp_path, SETTINGS)
    with pytest.raises(config.BadSetting, match=r"^CONSULT_OIDC_ISSUER") as refusal:
        create_app(settings)
    assert "make extras" in str(refusal.value)
    assert "pip install --require-hashes -r requirements-extras.lock" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_without_the_settings_nothing_of_it_is_imported(tmp_path, monkeypatch):
    for module in extras.SINGLE_SIGN_ON.values():
        monkeypatch.setitem(sys.modules, module, None)
    assert create_app(config.load(tmp_path, {})).extensions["openid"] is None


def test_starting_asks_the_provider_for_nothing(tmp_path):
    """A provider that is down must not keep the site down."""
    app = create_app(config.load(tmp_path, {**SETTINGS, "CONSULT_OIDC_ISSUER": "https://127.0.0.1:1"}))
    assert app.extensions["openid"].settings.issuer == "https://127.0.0.1:1"
