"""The request's edge: one transaction, committed after the answer is made and before it is sent."""

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from shared.auth.principal import Principal
from shared.db.database import Database
from shared.web import idempotency
from shared.web.authentication import CurrentPrincipal


class UnitOfWork:
    """The transaction of one request; begun when a session is first asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._exits = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._claimed: tuple[Principal, str] | None = None

    async def begin(self, district: str) -> AsyncSession:
        """The request's session in the district; the same one each time."""
        if self._session is None:
            self._session = await self._exits.enter_async_context(self._database.session(district))
        return self._session

    async def claim(self, request: Request, principal: Principal, key: str) -> None:
        """Take the caller's idempotency key within this transaction, once."""
        if self._claimed is None:
            session = await self.begin(principal.district)
            await idempotency.claim(
                session,
                district=principal.district,
                subject=principal.subject,
                key=key,
                seen=await idempotency.fingerprint(request),
            )
            self._claimed = (principal, key)

    async def commit(self, response: Response) -> None:
        """Remember the answer under its key, and commit."""
        if self._session is None:
            return
        if self._claimed is not None:
            principal, key = self._claimed
            await idempotency.remember(
                self._session,
                district=principal.district,
                subject=principal.subject,
                key=key,
                response=response,
            )
        await self._session.commit()

    async def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        await self._exits.aclose()


class UnitOfWorkRoute(APIRoute):
    """A route whose changes are committed only when its answer is ready, and all or none.

    An endpoint that raises changes nothing. One that returns — also an OAuth error answer — has
    its changes committed before the first byte is sent.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler in the unit of work."""
        handle = super().get_route_handler()
        if self.methods == {"GET"}:
            return handle

        async def handle_in_transaction(request: Request) -> Response:
            unit = UnitOfWork(request.app.state.database)
            request.state.unit_of_work = unit
            try:
                response = await handle(request)
                await unit.commit(response)
                return response
            except idempotency.Replayed as replayed:
                return replayed.response
            finally:
                await unit.close()

        return handle_in_transaction


async def _write_session(
    request: Request,
    principal: CurrentPrincipal,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=idempotency.MAX_LENGTH,
            description="The same key and content give the first answer again.",
        ),
    ] = None,
) -> AsyncSession:
    unit: UnitOfWork = request.state.unit_of_work
    if idempotency_key is not None:
        await unit.claim(request, principal, idempotency_key)
    return await unit.begin(principal.district)


WriteSession = Annotated[AsyncSession, Depends(_write_session)]
