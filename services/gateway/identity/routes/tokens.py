"""The OAuth 2 endpoints."""

import base64
import binascii
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Form, Header, Request
from starlette.responses import Response

from services.gateway.identity import access
from services.gateway.identity.routes.context import Desk
from services.gateway.identity.schemas import TokenAnswer, TokenError
from services.gateway.identity.tokens import CLIENT_WRONG, Issued, TokenDesk, TokenRefused
from shared.kernel.text import Text
from shared.web.authentication import open_to_all
from shared.web.errors import language_of

router = APIRouter(tags=["identity"], dependencies=[open_to_all(access.TOKEN)])

_ERRORS: dict[int | str, dict[str, object]] = {
    status: {"model": TokenError, "description": "OAuth error (RFC 6749 5.2)"}
    for status in (400, 401, 429)
}
_Secret = Annotated[str | None, Form(max_length=512)]


@router.post(
    "/v1/auth/token",
    operation_id="auth_token",
    response_model=TokenAnswer,
    response_model_exclude_none=True,
    responses=_ERRORS,
)
async def token(
    request: Request,
    response: Response,
    desk: Desk,
    grant_type: Annotated[str, Form(max_length=40, examples=["password"])],
    username: Annotated[str | None, Form(max_length=64)] = None,
    password: _Secret = None,
    totp: Annotated[str | None, Form(max_length=8)] = None,
    refresh_token: _Secret = None,
    client_id: Annotated[str | None, Form(max_length=64)] = None,
    client_secret: _Secret = None,
    scope: Annotated[str | None, Form(max_length=2000)] = None,
    authorization: Annotated[str | None, Header(max_length=1000)] = None,
) -> TokenAnswer | Response:
    """Get tokens: `password`, `refresh_token` or `client_credentials`. 获取令牌。

    Errors follow RFC 6749; `error_description` is in the reader's language.
    """
    source = request.client.host if request.client else "unknown"
    try:
        if grant_type == "password" and username is not None and password is not None:
            issued = await desk.by_password(username.strip().lower(), password, totp, source)
        elif grant_type == "refresh_token" and refresh_token is not None:
            issued = await desk.by_refresh_token(refresh_token)
        elif grant_type == "client_credentials":
            issued = await _for_client(desk, authorization, client_id, client_secret, scope, source)
        else:
            raise _unusable(grant_type)
    except TokenRefused as refused:
        return _refusal(request, refused)
    response.headers["Pragma"] = "no-cache"
    return TokenAnswer(
        access_token=issued.access_token,
        token_type="Bearer",  # noqa: S106 - the type of token, not a secret
        expires_in=issued.expires_in,
        refresh_token=issued.refresh_token,
        scope=issued.scope,
    )


@router.post("/v1/auth/revocation", operation_id="auth_revocation", status_code=204)
async def revoke(
    desk: Desk,
    token: Annotated[str, Form(max_length=512, examples=["421002.0199f3c2a7d07b6e.qX7…"])],
) -> None:
    """Log out: end a refresh token and all that came of it. 退出登录。"""
    await desk.revoke(token)


async def _for_client(
    desk: TokenDesk,
    authorization: str | None,
    client_id: str | None,
    client_secret: str | None,
    scope: str | None,
    source: str,
) -> Issued:
    if authorization is not None:
        client_id, client_secret = _basic(authorization)
    if client_id is None or client_secret is None:
        raise TokenRefused("invalid_client", CLIENT_WRONG, status=401)
    return await desk.by_client_credentials(client_id, client_secret, scope, source)


def _basic(authorization: str) -> tuple[str, str]:
    kind, _, encoded = authorization.partition(" ")
    try:
        if kind.lower() != "basic":
            raise ValueError(kind)
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise TokenRefused("invalid_client", CLIENT_WRONG, status=401) from None
    return unquote(name), unquote(secret)


def _unusable(grant_type: str) -> TokenRefused:
    known = {
        "password": "username, password",
        "refresh_token": "refresh_token",
        "client_credentials": "client_id, client_secret",
    }
    if grant_type not in known:
        return TokenRefused(
            "unsupported_grant_type",
            Text(
                zh=f"grant_type 只能是：{'、'.join(known)}。",
                en=f"grant_type must be one of: {', '.join(known)}.",
            ),
        )
    return TokenRefused(
        "invalid_request",
        Text(
            zh=f"grant_type={grant_type} 需要：{known[grant_type]}。",
            en=f"grant_type={grant_type} needs: {known[grant_type]}.",
        ),
    )


def _refusal(request: Request, refused: TokenRefused) -> Response:
    body = TokenError(
        error=refused.error,
        error_description=refused.detail.in_language(language_of(request)),
    )
    headers = {"Cache-Control": "no-store"}
    if refused.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="shequ"'
    if refused.retry_after is not None:
        headers["Retry-After"] = str(refused.retry_after)
    return Response(
        body.model_dump_json(),
        status_code=refused.status,
        media_type="application/json",
        headers=headers,
    )
