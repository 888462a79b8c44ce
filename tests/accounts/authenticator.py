"""A passkey made of software: it answers what a browser would hand over, or, on demand, something a little wrong."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "http://localhost:8000"
PRESENT, NEW_KEY = 0x01, 0x40


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """One device with one key on one site."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = secrets.token_bytes(32)
        self.count = 0

    def add(self, options: str, *, origin: str = ORIGIN) -> str:
        """Answer what a page asks for that adds a passkey."""
        asked = json.loads(options)
        client = self._client("webauthn.create", asked["challenge"], origin)
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        named = b"\0" * 16 + len(self.credential).to_bytes(2, "big") + self.credential + cose
        data = self._data(asked["rp"]["id"], PRESENT | NEW_KEY) + named
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=told)

    def prove(self, options: str, *, origin: str = ORIGIN, host: str = "", counts: bool = True) -> str:
        """Answer what a page asks for that wants a passkey used."""
        asked = json.loads(options)
        self.count += counts
        client = self._client("webauthn.get", asked["challenge"], origin)
        data = self._data(host or asked["rpId"], PRESENT)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _client(self, act: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": act, "challenge": challenge, "origin": origin}).encode()

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **parts: bytes) -> str:
        name = _text(self.credential)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {part: _text(data) for part, data in parts.items()},
            }
        )
