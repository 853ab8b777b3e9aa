"""The client's own keys, and signatures, by `cryptography`: imported when the first key is used."""

from __future__ import annotations

import base64
import json
import threading
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from .errors import invalid_option

if TYPE_CHECKING:
    from ._platform import PrivateKeyJwt

_PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
_SHA256 = hashes.SHA256()
_PSS = padding.PSS(mgf=padding.MGF1(_SHA256), salt_length=32)

# The keys made in this process, one for each issuer.
_made: dict[str, Signer] = {}
_making = threading.Lock()


class Signer:
    """A private key with its algorithm."""

    __slots__ = ("_key", "algorithm")

    def __init__(self, key: _PrivateKey, algorithm: str) -> None:
        self._key = key
        self.algorithm = algorithm

    def sign(self, text: str) -> str:
        """Returns the signature of a text in base64url (RFC 7518, section 3)."""
        data, key = text.encode(), self._key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(_SHA256)))
            return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        if isinstance(key, rsa.RSAPrivateKey):
            return base64url(key.sign(data, _PSS, _SHA256))
        return base64url(key.sign(data))

    def jwk(self) -> dict[str, str]:
        """Returns the public key (RFC 7518, section 6; RFC 8037, section 2)."""
        public = self._key.public_key()
        if isinstance(public, ec.EllipticCurvePublicKey):
            numbers = public.public_numbers()
            x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
            return {"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)}
        if isinstance(public, rsa.RSAPublicKey):
            n, e = public.public_numbers().n, public.public_numbers().e
            return {"kty": "RSA", "n": _number(n), "e": _number(e)}
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw)}


class Keys:
    """The keys of one client: the one that it authenticates with, and the one that its tokens are
    bound to (RFC 9449).
    """

    def __init__(self, client: PrivateKeyJwt | None, proof: object) -> None:
        """Reads the keys. `proof`: a private key, or None if one is made."""
        self._client = client and signer(client.private_key, "client_auth.private_key")
        self._client_alg, self._kid = (client.alg, client.kid) if client else (None, None)
        if client and self._client:
            self._kid = client.kid or _kid_of(client.private_key)
            wanted = "EdDSA" if client.alg == "Ed25519" else client.alg
            if wanted not in (None, self._client.algorithm):
                expected = f"{self._client.algorithm}, for which the key is"
                raise invalid_option("client_auth.alg", expected, "another algorithm")
        self._proof = None if proof is None else signer(proof, "dpop")

    def client_key(self) -> str | None:
        """Describes the key that the client authenticates with: `{ alg, kid? }`."""
        if not self._client:
            return None
        described = {"alg": self._client_alg or self._client.algorithm}
        if self._kid:
            described["kid"] = self._kid
        return json.dumps(described)

    def proof_key(self, issuer: str, algorithm: str | None) -> str | None:
        """Describes the key that tokens of `issuer` are bound to; if there is none, one is made for
        `algorithm`.
        """
        if self._proof is None:
            with _making:
                found = _made.get(issuer)
                if found is None and algorithm is not None:
                    found = _made[issuer] = _make(algorithm)
            self._proof = found
        if self._proof is None:
            return None
        return json.dumps({"alg": self._proof.algorithm, "jwk": self._proof.jwk()})

    def sign(self, proof: bool, text: str) -> str:
        """Signs a text."""
        found = self._proof if proof else self._client
        if not found:
            raise LookupError("There is no such key.")
        return found.sign(text)


def signer(given: Any, path: str) -> Signer:
    """Reads a private key: an object of `cryptography`, a PEM, or a JWK as a mapping."""
    key = given
    if isinstance(given, (str, bytes)):
        pem = given.encode() if isinstance(given, str) else given
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (TypeError, ValueError):
            raise invalid_option(path, _EXPECTED, "a text that is none") from None
    elif hasattr(given, "items"):
        try:
            key = _from_jwk(given)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise invalid_option(path, _EXPECTED, "a JWK that is none") from None
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return Signer(key, "ES256")
    # FAPI 2.0, "Cryptography and Secrets": RSA keys have 2048 bits or more.
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return Signer(key, "PS256")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return Signer(key, "EdDSA")
    raise invalid_option(path, _EXPECTED, f"another {type(key).__name__}")


_EXPECTED = (
    "a private key for ES256, PS256 (2048 bits or more) or EdDSA "
    "as PEM, JWK or object of cryptography"
)


def verify(jwk: str, algorithm: str, text: str, signature: str) -> bool:
    """Returns whether the public key `jwk` verifies the signature. A key that is none verifies
    nothing: it may be a decoy.
    """
    try:
        return _verify(json.loads(jwk), algorithm, text.encode(), from_base64url(signature))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidSignature):
        return False


def _verify(jwk: dict[str, Any], algorithm: str, data: bytes, signature: bytes) -> bool:
    if algorithm == "ES256":
        if jwk["kty"] != "EC" or jwk["crv"] != "P-256" or len(signature) != 64:
            return False
        numbers = ec.EllipticCurvePublicNumbers(
            _integer(jwk["x"]), _integer(jwk["y"]), ec.SECP256R1()
        )
        pair = encode_dss_signature(
            int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        )
        numbers.public_key().verify(pair, data, ec.ECDSA(_SHA256))
    elif algorithm in ("PS256", "RS256"):
        if jwk["kty"] != "RSA":
            return False
        key = rsa.RSAPublicNumbers(_integer(jwk["e"]), _integer(jwk["n"])).public_key()
        scheme = _PSS if algorithm == "PS256" else padding.PKCS1v15()
        key.verify(signature, data, scheme, _SHA256)
    else:
        if jwk["kty"] != "OKP" or jwk["crv"] != "Ed25519":
            return False
        raw = from_base64url(jwk["x"])
        ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(signature, data)
    return True


def _make(algorithm: str) -> Signer:
    if algorithm == "ES256":
        return Signer(ec.generate_private_key(ec.SECP256R1()), algorithm)
    if algorithm == "PS256":
        return Signer(rsa.generate_private_key(65537, 2048), algorithm)
    return Signer(ed25519.Ed25519PrivateKey.generate(), "EdDSA")


def _from_jwk(jwk: Any) -> object:
    kind = jwk["kty"]
    if kind == "EC":
        public = ec.EllipticCurvePublicNumbers(
            _integer(jwk["x"]), _integer(jwk["y"]), ec.SECP256R1()
        )
        if jwk["crv"] != "P-256":
            raise ValueError
        return ec.EllipticCurvePrivateNumbers(_integer(jwk["d"]), public).private_key()
    if kind == "RSA":
        n, e, d = (_integer(jwk[name]) for name in ("n", "e", "d"))
        if "p" in jwk:
            p, q = _integer(jwk["p"]), _integer(jwk["q"])
        else:
            p, q = rsa.rsa_recover_prime_factors(n, e, d)
        return rsa.RSAPrivateNumbers(
            p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, n)
        ).private_key()
    if kind == "OKP" and jwk["crv"] == "Ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(from_base64url(jwk["d"]))
    raise ValueError


def _kid_of(key: Any) -> str | None:
    kid = key.get("kid") if hasattr(key, "items") else None
    return kid if isinstance(kid, str) else None


def _integer(text: str) -> int:
    return int.from_bytes(from_base64url(text), "big")


def _number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def base64url(data: bytes) -> str:
    """Returns base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Reads base64url without padding."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
