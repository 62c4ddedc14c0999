"""One's own account."""

from typing import Annotated

import pyotp
from fastapi import APIRouter
from sqlalchemy import select

from services.gateway.identity import access, enrolling, repository
from services.gateway.identity.models import Account, Client
from services.gateway.identity.routes.context import Desk, Hashing
from services.gateway.identity.schemas import (
    Me,
    MyGrant,
    PasswordChange,
    TotpCode,
    TotpEnrolment,
)
from services.gateway.identity.tokens import TOTP_USE
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.auth.principal import PrincipalKind
from shared.db.reading import the_row
from shared.kernel.errors import Conflict
from shared.kernel.text import Text
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/me", tags=["identity"], route_class=UnitOfWorkRoute)
Mine = Annotated[Reach, permits(access.ME)]


@router.get("", operation_id="identity_me")
async def me(session: Reading, principal: CurrentPrincipal, _reach: Mine) -> Me:
    """Who the token speaks for, and with which grants. 当前账户。"""
    table = Account if principal.kind is PrincipalKind.PERSON else Client
    columns = (
        (Account.login, Account.display_name, Account.must_change_password, Account.totp_confirmed)
        if table is Account
        else (Client.name.label("display_name"),)
    )
    row = await the_row(session, select(*columns).where(table.id == principal.subject))
    return Me(
        subject=principal.subject,
        kind=principal.kind.value,
        district=principal.district,
        login=getattr(row, "login", None),
        display_name=row.display_name,
        must_change_password=getattr(row, "must_change_password", False),
        two_factor=getattr(row, "totp_confirmed", False),
        grants=[
            MyGrant(role=grant.role, scope=grant.scope, scope_id=grant.scope_id)
            for grant in principal.grants
        ],
        scopes=sorted(principal.scopes),
    )


@router.put("/password", operation_id="identity_change_password", status_code=204)
async def change_password(
    body: PasswordChange,
    session: WriteSession,
    principal: CurrentPrincipal,
    hashing: Hashing,
    _reach: Mine,
) -> None:
    """Change one's own password; every session ends, log in again. 修改密码。"""
    await enrolling.change_own_password(
        session, Actor.of(principal), hashing, old=body.old_password, new=body.new_password
    )


@router.post("/totp", operation_id="identity_enrol_totp", status_code=201)
async def enrol_totp(
    session: WriteSession, principal: CurrentPrincipal, desk: Desk, _reach: Mine
) -> TotpEnrolment:
    """Begin a second factor: a secret for an authenticator app. 启用两步验证。"""
    account = await repository.account_for_update(session, principal.subject)
    if account.totp_confirmed:
        raise Conflict(
            code="totp_enrolled",
            detail=Text(
                zh="两步验证已启用。如需更换，请由管理员重置密码后重新登记。",
                en="A second factor is in use. To replace it, have your password reset first.",
            ),
        )
    secret = pyotp.random_base32()
    account.totp_secret = desk.seal.close(secret.encode(), TOTP_USE)
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name="Shequ")
    return TotpEnrolment(secret=secret, uri=uri)


@router.post("/totp/confirmation", operation_id="identity_confirm_totp", status_code=204)
async def confirm_totp(
    body: TotpCode, session: WriteSession, principal: CurrentPrincipal, desk: Desk, _reach: Mine
) -> None:
    """Prove that the app shows the right code; from then on it is asked at login. 确认两步验证。"""
    account = await repository.account_for_update(session, principal.subject)
    sealed = account.totp_secret
    code_is_right = sealed is not None and pyotp.TOTP(
        desk.seal.open(sealed, TOTP_USE).decode()
    ).verify(body.code, for_time=desk.clock.now(), valid_window=1)
    if not code_is_right:
        raise Conflict(
            code="totp_wrong",
            detail=Text(
                zh="验证码不正确，两步验证未启用。请核对手机时间后重试。",
                en="The code is wrong and the second factor was not switched on. Check your "
                "phone's clock and try again.",
            ),
        )
    account.totp_confirmed = True
    await record(session, Actor.of(principal), "account.totp_confirmed", ("account", account.id))
