"""What identity publishes, and the rotation of the signing key."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.identity import access
from services.gateway.identity.routes.context import Identity
from services.gateway.identity.schemas import Discovery, Jwks, KeyView, Revocations
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.web.authentication import CurrentPrincipal, open_to_all, permits
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(tags=["identity"], route_class=UnitOfWorkRoute)
_public = [open_to_all(access.KEYS)]


@router.get("/.well-known/jwks.json", operation_id="identity_jwks", dependencies=_public)
async def jwks(identity: Identity, response: Response) -> Jwks:
    """The public keys that access tokens are signed with (RFC 7517). 公钥。"""
    response.headers["Cache-Control"] = "public, max-age=60"
    return Jwks(keys=identity.public_keys())


@router.get(
    "/.well-known/revocations.json", operation_id="identity_revocations", dependencies=_public
)
async def revocations(identity: Identity) -> Revocations:
    """Tokens of these subjects below this generation no longer count. 已撤销的令牌。"""
    snapshot = identity.snapshot()
    return Revocations(least_generation=snapshot.least_generation if snapshot else {})


@router.get(
    "/.well-known/openid-configuration", operation_id="identity_discovery", dependencies=_public
)
async def discovery(request: Request) -> Discovery:
    """Where tokens and keys are (OpenID Connect Discovery). 身份服务发现。"""
    issuer = request.app.state.settings.issuer
    return Discovery(
        issuer=issuer,
        token_endpoint=f"{issuer}/v1/auth/token",
        revocation_endpoint=f"{issuer}/v1/auth/revocation",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        grant_types_supported=["password", "refresh_token", "client_credentials"],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post"],
        id_token_signing_alg_values_supported=["ES256"],
        response_types_supported=["token"],
        subject_types_supported=["public"],
    )


@router.post("/v1/signing-keys/rotation", operation_id="identity_rotate_keys", status_code=201)
async def rotate(
    session: WriteSession,
    identity: Identity,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(access.ROTATE_KEYS)],
) -> KeyView:
    """Publish a new key, which signs from 40 seconds on; tokens given out stay good until they
    expire. 更换签名密钥。"""
    key_id = await identity.rotate(session)
    await record(session, Actor.of(principal), "signing_key.rotated", ("signing_key", key_id))
    return KeyView(key_id=key_id)
