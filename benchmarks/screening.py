"""Screening of a year's inspection requests, and the statements that one submission takes.

    python -m benchmarks.screening [--requests 40] [--communities 83] [--items 30]

Each request asks for all items in all communities; a third of the items is held by the ledger.
First the pure function, then whole submissions on a real database with every verdict kept.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.models import Community
from services.gateway.admission.public import communities as communities_of
from services.gateway.assessment.ledger import CoveredCommunity, Ledger
from services.gateway.assessment.requests import applying, repository, submitting
from services.gateway.assessment.requests.screening import Held, Known, screen
from services.gateway.assessment.standards.domain import Item, ItemKind, Verification
from services.gateway.assessment.standards.models import Standard, StandardItem
from services.gateway.assessment.standards.repository import items_of
from services.gateway.identity.public import Department
from services.gateway.rulebook import RULES
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.rulebook.calendar import working_days
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook
from tests.support.databases import Databases, migrated_server

DISTRICT = "421002"
TODAY = date(2026, 3, 2)
RULEBOOK = Rulebook.from_files(*COMMON, *RULES)
ACTOR = Actor.platform(DISTRICT)


@dataclass(frozen=True, slots=True)
class LedgerInMemory(Ledger):
    """A ledger that holds an entry of every element for every community, and takes no time."""

    communities: Collection[UUID] = field(default_factory=tuple)

    async def coverage(
        self, elements: Collection[str], on: date
    ) -> dict[tuple[str, UUID], CoveredCommunity]:
        """Everything."""
        return {
            (element, place): CoveredCommunity(community_id=place, entry_id=place, valid_until=on)
            for element in elements
            for place in self.communities
        }


async def district(session: AsyncSession, communities: int, items: int) -> list[UUID]:
    """Communities, a department, and a standard in force; the communities' ids."""
    places = [new_id() for _ in range(communities)]
    street = new_id()
    session.add_all(
        Community(
            district=DISTRICT, id=id, code=f"C{at:03d}", name=f"社区{at}", kind="urban",
            state="active", street_id=street, street_name="解放街道",
        )
        for at, id in enumerate(places)
    )  # fmt: skip
    session.add(Department(district=DISTRICT, id=new_id(), code="health", name="卫生健康局"))
    standard = Standard(
        district=DISTRICT, id=new_id(), code="unified", number=1, title="统一标准", basis="",
        draft=[], state="published", published_on=TODAY, document="文", demo=False, version=1,
    )  # fmt: skip
    session.add(standard)
    await session.flush()
    for at in range(items):
        in_ledger = at % 3 == 0
        item = Item(
            code=f"A{at}", title=f"项目{at}", subject="综合治理", kind=ItemKind.BOOLEAN,
            weight=100, zero_at=0, full_at=1,
            verification=Verification.LEDGER if in_ledger else Verification.ON_SITE,
            element=f"element{at}" if in_ledger else None,
            two_person=False, veto=False, validity_days=180, legal_basis="",
        )  # fmt: skip
        id = new_id()
        session.add(
            StandardItem(
                district=DISTRICT, id=id, origin_id=id, standard_id=standard.id, position=at,
                **asdict(item),
            )
        )  # fmt: skip
    await session.flush()
    return places


def asked(number: int, items: int) -> dict[str, Any]:
    """The values of a request for some items everywhere."""
    return {
        "reference": f"R{number}-{items}",
        "title": "检查",
        "kind": "inspection",
        "comprehensive": False,
        "level": "district",
        "legal_basis": "依据",
        "standard_id": None,
        "items": [
            {"code": f"A{at}", "veto": False, "material": False, "legal_basis": ""}
            for at in range(items)
        ],
        "targets": {"communities": [], "kinds": [], "streets": []},
        "starts_on": TODAY + timedelta(days=21 + number * 8),
        "ends_on": TODAY + timedelta(days=35 + number * 8),
        "minutes_on_site": 60,
        "inspectors_per_day": 4,
        "team": "",
    }


async def pure(database: Database, requests: int, items: int, ledger: LedgerInMemory) -> float:
    """Seconds for the pure function over all requests."""
    async with database.transaction(DISTRICT) as session:
        made = await applying.draft(session, ACTOR, await _department(session), asked(0, items))
        facts = repository.facts_of(made)
        unified = await items_of(session, made.standard_id) if made.standard_id else []
        resolved = await repository.resolved(
            session, made.department_id, unified, {one.code for one in facts.items}
        )
        covered = await ledger.coverage(
            {one.item.element for one in unified if one.item.element}, TODAY
        )
        known = Known(
            await communities_of(session),
            resolved,
            entries={key: Held(one.entry_id, one.valid_until) for key, one in covered.items()},
        )
    began = time.perf_counter()
    for _ in range(requests):
        screen(
            facts,
            known,
            rule=lambda key: RULEBOOK.lookup(key, DISTRICT, TODAY),
            calendar=working_days(RULEBOOK, DISTRICT, TODAY),
            earliest=TODAY,
            today=TODAY,
        )
    return time.perf_counter() - began


async def _department(session: AsyncSession) -> Department:
    return (await session.scalars(select(Department))).one()


async def submitted(
    database: Database, numbers: range, items: int, ledger: LedgerInMemory
) -> tuple[float, int]:
    """Seconds for submitting requests one after another, and the statements of the last."""
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    engine = database._writing.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    began = time.perf_counter()
    for number in numbers:
        async with database.transaction(DISTRICT) as session:
            made = await applying.draft(
                session, ACTOR, await _department(session), asked(number, items)
            )
            statements = 0
            await submitting.submit(
                session, ACTOR, made, ledger,
                by=[Role.DEPARTMENT], rulebook=RULEBOOK, today=TODAY,
            )  # fmt: skip
            assert made.state == "with_leading_group", made.screening
    event.remove(engine, "before_cursor_execute", count)
    return time.perf_counter() - began, statements


async def measure(databases: Databases, requests: int, communities: int, items: int) -> None:
    """Print it."""
    async with AsyncExitStack() as exits:
        database = databases.database("gateway")
        exits.push_async_callback(database.close)
        async with database.transaction(DISTRICT) as session:
            places = await district(session, communities, items)
        ledger = LedgerInMemory(None, "", "", "", communities=places)  # type: ignore[arg-type]
        pairs = requests * communities * items
        seconds = await pure(database, requests, items, ledger)
        print(f"pure: {pairs} verdicts in {seconds:.2f} s, {pairs / seconds:,.0f}/s")
        few, statements_few = await submitted(database, range(1), 1, ledger)
        whole, statements = await submitted(database, range(1, requests + 1), items, ledger)
        print(
            f"kept: {pairs} verdicts in {whole:.2f} s, {whole / requests * 1000:.0f} ms a request"
        )
        print(f"statements of a submission: 1 item {statements_few}, {items} items {statements}")
        print(f"time of a submission, {items} items : 1 item = {whole / requests / few:.1f}")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--communities", type=int, default=83)
    parser.add_argument("--items", type=int, default=30)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="shequ-bench-") as folder,
        migrated_server(Path(folder)) as databases,
    ):
        asyncio.run(measure(databases, options.requests, options.communities, options.items))


if __name__ == "__main__":
    main()
