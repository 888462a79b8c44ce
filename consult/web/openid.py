"""The provider of single sign-on, from its client's side: where to send somebody, and who came back.

OpenID Connect Core 1.0, the authorisation code flow with PKCE (RFC 7636). What a token says counts only once its
signature, issuer, audience, nonce and times are checked. No token, code or claim is ever logged.
"""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from consult import clock
from consult.config import Settings
from consult.errors import NotFound
from consult.single_sign_on import SingleSignOn, is_safe
from consult.web import extras

TIMEOUT = 10  # seconds without a word from the provider
LONGEST_ANSWER = 1_000_000  # bytes
KEPT_FOR = 3_600  # seconds that its addresses and keys are remembered
SLACK = 60  # seconds that its clock and ours may differ
AT_ONCE = 3  # talks with it in one process: while it is slow, the other threads serve everybody else
PATIENCE = 2.0  # seconds to wait for a turn
SCOPE = "openid profile email"
SIGNATURES = [
    f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)
]  # none with a shared secret
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
RETURN_PATH = "/sign-in/with/return"
Claims = dict[str, Any]


class ProviderFailed(Exception):
    """The provider does not answer, or what it answers cannot be trusted; `why` is a word for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Errand:
    """What the browser keeps while somebody is at the provider; each is good for one return."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Told:
    """What the provider says of somebody: in the token that it signed, and besides at its userinfo endpoint."""

    signed: Claims
    besides: Claims


def new_errand() -> Errand:
    return Errand(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


def set_up_provider(app: Flask, settings: Settings) -> None:
    """Give the application its provider, where the settings name one; nothing is asked of it yet."""
    provider = Provider(settings.sign_on, settings.base_url + RETURN_PATH) if settings.sign_on else None
    app.extensions["openid"] = provider
    app.jinja_env.globals["sign_on_name"] = settings.sign_on.name if settings.sign_on else ""


def provider() -> "Provider":
    """Return the provider of the running site; NotFound where it has none."""
    found: Provider | None = current_app.extensions["openid"]
    if found is None:
        raise NotFound
    return found


class Provider:
    """One provider. Every method may raise ProviderFailed, and says nothing else of what went wrong."""

    def __init__(self, settings: SingleSignOn, return_to: str) -> None:
        self.settings = settings
        self._return_to = return_to
        self._with = extras.single_sign_on()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._about: Claims = {}
        self._keys: Any = None
        self._asked_at = 0.0

    def address(self, errand: Errand, *, again: bool = False) -> str:
        """Return where to send somebody; with `again` they have to prove anew who they are, however lately they did."""
        with self._talk():
            about = self._metadata()
            more = {"prompt": "login", "max_age": "0"} if again else {}
            address, _state = self._client().create_authorization_url(
                about["authorization_endpoint"],
                state=errand.state,
                nonce=errand.nonce,
                code_verifier=errand.verifier,
                **more,
            )
        return str(address)

    def told(self, code: str, errand: Errand) -> Told:
        """Return what the provider says of whoever came back with `code`, checked."""
        with self._talk():
            about = self._metadata()
            client = self._client()
            token = client.fetch_token(
                about["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=errand.verifier,
                allow_redirects=False,
            )
            signed = self._checked(token, errand)
            return Told(signed, self._userinfo(client, about, signed))

    def answers(self) -> None:
        """Ask the provider for its addresses and keys, as at a first sign-in."""
        with self._talk():
            self._metadata()
            self._key_set()

    def _client(self) -> Any:
        listed = self._about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return self._with.oauth.OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            scope=SCOPE,
            redirect_uri=self._return_to,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic"
            if "client_secret_basic" in listed
            else "client_secret_post",
            default_timeout=TIMEOUT,
        )

    def _metadata(self) -> Claims:
        """Return the provider's addresses (OpenID Connect Discovery 1.0), asked for once an hour."""
        if not self._about or time.monotonic() > self._asked_at + KEPT_FOR:
            issuer = self.settings.issuer
            about = self._json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != issuer:
                raise ProviderFailed("discovery: another issuer than CONSULT_OIDC_ISSUER")
            if not all(is_safe(about.get(name)) for name in ENDPOINTS):
                raise ProviderFailed("discovery: an address is missing, or not https")
            self._about, self._keys, self._asked_at = about, None, time.monotonic()
        return self._about

    def _key_set(self, *, afresh: bool = False) -> Any:
        if self._keys is None or afresh:
            self._keys = self._with.jwk.KeySet.import_key_set(self._json(self._about["jwks_uri"]))
        return self._keys

    def _checked(self, token: Claims, errand: Errand) -> Claims:
        """Return the claims of the identity token (Core 1.0, section 3.1.3.7)."""
        raw = token.get("id_token")
        if not isinstance(raw, str):
            raise ProviderFailed("token: none")
        try:
            signed = self._signed(raw)
        except self._with.jose_errors.InvalidKeyIdError:
            signed = self._signed(raw, afresh=True)  # the provider has changed its keys
        claims = self._with.oidc.CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
            },
            {
                "nonce": errand.nonce,
                "client_id": self.settings.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(clock.now().timestamp()), leeway=SLACK)
        return dict(claims)

    def _signed(self, raw: str, *, afresh: bool = False) -> Any:
        registry = self._with.jws.JWSRegistry(algorithms=SIGNATURES, strict_check_header=False)
        return self._with.jwt.decode(raw, self._key_set(afresh=afresh), registry=registry)

    def _userinfo(self, client: Any, about: Claims, signed: Claims) -> Claims:
        """Return what stands in no token but at the userinfo endpoint; nothing where all is known already."""
        address = about.get("userinfo_endpoint")
        is_complete = "email" in signed and (self.settings.claim in signed or not self.settings.grants)
        if is_complete or not is_safe(address) or not client.token.get("access_token"):
            return {}
        found = self._json(str(address), client)
        if found.get("sub") != signed["sub"]:
            raise ProviderFailed("userinfo: of somebody else")
        return found

    def _json(self, address: str, client: Any = None) -> Claims:
        """Fetch one JSON object of bearable size; with a client that holds an access token, by means of it."""
        asked = client or self._with.requests
        with asked.get(address, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise ProviderFailed(f"status {answer.status_code}")
            body = b""
            for piece in answer.iter_content(64 * 1024):
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise ProviderFailed("answer: too long")
        found = json.loads(body)
        if not isinstance(found, dict):
            raise ProviderFailed("answer: no object")
        return found

    @contextmanager
    def _talk(self) -> Iterator[None]:
        """Take one of the few turns to talk to the provider, and tell only by name what goes wrong."""
        if not self._turns.acquire(timeout=PATIENCE):
            raise ProviderFailed("too many wait for it")
        try:
            yield
        except self._with.requests.RequestException as error:
            raise ProviderFailed(f"request: {type(error).__name__}") from None
        except (self._with.jose_errors.JoseError, self._with.oauth_errors.AuthlibBaseError) as error:
            raise ProviderFailed(
                f"token: {type(error).__name__} {getattr(error, 'claim', '')}".strip()
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
            raise ProviderFailed(f"answer: {type(error).__name__}") from None
        finally:
            self._turns.release()
