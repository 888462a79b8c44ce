"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers holds.

The challenge is kept in the session for ten minutes. That it is answered once is seen to by the action, which writes
down each that was: a cookie of before could be shown again.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import session
from flask_babel import gettext as _

from consult import clock
from consult.accounts.models import Passkey, Person
from consult.errors import Invalid
from consult.extensions import settings
from consult.web.extras import webauthn

CHALLENGE = "challenge"
LIFE = 600  # seconds


@dataclass(frozen=True)
class Answered:
    """What a passkey answered rightly: to which challenge, its id and key, and how often it has been used."""

    challenge: str
    credential: str
    sign_count: int
    public_key: str = ""


def are_offered() -> bool:
    """Say whether passkeys can work here: the package is installed, and the site has a name and not just a number."""
    if webauthn is None:
        return False
    try:
        ip_address(_host())
    except ValueError:
        return True
    return False


def to_add(person: Person, site: str, has: Sequence[Passkey]) -> str:
    """Return, as JSON, what a browser needs to make a passkey for a person."""
    structs = webauthn.helpers.structs
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=site,
        user_id=_handle(person),
        user_name=person.email,
        user_display_name=person.name,
        challenge=_new_challenge().encode(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_named(has),
    )
    return str(webauthn.options_to_json(options))


def to_prove(has: Sequence[Passkey]) -> str:
    """Return, as JSON, what a browser needs to ask for one of these passkeys; empty where there is none to ask for."""
    if not has or not are_offered():
        return ""
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_new_challenge().encode(),
        allow_credentials=_named(has),
        user_verification=webauthn.helpers.structs.UserVerificationRequirement.PREFERRED,
    )
    return str(webauthn.options_to_json(options))


def added(answer: str) -> Answered:
    """Return the new passkey that a browser hands over; Invalid when anything about it does not hold."""
    challenge = _spent_challenge()
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=_host(),
            expected_origin=settings().base_url,
        )
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refusal() from error
    return Answered(
        challenge,
        webauthn.helpers.bytes_to_base64url(found.credential_id),
        found.sign_count,
        webauthn.helpers.bytes_to_base64url(found.credential_public_key),
    )


def proved(answer: str, has: Sequence[Passkey]) -> Answered:
    """Return which of these passkeys answered the challenge; Invalid when none did."""
    challenge = _spent_challenge()
    passkey = next((each for each in has if each.credential == _credential_in(answer)), None)
    if passkey is None:
        raise _refusal()
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=_host(),
            expected_origin=settings().base_url,
            credential_public_key=webauthn.base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refusal() from error
    return Answered(challenge, passkey.credential, found.new_sign_count)


def _host() -> str:
    return urlsplit(settings().base_url).hostname or ""


def _handle(person: Person) -> bytes:
    """Return what a passkey knows a person by: it tells nobody else who they are."""
    key = settings().secret_key.encode()
    return hmac.new(key, f"passkeys of person:{person.id}".encode(), hashlib.sha256).digest()


def _named(passkeys: Sequence[Passkey]) -> list[object]:
    descriptor = webauthn.helpers.structs.PublicKeyCredentialDescriptor
    return [descriptor(id=webauthn.base64url_to_bytes(each.credential)) for each in passkeys]


def _new_challenge() -> str:
    challenge = secrets.token_urlsafe(32)
    session[CHALLENGE] = [challenge, int(clock.now().timestamp())]
    return challenge


def _spent_challenge() -> str:
    """Return the challenge that this browser was given, and forget it; Invalid when there is none, or it is old."""
    challenge, since = session.pop(CHALLENGE, ("", 0))
    if not challenge or clock.now().timestamp() >= since + LIFE:
        raise Invalid(_("That took too long. Try the passkey again."))
    return str(challenge)


def _credential_in(answer: str) -> str:
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    return str(found.get("id", "")) if isinstance(found, dict) else ""


def _refusal() -> Invalid:
    return Invalid(_("This passkey could not be checked. Try again, or use another way."))
