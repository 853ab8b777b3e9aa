"""The profile fapi2 against the sandbox: PAR, private_key_jwt and DPoP."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from oakford_aisp import AsyncClient, Client, ConfigurationError, MemoryStore, PrivateKeyJwt
from oakford_aisp._keys import Keys, Signer, signer, verify
from oakford_aisp._platform import Certificate

from .support import connect, connect_async

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox


def fapi(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    key = PrivateKeyJwt(sandbox.clients["fapi"]["privateJwk"])
    return sandbox.options("fapi", **{"profile": "fapi2", "client_auth": key, **more})


def test_fapi2_a_customer_connects_by_a_pushed_request_with_assertion_and_proof(
    sandbox: Sandbox,
) -> None:
    with Client(**fapi(sandbox)) as client:
        session = connect(client)
        assert session.userinfo()["sub"]
        session.refresh()
        assert session.userinfo()["sub"]
    # The first is answered by a nonce for the proofs.
    pushed = sandbox.requests("/oauth/par")[-1]
    assert pushed["form"]["client_assertion_type"].endswith("jwt-bearer")
    exchange, *_, refreshed = sandbox.requests("/oauth/token")
    assert exchange["headers"]["dpop"]
    assert refreshed["form"]["grant_type"] == "refresh_token"
    userinfo = sandbox.requests("/oauth/userinfo")[0]
    assert userinfo["headers"]["authorization"].startswith("DPoP ")


def test_fapi2_an_async_client_does_the_same(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**fapi(sandbox)) as client:
            session = await connect_async(client)
            await session.refresh()
            assert (await session.userinfo())["sub"]

    asyncio.run(main())


def test_fapi2_a_dpop_key_of_ones_own_is_shared_by_processes(sandbox: Sandbox) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = MemoryStore()
    with Client(**fapi(sandbox, dpop=pem, token_store=store)) as one:
        connect(one)
    with Client(**fapi(sandbox, dpop=key, token_store=store)) as other:
        session = other.session()
        assert session is not None
        assert session.userinfo()["sub"]


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"client_secret": "s3cr3t"}, "client_secret"),
        ({"client_auth": None}, "client_auth.method"),
        ({"client_auth": "client_secret_post", "client_secret": "s3cr3t"}, "client_secret"),
        ({"client_auth": "tls_client_auth"}, "certificate"),
        ({"dpop": False}, "dpop"),
        ({"dpop": "no key"}, "dpop"),
        ({"client_auth": PrivateKeyJwt({"kty": "EC"})}, "client_auth.private_key"),
        ({"client_auth": 7}, "client_auth"),
    ],
)
def test_fapi2_nothing_weaker_can_be_said(
    sandbox: Sandbox, options: dict[str, Any], path: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Client(**fapi(sandbox, **options))
    assert caught.value.path == path
    assert "s3cr3t" not in str(caught.value)


def keys() -> list[Signer]:
    made = (
        ec.generate_private_key(ec.SECP256R1()),
        rsa.generate_private_key(65537, 2048),
        ed25519.Ed25519PrivateKey.generate(),
    )
    return [signer(key, "key") for key in made]


def test_keys_a_signature_is_verified_by_the_public_half_and_by_no_other() -> None:
    made = keys()
    for one in made:
        jwk = json.dumps(one.jwk())
        signature = one.sign("text")
        assert verify(jwk, one.algorithm, "text", signature)
        assert not verify(jwk, one.algorithm, "another", signature)
        for other in keys():
            assert not verify(json.dumps(other.jwk()), other.algorithm, "text", signature)
        for broken in ("{}", "[]", "no json", '{"kty":"EC","crv":"P-256","x":"!","y":"!"}'):
            assert not verify(broken, one.algorithm, "text", signature)


def test_keys_a_jwk_is_read_as_the_key_that_it_is() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = signer(private, "key").jwk()
    numbers = private.private_numbers().private_value.to_bytes(32, "big")
    from oakford_aisp._keys import base64url

    jwk = {**public, "d": base64url(numbers), "kid": "key-1"}
    own = Keys(PrivateKeyJwt(jwk), None)
    assert json.loads(str(own.client_key())) == {"alg": "ES256", "kid": "key-1"}
    assert verify(json.dumps(public), "ES256", "text", own.sign(False, "text"))


def test_keys_a_short_rsa_key_and_another_curve_are_refused() -> None:
    for key in (rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP384R1())):
        with pytest.raises(ConfigurationError):
            signer(key, "dpop")


def test_keys_no_repr_shows_a_secret() -> None:
    shown = repr(PrivateKeyJwt("-----BEGIN PRIVATE KEY-----", kid="key-1"))
    assert shown == "PrivateKeyJwt(kid='key-1')"
    assert "passphrase" not in repr(Certificate("cert.pem", password="passphrase"))
