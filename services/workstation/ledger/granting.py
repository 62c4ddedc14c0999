"""Write use cases of grants, and the log of what departments read by them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import repository
from services.workstation.ledger.domain import Element
from services.workstation.ledger.grant_repository import Right
from services.workstation.ledger.models import LedgerElement, LedgerGrant, LedgerRead
from services.workstation.ledger.recording import element_unknown
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.db.database import Database
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.rulebook.rule import RuleValue


async def grant(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    values: Mapping[str, Any],
    *,
    most_days: RuleValue,
    today: date,
) -> list[UUID]:
    """Let a department read elements for a purpose until a day; the grants' ids. Raises Invalid
    for unknown elements or days out of range, NotFound for elements that are another's to give."""
    codes = list(dict.fromkeys(values["elements"]))
    found = await repository.elements_by_code(session, codes)
    starts_on = values["starts_on"] or today
    issues = [
        element_unknown(code, f"/elements/{at}")
        for at, code in enumerate(codes)
        if code not in found
    ]
    issues += _day_issues(starts_on, values["ends_on"], most_days, today)
    if issues:
        raise Invalid(issues=issues)
    if not reach.whole_district and any(not _own(reach, one) for one in found.values()):
        raise NotFound
    made = []
    for code in codes:
        row = LedgerGrant(
            district=actor.district,
            id=new_id(),
            department_id=values["department_id"],
            element_id=found[code].id,
            purpose=values["purpose"],
            starts_on=starts_on,
            ends_on=values["ends_on"],
            granted_by=actor.id,
            version=1,
        )
        session.add(row)
        made.append(row.id)
        told = {
            "element": code,
            "department": str(row.department_id),
            "purpose": row.purpose,
            "ends_on": row.ends_on.isoformat(),
        }
        await record(session, actor, "ledger_grant.granted", ("ledger_grant", row.id), after=told)
    await session.flush()
    return made


def _own(reach: Reach, element: Element) -> bool:
    return element.owner_department_id in reach.departments


def _day_issues(starts_on: date, ends_on: date, most: RuleValue, today: date) -> list[Issue]:
    last = starts_on + timedelta(days=most.integer())
    if max(starts_on, today) <= ends_on <= last:
        return []
    return [
        Issue(
            code="grant_days_out_of_range",
            pointer="/ends_on",
            detail=Text(
                zh=f"授权期限须从 {max(starts_on, today)} 起、最迟到 {last} 止。",
                en=f"A grant ends between {max(starts_on, today)} and {last}.",
            ),
            remedy=Text(
                zh="请更正截止日期；到期后可重新授权。",
                en="Mend the last day; it can be granted again.",
            ),
            rules=(most.applied,),
        )
    ]


async def revoke(
    session: AsyncSession, actor: Actor, reach: Reach, id: UUID, *, reason: str, today: date
) -> None:
    """End a grant from today on. Raises NotFound when it is not the caller's to end, Conflict when
    it has ended."""
    found = await session.scalar(select(LedgerGrant).where(LedgerGrant.id == id).with_for_update())
    if found is None:
        raise NotFound
    owner = await session.scalar(
        select(LedgerElement.owner_department_id).where(LedgerElement.id == found.element_id)
    )
    if not reach.whole_district and owner not in reach.departments:
        raise NotFound
    if found.revoked_on is not None or found.ends_on < today:
        raise Conflict(
            code="grant_ended",
            detail=Text(zh="该授权已经终止或到期。", en="The grant has ended already."),
        )
    found.revoked_on, found.revoked_because = today, reason
    found.version += 1
    await session.flush()
    await record(
        session, actor, "ledger_grant.revoked", ("ledger_grant", id), after={"reason": reason}
    )


@dataclass(frozen=True, slots=True)
class Read:
    """What a department was shown: rows with `element_id` and `community_id`, and the filters."""

    rows: Collection[Any]
    asked: Collection[UUID]
    filters: Mapping[str, Any]


async def log_read(
    database: Database, actor: Actor, rights: Mapping[UUID, Right], read: Read
) -> None:
    """Log which elements were read by right, before they are shown: in a transaction of its own,
    since a read may come from a replica. Elements that were asked for count even without rows."""
    shown = Counter(row.element_id for row in read.rows)
    wanted = sorted({*read.asked, *shown} & rights.keys())
    if not wanted:
        return
    async with database.transaction(actor.district) as session:
        session.add_all(
            LedgerRead(
                district=actor.district,
                id=new_id(),
                element_id=element,
                department_id=rights[element].department_id,
                grant_id=rights[element].grant_id,
                purpose=rights[element].purpose,
                reader=actor.id,
                reader_kind=actor.kind,
                filters=dict(read.filters),
                communities=_communities(row for row in read.rows if row.element_id == element),
                rows=shown[element],
            )
            for element in wanted
        )


def _communities(rows: Iterable[Any]) -> list[UUID]:
    return sorted({row.community_id for row in rows})
