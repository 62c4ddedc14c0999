"""Dependencies that tell who asks, whether they may, and give them a read session."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from shared.auth.policy import Policy, Reach
from shared.auth.principal import Principal
from shared.auth.tokens import TokenVerifier
from shared.db.base import DISTRICT_CODE
from shared.db.database import Database, ReadSession
from shared.kernel.errors import Invalid, Unauthenticated
from shared.kernel.issue import Issue
from shared.kernel.text import Text


def _verified(request: Request) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(
            code="token_missing",
            detail=Text(
                zh="请先登录：用 POST /v1/auth/token 获取令牌，"
                "并放入 Authorization: Bearer 请求头。",
                en="Log in first: get a token from POST /v1/auth/token and send it in the "
                "Authorization: Bearer header.",
            ),
        )
    verifier: TokenVerifier = request.app.state.verifier
    return verifier.verify(token.strip())


async def principal_of(request: Request) -> Principal:
    """The verified caller. Raises Unauthenticated without a good token."""
    return _verified(request)


CurrentPrincipal = Annotated[Principal, Depends(principal_of)]


class Permission:
    """A dependency that asks a policy how far the caller reaches; carries the policy so that the
    API description and the authorization table can name it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def __call__(self, principal: CurrentPrincipal) -> Reach:
        """How far the caller reaches under the policy."""
        return self.policy.reach(principal)


def permits(policy: Policy) -> Any:
    """`reach: Annotated[Reach, permits(access.READ)]` in a route's parameters."""
    return Depends(Permission(policy))


async def _read_session(
    request: Request, principal: CurrentPrincipal
) -> AsyncIterator[ReadSession]:
    database: Database = request.app.state.database
    async with database.read(principal.district) as session:
        yield session


Reading = Annotated[ReadSession, Depends(_read_session, scope="function")]


async def _public_district(
    request: Request,
    district: Annotated[
        str | None,
        Query(
            pattern=f"^{DISTRICT_CODE.pattern}$",
            description="GB/T 2260 code of the district; who has logged in may leave it out / "
            "区划代码，已登录的可不填",
            examples=["421002"],
        ),
    ] = None,
) -> str:
    if district is not None:
        return district
    if "authorization" not in request.headers:
        raise Invalid(issues=(_DISTRICT_MISSING,))
    return _verified(request).district


PublicDistrict = Annotated[str, Depends(_public_district)]
"""The district that a public operation is asked about."""


async def _public_read_session(
    request: Request, district: PublicDistrict
) -> AsyncIterator[ReadSession]:
    database: Database = request.app.state.database
    async with database.read(district) as session:
        yield session


_DISTRICT_MISSING = Issue(
    code="district_missing",
    pointer="/query/district",
    detail=Text(zh="未指明区县。", en="No district is named."),
    remedy=Text(
        zh="请加上 ?district=421002 这样的六位区划代码，或先登录。",
        en="Add the six digits of its code, as in ?district=421002, or log in.",
    ),
)
PublicReading = Annotated[ReadSession, Depends(_public_read_session, scope="function")]


class Public:
    """Marks an operation that needs no token, and says why."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def __call__(self) -> None:
        """Nothing to check."""


def open_to_all(policy: Policy) -> Any:
    """`dependencies=[open_to_all(access.TOKEN)]` on a route without a token."""
    return Depends(Public(policy))
