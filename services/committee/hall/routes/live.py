"""The stream of a live sitting (server-sent events)."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from sqlalchemy import select
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.committee.hall import access
from services.committee.hall.live import Live
from services.committee.hall.models.talk import Sitting
from services.committee.hall.streaming import OVER, told_after
from shared.db.database import Database
from shared.kernel.errors import NotFound
from shared.web.authentication import PublicDistrict, open_to_all

router = APIRouter(prefix="/v1/committee/hall/live", tags=["hall"])
_EXAMPLE = 'id: 7\nevent: opinion\ndata: {"matter_id":"…","speaker":"resident","body":"…"}\n\n'


@router.get(
    "/{id}",
    operation_id="hall_live",
    dependencies=[open_to_all(access.READ)],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"example": _EXAMPLE}}},
        204: {"description": "已全部收到，会议已结束 / All was told and the sitting is over"},
    },
)
async def live(
    id: UUID,
    request: Request,
    district: PublicDistrict,
    last_event_id: Annotated[
        str | None,
        Header(max_length=20, description="Sent by the browser when it comes back"),
    ] = None,
    after: Annotated[
        int, Query(ge=0, le=2**31 - 1, description="Only what was told after this number")
    ] = 0,
) -> Response:
    """What a sitting tells: opinion, vote, agenda, deferral, resolution, hidden, shown, state — first what
    was told after `Last-Event-ID`, then each as it comes, until the sitting is over. 议事会直播。"""
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
        after = min(int(last_event_id), 2**31 - 1)
    listening: Live = request.app.state.live
    database: Database = request.app.state.database
    listener = listening.join(district, id)
    try:
        # From the primary: a replica may lag behind what the listener has just been told of.
        async with database.transaction(district) as session:
            state = await session.scalar(select(Sitting.state).where(Sitting.id == id))
            if state is None:
                raise NotFound
            stored = await told_after(session, id, after)
    except BaseException:
        listening.leave(district, id, listener)
        raise
    if state in OVER and not stored:
        listening.leave(district, id, listener)
        return Response(status_code=204)
    return _Stream(
        listening.frames(listener, stored, after, over=state in OVER),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
        leave=lambda: listening.leave(district, id, listener),
    )


class _Stream(StreamingResponse):
    """A stream that is left however it ends, also when its client has gone before it began."""

    def __init__(self, *content: Any, leave: Callable[[], None], **options: Any) -> None:
        super().__init__(*content, **options)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()
