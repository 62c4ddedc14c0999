"""Which communities the joint visits have to serve: approved requests', as last submitted."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.gateway.assessment.requests.models import Request, RequestTarget
from services.gateway.assessment.requests.public import pairs_to_visit
from shared.db.database import Database
from shared.kernel.ids import new_id

TODAY = date(2026, 3, 2)


@pytest.fixture
async def places(gateway_database: Database, district: str) -> dict[str, UUID]:
    """A department and two communities of a street."""
    ids = {name: new_id() for name in ("department", "street", "first", "second")}
    async with gateway_database.transaction(district) as session:
        await session.execute(
            text(
                "INSERT INTO department (district, id, code, name) "
                "VALUES (:district, :id, 'health', '卫生健康局')"
            ),
            {"district": district, "id": ids["department"]},
        )
        for at, name in enumerate(("first", "second")):
            await session.execute(
                text(
                    "INSERT INTO community (district, id, code, name, kind, state, street_id, "
                    "street_name) VALUES (:district, :id, :code, :name, 'urban', 'active', "
                    ":street, '解放街道')"
                ),
                {
                    "district": district,
                    "id": ids[name],
                    "code": f"C{at}",
                    "name": f"社区{at}",
                    "street": ids["street"],
                },
            )
    return ids


def request(district: str, department: UUID, **changed: Any) -> Request:
    values: dict[str, Any] = {
        "reference": new_id().hex,
        "title": "慢性病管理检查",
        "kind": "inspection",
        "comprehensive": False,
        "level": "district",
        "legal_basis": "基本医疗卫生与健康促进法 36",
        "asked": [],
        "targets": {},
        "starts_on": TODAY + timedelta(days=20),
        "ends_on": TODAY + timedelta(days=40),
        "minutes_on_site": 60,
        "inspectors_per_day": 4,
        "team": "",
        "state": "approved",
        "submission": 2,
        "decided_on": TODAY,
        "document": "沙社建组〔2026〕3号",
    }
    return Request(
        district=district, id=new_id(), department_id=department, **{**values, **changed}
    )


def target(made: Request, community: UUID, submission: int, visit: bool) -> RequestTarget:
    return RequestTarget(
        district=made.district,
        id=new_id(),
        request_id=made.id,
        submission=submission,
        community_id=community,
        visit=visit,
    )


async def test_pairs_are_those_of_the_last_submission_that_need_a_visit(
    gateway_database: Database, district: str, places: dict[str, UUID]
) -> None:
    approved = request(district, places["department"])
    waiting = request(district, places["department"], state="with_leading_group")
    async with gateway_database.transaction(district) as session:
        session.add_all([approved, waiting])
        await session.flush()
        session.add_all(
            [
                target(approved, places["first"], 1, True),
                target(approved, places["first"], 2, False),
                target(approved, places["second"], 2, True),
                target(waiting, places["second"], 2, True),
            ]
        )
    async with gateway_database.read(district) as session:
        pairs = await pairs_to_visit(session)
        nothing = await pairs_to_visit(session, [waiting.id])
    assert nothing == []
    [pair] = pairs
    assert (pair.request_id, pair.community_id) == (approved.id, places["second"])
    assert (pair.street_id, pair.community_name) == (places["street"], "社区1")
    assert (pair.starts_on, pair.ends_on) == (approved.starts_on, approved.ends_on)
    assert (pair.minutes_on_site, pair.inspectors_per_day) == (60, 4)


async def test_nothing_is_approved_without_document_basis_or_after_its_window(
    gateway_database: Database, district: str, places: dict[str, UUID]
) -> None:
    for changed in (
        {"document": None},
        {"legal_basis": ""},
        {"decided_on": TODAY + timedelta(days=40)},
        {"submission": 0},
    ):
        with pytest.raises(DBAPIError, match="inspection_request_approved_check"):
            async with gateway_database.transaction(district) as session:
                session.add(request(district, places["department"], **changed))


@pytest.mark.parametrize(
    "table", ["assessment_item", "inspection_item", "inspection_target", "screening_verdict"]
)
async def test_what_was_published_or_screened_cannot_be_changed(
    gateway_database: Database, district: str, table: str
) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError) as refused:
            async with gateway_database.transaction(district) as session:
                await session.execute(text(statement))
        assert isinstance(refused.value.orig, Exception)
        assert refused.value.orig.sqlstate == asyncpg.InsufficientPrivilegeError.sqlstate  # type: ignore[attr-defined]
