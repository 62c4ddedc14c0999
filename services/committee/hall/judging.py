"""Write use cases of judgement: rate, reopen once, and closing when nobody judges."""

from uuid import UUID

from services.committee.hall.domain import MATTER
from services.committee.hall.models.matters import Matter, Rating
from services.committee.hall.publishing import publishable
from services.committee.hall.raising import own, step
from shared.auth.policy import Reach
from shared.kernel.clock import day_of
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.rulebook.calendar import limit_day


async def rate(
    act: Act, reach: Reach, id: UUID, *, score: int, word: str | None, mask: bool
) -> Matter:
    """Judge a result, which closes the matter by the word of who raised it; staff write down the
    word of somebody without an account."""
    asked = act
    matter, act = await own(asked, reach, id)
    text = publishable({"word": word}, mask=mask).get("word")
    MATTER.step(matter.state, "rating", by=act.roles, reason=None)
    matter.closed_by, matter.closed_at = "word", act.now
    await step(act, matter, "rating", told={"score": score})
    act.session.add(
        Rating(
            district=matter.district,
            id=new_id(),
            matter_id=id,
            round=2 if matter.reopened else 1,
            score=score,
            word=text,
            entered=act is asked,
            at=act.now,
        )
    )
    await act.session.flush()
    return matter


async def reopen(act: Act, reach: Reach, id: UUID, reason: str, *, mask: bool) -> Matter:
    """Have one's own matter dealt with again, once, with a reason that all can read. Raises
    Conflict the second time, and when the rule's days have passed."""
    matter, act = await own(act, reach, id)
    text = publishable({"reason": reason}, mask=mask)["reason"]
    MATTER.step(matter.state, "reopening", by=act.roles, reason=text)
    if matter.reopened:
        raise Conflict(
            code="reopened_before",
            detail=Text(
                zh="每件事只能重开一次。如仍未解决，请提出新的事项并注明本事项编号。",
                en="A matter is reopened once. Raise a new one and name this one's code in it.",
            ),
        )
    rule = act.rulebook.lookup("hall.reopen_working_days", matter.district, act.today)
    if matter.closed_at is not None:
        last = limit_day(act.rulebook, matter.district, day_of(matter.closed_at), rule.integer())
        if last < act.today:
            raise Conflict(
                code="reopening_too_late",
                detail=Text(
                    zh=f"办结后 {rule.integer()} 个工作日内可以重开，已于 {last} 截止。请提出新的事项。",
                    en=f"It could be reopened for {rule.integer()} working days, until {last}. "
                    "Raise a new matter.",
                ),
                rules=(rule.applied,),
            )
    matter.reopened = True
    matter.closed_by = matter.closed_at = None
    await step(act, matter, "reopening", reason=text)
    return matter


async def lapse(act: Act, matter: Matter) -> None:
    """Close a locked matter whose result nobody judged in the rule's days."""
    matter.closed_by, matter.closed_at = "limit", act.now
    await step(act, matter, "lapse", by_platform=True)
