"""Optional packages, imported here and nowhere else.

What offers itself where it can is `None` when it is not installed; `what_is_missing` says in words what to install for
it. What a setting asks for is imported only then, and the site does not start without it.
"""

import importlib
from types import SimpleNamespace
from typing import Any

from consult.config import BadSetting

webauthn: Any
try:
    import webauthn
except ImportError:  # extra "passkeys"
    webauthn = None

EXTRAS = {"passkeys": "webauthn"}
SINGLE_SIGN_ON = {
    "requests": "requests",
    "oauth": "authlib.integrations.requests_client",
    "oauth_errors": "authlib.common.errors",
    "oidc": "authlib.oidc.core",
    "jose_errors": "joserfc.errors",
    "jwk": "joserfc.jwk",
    "jws": "joserfc.jws",
    "jwt": "joserfc.jwt",
}


def what_is_missing(extra: str) -> str:
    """Return one line that says how to install an extra; the empty string when it is there."""
    package = EXTRAS[extra]
    if globals()[package] is not None:
        return ""
    return f"{package} is not installed: run `make extras`, or `pip install 'consult[{extra}]'`"


def single_sign_on() -> SimpleNamespace:
    """Return what speaks to a provider of single sign-on (extra "sso"); BadSetting where it is not installed."""
    try:
        found = {name: importlib.import_module(path) for name, path in SINGLE_SIGN_ON.items()}
    except ModuleNotFoundError as error:
        raise BadSetting(
            f"CONSULT_OIDC_ISSUER needs the package {error.name}, which is not installed: run `make extras`, "
            "which is pip install --require-hashes -r requirements-extras.lock"
        ) from None
    return SimpleNamespace(**found)
