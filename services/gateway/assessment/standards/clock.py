"""The day by which a standard goes, with all that is asked, visited, found and rewarded by it: the
calendar's for a real one, that of a clock of its own for a demonstration."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.gateway.assessment.standards.models import Standard
from shared.audit.record import record
from shared.kernel.clock import start_of
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act

NOON = timedelta(hours=12)


async def by_clock_of(act: Act, standard_id: UUID | None) -> Act:
    """The act on the standard's day; at noon of it where the standard has a clock of its own."""
    query = select(Standard.demo_today).where(Standard.id == standard_id)
    day = await act.session.scalar(query)
    return act if day is None else replace(act, today=day, now=start_of(day) + NOON)


def first_clock(
    earlier: Any, demo_today: date | None, *, allowed: bool
) -> tuple[bool, date | None]:
    """Whether the next version of a standard is a demonstration, and its day; `earlier` is the
    latest version, None for a new standard. Versions of a standard go by one clock.

    Raises Invalid where demonstrations are switched off, or the standard has a version already.
    """
    if demo_today is not None and not allowed:
        raise Invalid(issues=(_NO_DEMONSTRATIONS,))
    if earlier is None:
        return demo_today is not None, demo_today
    if demo_today is not None:
        raise Invalid(issues=(_CLOCK_OF_ITS_OWN,))
    return earlier.demo, earlier.demo_today


async def set_demo_clock(act: Act, versions: Sequence[Standard], today: date | None) -> None:
    """Move the clock of a demonstration's locked versions forward; without a day, let it go by the
    calendar from now on, which it does not leave again. `act` is on the calendar's day.

    Raises Conflict for what goes by the calendar, Invalid for a day before, and for going by the
    calendar while the clock is ahead of it.
    """
    before = versions[-1].demo_today
    if before is None:
        raise Conflict(code="no_demonstration", detail=_BY_THE_CALENDAR)
    if (today or act.today) < before:
        raise Invalid(issues=(_backwards(before, to_calendar=today is None),))
    for one in versions:
        one.demo_today = today
        one.version += 1
    await act.session.flush()
    await record(
        act.session, act.actor, "assessment_standard.demo_clock_moved",
        ("assessment_standard", versions[-1].id),
        before={"demo_today": str(before)}, after={"demo_today": str(today) if today else None},
    )  # fmt: skip


def _backwards(stands_at: date, *, to_calendar: bool) -> Issue:
    remedy = Text(zh=f"请填写 {stands_at} 或以后的日期。", en=f"Give {stands_at} or a later day.")
    if to_calendar:
        remedy = Text(
            zh=f"演示时钟比系统日期快，须到 {stands_at} 才能改按系统日期办理。",
            en=f"The clock is ahead of the calendar, which can take over from {stands_at} on.",
        )
    return Issue(
        code="clock_backwards",
        pointer="/today",
        detail=Text(
            zh=f"演示时钟已到 {stands_at}，只能向后拨。",
            en=f"The clock stands at {stands_at} and only goes forward.",
        ),
        remedy=remedy,
    )


_BY_THE_CALENDAR = Text(
    zh="该标准以系统日期为准，没有演示时钟。",
    en="This standard goes by the calendar and has no clock of its own.",
)
_NO_DEMONSTRATIONS = Issue(
    code="no_demonstrations",
    pointer="/demo_today",
    detail=Text(
        zh="本平台未开启演示考核。", en="Demonstrations of the assessment are switched off here."
    ),
    remedy=Text(zh="请去掉 demo_today，按真实日期办理。", en="Leave `demo_today` out."),
)
_CLOCK_OF_ITS_OWN = Issue(
    code="standard_has_versions",
    pointer="/demo_today",
    detail=Text(
        zh="该代码的标准已有版本，新版本沿用其时钟。",
        en="The standard has a version already, whose clock the next one goes by.",
    ),
    remedy=Text(
        zh="请去掉 demo_today，或换一个标准代码。",
        en="Leave `demo_today` out, or use another code.",
    ),
)
