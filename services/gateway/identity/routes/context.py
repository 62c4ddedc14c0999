"""What the routes of identity take from the application."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.identity.passwords import Passwords
from services.gateway.identity.signing import LocalIdentity
from services.gateway.identity.tokens import TokenDesk
from shared.kernel.clock import Clock


async def _desk(request: Request) -> TokenDesk:
    desk: TokenDesk = request.app.state.token_desk
    return desk


async def _identity(request: Request) -> LocalIdentity:
    identity: LocalIdentity = request.app.state.identity
    return identity


async def _today(request: Request) -> date:
    clock: Clock = request.app.state.clock
    return clock.today()


async def _passwords(request: Request) -> Passwords:
    desk: TokenDesk = request.app.state.token_desk
    return desk.passwords


Desk = Annotated[TokenDesk, Depends(_desk)]
Identity = Annotated[LocalIdentity, Depends(_identity)]
Today = Annotated[date, Depends(_today)]
Hashing = Annotated[Passwords, Depends(_passwords)]
