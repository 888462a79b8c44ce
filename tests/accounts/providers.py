"""Providers of single sign-on that run in tests: a real one, and one that lies on request.

Both speak HTTP on a port of this machine. The real one is the package oidc-provider-mock; the other is written here,
holds PKCE and the client's secret to be right, and gives away whatever token or answer a test asks for.
"""

import base64
import hashlib
import hmac
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import oidc_provider_mock
import requests
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "consult-at-the-provider", "a secret: with & odd signs"
Claims = dict[str, Any]
_KEY = RSAKey.generate_key(2048, {"kid": "first"})
_OTHER = RSAKey.generate_key(2048, {"kid": "first"})
_NEXT = RSAKey.generate_key(2048, {"kid": "second"})


@dataclass(frozen=True)
class RealProvider:
    """The provider that knows the rules; `knows` tells it what to say of somebody."""

    issuer: str

    def knows(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def comes_back(self, address: str, subject: str | None) -> str:
        """Return where a browser is sent when somebody signs in here, or with None declines to."""
        form = {"sub": subject} if subject else {"action": "deny"}
        answer = requests.post(address, data=form, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        back, state = answer.headers["Location"], query_of(address)["state"]
        return (
            back if "state=" in back else f"{back}&state={state}"
        )  # left out of its refusals, against RFC 6749


@contextmanager
def a_real_provider(port: int = 0) -> Iterator[RealProvider]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread(port, require_nonce=True) as server:
        yield RealProvider(f"http://localhost:{server.server_port}")


@dataclass
class Liar:
    """A provider that does what `lies` says: changes claims, headers, keys, or answers with something else.

    A lie is named after what it replaces: `claims` (a function over the claims), `sign` (claims to a token),
    `discovery`, `token`, `userinfo`, `keys` (functions over the answer, or a Response).
    """

    issuer: str = ""
    claims: Claims = field(default_factory=dict)
    about: Claims = field(default_factory=dict)
    lies: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    asked: list[Claims] = field(default_factory=list)  # what stood in the requests to sign in
    visits: list[str] = field(default_factory=list)
    _codes: dict[str, Claims] = field(default_factory=dict)

    def comes_back(self, address: str, subject: str | None = None) -> str:
        """Return where a browser is sent when whoever the claims describe signs in here."""
        asked = dict(parse_qsl(urlsplit(address).query))
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.visits.append(request.path)
        answers = {
            "/.well-known/openid-configuration": ("discovery", self._discovery),
            "/token": ("token", self._token),
            "/keys": ("keys", self._keys),
            "/userinfo": ("userinfo", lambda request: {"sub": self.claims.get("sub"), **self.about}),
        }
        name, answer = answers[request.path]
        said = self.lies.get(name, lambda said: said)(answer(request))
        response = (
            said if isinstance(said, Response) else Response(json.dumps(said), mimetype="application/json")
        )
        return response(environ, start_response)

    def _discovery(self, request: Request) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def _keys(self, request: Request) -> Claims:
        return {"keys": [_KEY.as_dict(private=False)]}

    def _token(self, request: Request) -> Any:
        """Give a token for a code: once, to the client that holds the secret and the verifier."""
        asked = self._codes.pop(request.form.get("code", ""), None)
        held = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        verifier = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        is_right = (
            asked is not None
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == challenge
            and held == f"{CLIENT}:{SECRET}"
            and request.form["redirect_uri"] == asked["redirect_uri"]
        )
        if not is_right or asked is None:
            return Response('{"error": "invalid_grant"}', 400, mimetype="application/json")
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = self.lies.get("claims", lambda claims: claims)({**claims, **self.claims})
        sign = self.lies.get("sign", signed)
        return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": sign(claims)}


def signed(claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, _KEY)


def signed_by_another(claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, _OTHER)


def signed_by_the_next_key(claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "second"}, claims, _NEXT)


def both_keys(answer: Claims) -> Claims:
    return {"keys": [*answer["keys"], _NEXT.as_dict(private=False)]}


def unsigned(claims: Claims) -> str:
    head, body = (_part(part) for part in ({"alg": "none", "typ": "JWT"}, claims))
    return f"{head}.{body}."


def signed_with_the_public_key(claims: Claims) -> str:
    """Sign as with a shared secret that everybody can read: the provider's public key. No library does that any more."""
    signing = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{_part(claims)}"
    signature = hmac.digest(_KEY.as_pem(private=False), signing.encode(), "sha256")
    return f"{signing}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def signed_with_the_client_secret(claims: Claims) -> str:
    key = OctKey.import_key(SECRET)
    return jwt.encode({"alg": "HS256"}, claims, key, registry=JWSRegistry(algorithms=["HS256"]))


def changed_after_signing(claims: Claims) -> str:
    head, _body, signature = signed(claims).split(".")
    return f"{head}.{_part({**claims, 'sub': 'the-administrator'})}.{signature}"


def _part(thing: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(thing).encode()).rstrip(b"=").decode()


class _Quiet(WSGIRequestHandler):
    def log(self, *arguments: Any) -> None:
        pass


class Stage:
    """An address at which one liar after the other answers."""

    issuer: str
    liar: Liar

    def enter(self) -> Liar:
        """Let a new one answer, who knows nothing of those before."""
        self.liar = Liar(self.issuer)
        return self.liar

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.liar(environ, start_response)


@contextmanager
def a_stage() -> Iterator[Stage]:
    stage = Stage()
    server = make_server("127.0.0.1", 0, stage, threaded=True, request_handler=_Quiet)
    stage.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stage
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


@dataclass
class Door:
    """A browser at the site's door, and the provider behind it."""

    client: FlaskClient
    provider: Any

    def leave(self, **form: str) -> str:
        """Press the button, and return the address at the provider to which the browser is led."""
        answer = self.client.post("/sign-in/with/start", data=form)
        assert answer.status_code == 200, answer.text
        page = BeautifulSoup(answer.text, "html.parser")
        lead = str(page.select_one('meta[http-equiv="refresh"]')["content"])  # type: ignore[index]
        address = lead.removeprefix("0; url=")
        assert page.select_one("main a[href]")["href"] == address  # type: ignore[index]
        return address

    def way_back(self, subject: str | None = "sub-1", **form: str) -> str:
        """Go to the provider and sign in there; return the address on this site to which it leads back."""
        address = self.provider.comes_back(self.leave(**form), subject)
        assert address.startswith("http://127.0.0.1:8000/sign-in/with/return?"), address
        return address.removeprefix("http://127.0.0.1:8000")

    def come(self, subject: str | None = "sub-1", **form: str) -> TestResponse:
        """Sign in at the provider and come back."""
        return self.client.get(self.way_back(subject, **form))

    @property
    def is_signed_in(self) -> bool:
        return self.client.get("/account").status_code == 200


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
