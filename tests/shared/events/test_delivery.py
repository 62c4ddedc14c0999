"""Events between services: once, in order, and never of an act that did not happen."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.db.database import Database
from shared.events import delivery
from shared.events.delivery import Receiver, deliver_due, pause_after
from shared.events.outbox import emit
from tests.support.databases import Databases


class Ledger:
    """A receiver that writes what it hears into a table of its own schema: the audit, which it
    may only add to."""

    def __init__(self, database: Database) -> None:
        self.failing: set[str] = set()
        self.heard: list[CloudEvent] = []
        self.receiver = Receiver("committee", database, {COMMUNITY_RECORDED: self._handle})

    async def _handle(self, session: AsyncSession, district: str, event: CloudEvent) -> None:
        data: Any = event.get_data()
        await session.execute(
            text(
                "INSERT INTO audit_event (district, id, actor_kind, action, subject_kind, "
                "subject_id, request_id) VALUES (:district, gen_random_uuid(), 'platform', "
                "'heard', :subject, :n, '')"
            ),
            {"district": district, "subject": event.get_subject(), "n": str(data["n"])},
        )
        if event.get_subject() in self.failing:
            raise RuntimeError("the receiver cannot take this in")
        self.heard.append(event)

    async def effects(self, district: str, subject: str) -> list[int]:
        """What took effect of a subject, in order."""
        async with self.receiver.database.read(district) as session:
            rows = await session.execute(
                text(
                    "SELECT subject_id FROM audit_event WHERE subject_kind = :subject "
                    "ORDER BY at, subject_id::int"
                ),
                {"subject": subject},
            )
            return [int(row.subject_id) for row in rows]


@pytest.fixture
async def ledger(databases: Databases) -> AsyncIterator[Ledger]:
    """A receiver with connections of its own."""
    database = databases.database("committee")
    yield Ledger(database)
    await database.close()


async def _emit(database: Database, district: str, subject: str, *numbers: int) -> None:
    for number in numbers:
        async with database.transaction(district) as session:
            await emit(
                session,
                district=district,
                type=COMMUNITY_RECORDED,
                subject=subject,
                data={"n": number},
            )


async def _make_due(database: Database, district: str) -> None:
    async with database.transaction(district) as session:
        await session.execute(text("UPDATE outbox_delivery SET due_at = now()"))


async def test_an_event_is_told_only_if_what_it_tells_was_committed(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with workstation_database.transaction(district) as session:
            await emit(
                session, district=district, type=COMMUNITY_RECORDED, subject="a", data={"n": 1}
            )
            raise RuntimeError("no")
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert await ledger.effects(district, "a") == []
    await _emit(workstation_database, district, "a", 2)
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert await ledger.effects(district, "a") == [2]


async def test_an_event_is_a_cloudevent_of_its_service(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    await _emit(workstation_database, district, "community/1", 1)
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    [event] = ledger.heard
    assert (event.get_source(), event.get_specversion()) == ("/workstation", "1.0")
    assert (event.get_type(), event.get_subject()) == (COMMUNITY_RECORDED, "community/1")


async def test_a_subjects_events_arrive_in_order_whoever_delivers_them(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    await _emit(workstation_database, district, "a", *range(15))
    await asyncio.gather(
        *(
            deliver_due("workstation", workstation_database, ledger.receiver, district)
            for _ in range(4)
        )
    )
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert [int(event.get_data()["n"]) for event in ledger.heard] == list(range(15))  # type: ignore[index,call-overload]
    assert len(await ledger.effects(district, "a")) == 15


async def test_delivered_again_an_event_has_no_second_effect(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    await _emit(workstation_database, district, "a", 1)
    for _ in range(2):
        await deliver_due("workstation", workstation_database, ledger.receiver, district)
        async with workstation_database.transaction(district) as session:  # as if it never ended
            await session.execute(text("UPDATE outbox_delivery SET delivered_at = NULL"))
    assert await ledger.effects(district, "a") == [1]


async def test_without_the_inbox_it_would_have_one(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    await _emit(workstation_database, district, "a", 1)
    for _ in range(2):
        await deliver_due("workstation", workstation_database, ledger.receiver, district)
        async with workstation_database.transaction(district) as session:
            await session.execute(text("UPDATE outbox_delivery SET delivered_at = NULL"))
        async with ledger.receiver.database.transaction(district) as session:
            await session.execute(text("DELETE FROM inbox_event"))
    assert await ledger.effects(district, "a") == [1, 1]


async def test_a_failure_leaves_nothing_behind_and_holds_back_its_own_subject_only(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    await _emit(workstation_database, district, "bad", 1, 2)
    await _emit(workstation_database, district, "good", 1, 2)
    ledger.failing = {"bad"}
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert await ledger.effects(district, "bad") == []
    assert await ledger.effects(district, "good") == [1, 2]
    async with workstation_database.read(district) as session:
        kept = (
            await session.execute(
                text(
                    "SELECT attempts, last_error, due_at > now() AS later FROM outbox_delivery "
                    "WHERE subject = 'bad' ORDER BY position LIMIT 1"
                )
            )
        ).one()
    assert (kept.attempts, kept.later) == (1, True)
    assert "cannot take this in" in kept.last_error
    ledger.failing = set()
    await _make_due(workstation_database, district)
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert await ledger.effects(district, "bad") == [1, 2]


async def test_an_event_stays_in_its_district(
    workstation_database: Database, ledger: Ledger, district: str
) -> None:
    await _emit(workstation_database, district, "a", 1)
    await deliver_due("workstation", workstation_database, ledger.receiver, "999996")
    assert ledger.heard == []
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert await ledger.effects("999996", "a") == []
    assert await ledger.effects(district, "a") == [1]


def test_pauses_double_up_to_ten_minutes() -> None:
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 10, 11, 500)] == [
        1,
        2,
        4,
        512,
        600,
        600,
    ]


async def test_without_the_row_lock_two_deliverers_would_take_one_event(
    workstation_database: Database,
    ledger: Ledger,
    district: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The inbox then still keeps the effect single: two guards, each seen at work."""
    await _emit(workstation_database, district, "a", 1)
    taken: list[str] = []
    original = delivery._take_in

    async def slow(source: str, receiver: Receiver, where: str, event: Any) -> None:
        taken.append(str(event.id))
        if len(taken) == 1:
            await deliver_due("workstation", workstation_database, receiver, where)
        await original(source, receiver, where, event)

    monkeypatch.setattr(delivery, "_take_in", slow)
    await deliver_due("workstation", workstation_database, ledger.receiver, district)
    assert len(taken) == 1  # the second deliverer found the row locked
    assert await ledger.effects(district, "a") == [1]
