"""A small district as the committee service knows it: told by events, filled by imports."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from cloudevents.core.v1.event import CloudEvent

from services.committee.events import HANDLERS
from services.committee.organisation.models import Committee, Member, Term
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.db.database import Database
from shared.kernel.ids import new_id


@dataclass
class SmallDistrict:
    """Its code, its street, its communities and their committees."""

    code: str
    street: UUID
    communities: list[UUID]
    committees: list[UUID]


def community_event(id: UUID, code: str, street: UUID, *, name: str = "航空路社区") -> CloudEvent:
    """What the registry tells of a community."""
    return CloudEvent(
        attributes={
            "id": str(new_id()),
            "source": "/workstation",
            "type": COMMUNITY_RECORDED,
            "subject": f"community/{id}",
            "time": datetime.now(UTC),
            "specversion": "1.0",
            "datacontenttype": "application/json",
        },
        data={
            "id": str(id),
            "code": code,
            "name": name,
            "kind": "urban",
            "state": "active",
            "household_count": 2500,
            "street": {"id": str(street), "code": "S1", "name": "解放街道"},
        },
    )


@pytest.fixture
async def small(district: str, committee_database: Database) -> SmallDistrict:
    """Two communities; the first has a whole committee, the second one without a woman or chair."""
    street = new_id()
    communities = [new_id(), new_id()]
    committees = []
    async with committee_database.transaction(district) as session:
        for number, community in enumerate(communities):
            event = community_event(community, f"C{number}", street)
            await HANDLERS[COMMUNITY_RECORDED](session, district, event)
        for number, community in enumerate(communities):
            committee = Committee(
                district=district,
                id=new_id(),
                community_id=community,
                code=f"C{number}",
                name=f"第{number}居民委员会",
                established_on=date(2003, 5, 20),
            )
            term = Term(
                district=district,
                id=new_id(),
                committee_id=committee.id,
                number=6,
                starts_on=date(2021, 12, 1),
                ends_on=date(2036, 12, 1),
            )
            session.add(committee)
            await session.flush()
            session.add(term)
            await session.flush()
            for place in range(5 - number):
                session.add(
                    Member(
                        district=district,
                        id=new_id(),
                        term_id=term.id,
                        number=place + 1,
                        name=f"成员{place}",
                        sex="male" if number or place % 2 else "female",
                        position="chair" if place == number == 0 else "member",
                    )
                )
            committees.append(committee.id)
    return SmallDistrict(district, street, communities, committees)
