"""The day that a reader asks about."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request

from shared.kernel.clock import Clock


async def _day(
    request: Request,
    on: Annotated[
        date | None, Query(description="As of that day; today (Asia/Shanghai) if left out")
    ] = None,
) -> date:
    clock: Clock = request.app.state.clock
    return on or clock.today()


Day = Annotated[date, Depends(_day)]
"""`?on=`, a civil date; today when left out."""
