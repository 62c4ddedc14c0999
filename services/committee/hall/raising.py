"""Write use cases of raising: raise, change, withdraw, support; accept, decline."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.committee.hall import limits, repository, searching
from services.committee.hall.domain import ENDED, MATTER, OPEN, Channel, MatterState
from services.committee.hall.models.matters import Matter, Raiser, Support
from services.committee.hall.publishing import publishable
from services.committee.hall.words import pairs
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.auth.principal import Role
from shared.kernel.errors import Conflict, Forbidden, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.similarity import similarity
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
STAFF = frozenset({Role.COMMITTEE_MEMBER, Role.WORKSTATION_STAFF})
_CHANGEABLE = {MatterState.RAISED, MatterState.ACCEPTED}


def unnamed(act: Act) -> Act:
    """The same act without who does it: what who raised a matter does with it is recorded as
    theirs and never under their name, so that an anonymous one stays so."""
    return replace(act, actor=Actor(district=act.actor.district, kind="raiser"))


async def raise_matter(
    act: Act,
    reach: Reach,
    *,
    community_id: UUID,
    channel: Channel,
    anonymous: bool,
    contact: Mapping[str, str | None],
    texts: Mapping[str, str],
    category: str,
    mask: bool,
) -> Matter:
    """Raise a matter. Residents raise their own on the web; staff write down who came or called.

    Raises NotFound out of reach, Invalid for personal data in its text or the wrong channel,
    TooMany, and Conflict when the same person raised the same before.
    """
    place = await repository.place_of(act.session, community_id)
    reach.require(place)
    entered = channel is not Channel.WEB
    if entered and not act.holds_at(place, STAFF):
        raise Invalid(issues=(_channel_of_staff(),))
    published = publishable(texts, mask=mask)
    account = None if entered else act.actor.id
    if account is not None:
        await limits.count_against(act, account, limits.RAISING)
        await _require_not_repeated(act, account, published)
    matter = Matter(
        district=act.actor.district,
        id=new_id(),
        community_id=community_id,
        code=f"{act.today:%y%m%d}-{''.join(secrets.choice(_SIGNS) for _ in range(6))}",
        **published,
        category=category,
        channel=channel.value,
        anonymous=anonymous,
        state=MatterState.RAISED.value,
        due_on=_first_answer(act),
        pair_count=len(pairs(" ".join(published.values()))),
        raised_at=act.now,
    )
    act.session.add(matter)
    await act.session.flush()
    act.session.add(
        Raiser(
            district=matter.district,
            matter_id=matter.id,
            account_id=account,
            entered_by=act.actor.id if entered else None,
            name=contact.get("name"),
            phone=contact.get("phone"),
        )
    )
    await searching.index(act.session, [matter])
    await record(
        act.session,
        act.actor if entered else unnamed(act).actor,
        "matter.raised",
        ("matter", matter.id),
        after={"code": matter.code, "channel": matter.channel, "category": matter.category},
    )
    return matter


async def change(
    act: Act, reach: Reach, id: UUID, values: Mapping[str, Any], *, mask: bool, expected: Any
) -> Matter:
    """Mend one's own matter before it is dealt with. Raises Conflict later on."""
    matter, act = await own(act, reach, id)
    expected(matter.version)
    if matter.state not in _CHANGEABLE:
        raise Conflict(
            code="matter_not_changeable",
            detail=Text(
                zh=f"当前状态是“{MATTER.states[matter.state].zh}”，不能再修改；可以发表意见补充。",
                en=f"The matter is “{MATTER.states[matter.state].en}” and cannot be changed any "
                "more. Add to it with a comment.",
            ),
        )
    texts = {name: values[name] for name in ("title", "content", "place") if name in values}
    stored = {**values, **publishable(texts, mask=mask)}
    for name, value in stored.items():
        setattr(matter, name, value)
    matter.pair_count = len(pairs(f"{matter.title} {matter.content} {matter.place}"))
    matter.version += 1
    await act.session.flush()
    await searching.index(act.session, [matter], anew=True)
    await record(
        act.session, act.actor, "matter.changed", ("matter", matter.id),
        after={"fields": sorted(stored)},
    )  # fmt: skip
    return matter


async def own(act: Act, reach: Reach, id: UUID) -> tuple[Matter, Act]:
    """A locked matter for who raised it, or for staff who write down the word of somebody without
    an account; and the act as it is recorded. Raises Forbidden for everybody else."""
    matter = await repository.locked(act.session, reach, id)
    raiser = await repository.raiser_of(act.session, matter)
    if raiser.account_id is not None and raiser.account_id == act.actor.id:
        return matter, unnamed(act)
    place = await repository.place_of(act.session, matter.community_id)
    if raiser.account_id is None and act.holds_at(place, STAFF):
        return matter, act
    raise Forbidden(
        code="not_the_raiser",
        detail=Text(
            zh="此事项须由说事人本人办理。您可以附议或发表意见。",
            en="Only who raised the matter may do this. You may support it or comment.",
        ),
    )


async def step(
    act: Act,
    matter: Matter,
    action: str,
    *,
    reason: str | None = None,
    told: Mapping[str, Any] | None = None,
    by_platform: bool = False,
    due_on: Any = None,
) -> None:
    """Take a step of a locked matter; reminders begin anew with it."""
    matter.reminded_at = matter.overdue_at = None
    await take(
        act.session, act.actor, MATTER, matter, action,
        by=None if by_platform else act.roles, rulebook=act.rulebook, today=act.today,
        reason=reason, told=told, due_on=due_on,
    )  # fmt: skip


async def withdraw(act: Act, reach: Reach, id: UUID) -> Matter:
    """Take one's own matter back."""
    matter, act = await own(act, reach, id)
    await step(act, matter, "withdrawal")
    return matter


async def accept(act: Act, reach: Reach, id: UUID, category: str | None) -> Matter:
    """Accept a matter, classified; that is its first answer."""
    matter = await repository.locked(act.session, reach, id)
    matter.category = category or matter.category
    matter.first_answered_at = matter.first_answered_at or act.now
    await step(act, matter, "acceptance", told={"category": matter.category})
    return matter


async def decline(act: Act, reach: Reach, id: UUID, reason: str, *, mask: bool) -> Matter:
    """Decline a matter with a reason, which is its result: who raised it judges it as any other,
    and may have it reopened."""
    matter = await repository.locked(act.session, reach, id)
    reason = publishable({"reason": reason}, mask=mask)["reason"]
    MATTER.step(matter.state, "declining", by=act.roles, reason=reason)
    matter.first_answered_at = matter.first_answered_at or act.now
    matter.result, matter.resulted_at = reason, act.now
    await step(act, matter, "declining", reason=reason)
    return matter


async def support(act: Act, reach: Reach, id: UUID, *, withdrawn: bool = False) -> Matter:
    """Support a matter, or no longer. Raises Conflict for one's own, or one that has ended."""
    matter = await repository.locked(act.session, reach, id)
    raiser = await repository.raiser_of(act.session, matter)
    assert act.actor.id is not None
    if raiser.account_id == act.actor.id:
        raise Conflict(
            code="own_matter",
            detail=Text(zh="自己说的事不必附议。", en="One's own matter needs no support."),
        )
    if not withdrawn and matter.state in ENDED:
        raise ended(matter)
    value = act.now if withdrawn else None
    await act.session.execute(
        insert(Support)
        .values(
            district=matter.district,
            matter_id=matter.id,
            account_id=act.actor.id,
            withdrawn_at=value,
        )
        .on_conflict_do_update(
            index_elements=[Support.district, Support.matter_id, Support.account_id],
            set_={"withdrawn_at": value},
        )
    )
    await repository.count_supporters(act.session, matter)
    await record(
        act.session,
        Actor(district=matter.district, kind="supporter"),
        "matter.support_withdrawn" if withdrawn else "matter.supported",
        ("matter", matter.id),
    )
    return matter


def _first_answer(act: Act) -> Any:
    days = act.rulebook.lookup("hall.first_answer_working_days", act.actor.district, act.today)
    return limit_day(act.rulebook, act.actor.district, act.today, days.integer())


async def _require_not_repeated(act: Act, account: UUID, texts: Mapping[str, str]) -> None:
    rule = act.rulebook.lookup("hall.repeated_share", act.actor.district, act.today)
    rows = await act.session.execute(
        select(Matter.code, Matter.title, Matter.content)
        .join(Raiser, (Raiser.district == Matter.district) & (Raiser.matter_id == Matter.id))
        .where(Raiser.account_id == account, Matter.state.in_([state.value for state in OPEN]))
    )
    said = texts["title"] + texts["content"]
    for row in rows:
        if similarity(said, row.title + row.content) >= rule.fraction():
            raise Conflict(
                code="matter_repeated",
                detail=Text(
                    zh=f"您已提出过相同的事项（{row.code}），正在办理中。可以在那里补充意见。",
                    en=f"You raised the same before ({row.code}) and it is being dealt with. Add "
                    "to it there.",
                ),
                rules=(rule.applied,),
            )


def ended(matter: Matter) -> Conflict:
    """Why nothing can be done with a matter any more."""
    state = MATTER.states[matter.state]
    into = f" → {matter.merged_into}" if matter.merged_into else ""
    return Conflict(
        code="matter_ended",
        detail=Text(
            zh=f"该事项“{state.zh}”{into}，不能再进行此操作。",
            en=f"The matter is “{state.en}”{into}; this cannot be done any more.",
        ),
    )


def _channel_of_staff() -> Issue:
    return Issue(
        code="channel_of_staff",
        pointer="/channel",
        detail=Text(
            zh="电话和当面说事由工作人员代为登记。",
            en="Matters raised by phone or in person are written down by staff.",
        ),
        remedy=Text(zh="请填写 web。", en="Give `web`."),
    )
