"""An admitted item's dispatch, and those who work on it."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import text

from services.workstation.tasks.events import take_in_dispatch, take_in_item
from shared.auth.principal import Role
from shared.contracts.work import DispatchAdmitted, DispatchedTo, ItemAdmitted
from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.conftest import client_of
from tests.services.workstation.conftest import SmallDistrict, workstation_app
from tests.support.databases import Databases
from tests.support.identity import SigningIdentity

TODAY = date(2026, 3, 2)
TASKS = "/v1/workstation/tasks"
ASSISTANCE = "/v1/workstation/assistance"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PDF = b"%PDF-1.7\n%%EOF\n"
PROGRAM = b"MZ\x90\x00" + bytes(64)


def office_file(*names: str) -> bytes:
    """A ZIP with files of these names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.fixture(scope="session")
def app(
    databases: Databases, identity: SigningIdentity, workstation_files: str
) -> ServiceApplication:
    """The application on that day."""
    return workstation_app(TODAY, databases, identity, workstation_files)


@pytest.fixture(scope="session")
async def workstation(app: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(app) as client:
        yield client


@dataclass
class Work:
    """Clerks, departments, and an item with its money."""

    client: httpx.AsyncClient
    database: Database
    small: SmallDistrict
    department: UUID
    item: ItemAdmitted

    def clerk(self, place: int = 0) -> dict[str, str]:
        """A clerk of a community."""
        return self.small.staff(place)

    def official(self, department: UUID | None = None) -> dict[str, str]:
        """Someone of a department, of the item's if none is named."""
        return self.small.identity.bearer(
            self.small.code, Role.DEPARTMENT, department=department or self.department
        )

    def member(self, place: int = 0) -> dict[str, str]:
        """A member of a community's committee."""
        return self.small.identity.bearer(
            self.small.code, Role.COMMITTEE_MEMBER, community=self.small.communities[place]
        )

    def dispatch(self, *places: int, amount: int = 1000, **changed: Any) -> DispatchAdmitted:
        """A dispatch to communities by their place in the list."""
        values = {
            "id": new_id(),
            "item_id": self.item.id,
            "item_code": self.item.code,
            "item_title": self.item.title,
            "department_id": self.department,
            "department_name": "卫生健康局",
            "title": "第四季度健康档案更新",
            "content": "按名单入户核对。",
            "standard": "档案更新率达到95%",
            "dispatched_on": TODAY,
            "due_on": TODAY + timedelta(days=30),
            "communities": [
                DispatchedTo(
                    task_id=new_id(),
                    community_id=self.small.communities[place],
                    cases=3,
                    amount=amount,
                )
                for place in places
            ],
            **changed,
        }
        return DispatchAdmitted.model_validate(values)

    async def take_in(self, told: DispatchAdmitted | ItemAdmitted) -> None:
        """As the delivery does it: one transaction for one event."""
        handler = take_in_item if isinstance(told, ItemAdmitted) else take_in_dispatch
        attributes = {"id": str(new_id()), "source": "/gateway", "type": "t", "specversion": "1.0"}
        async with self.database.transaction(self.small.code) as session:
            event = CloudEvent(attributes, told.model_dump(mode="json"))
            await handler(session, self.small.code, event)

    async def tasks(self, *places: int, **changed: Any) -> list[UUID]:
        """Tasks of a new dispatch."""
        told = self.dispatch(*(places or (0,)), **changed)
        await self.take_in(told)
        return [one.task_id for one in told.communities]

    async def post(
        self, path: str, body: Any = None, *, by: dict[str, str] | None = None
    ) -> httpx.Response:
        """A POST about tasks, by the clerk of community 0 if nobody is named."""
        return await self.client.post(f"{TASKS}/{path}", json=body, headers=by or self.clerk())

    async def done(self, path: str, body: Any = None, *, by: dict[str, str] | None = None) -> Any:
        """The JSON of a POST that succeeds."""
        answer = await self.post(path, body, by=by)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def get(self, path: str, *, by: dict[str, str] | None = None) -> Any:
        """The JSON of a GET that succeeds."""
        answer = await self.client.get(path, headers=by or self.clerk())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def upload(
        self, task: UUID, name: str, content: bytes, *, by: dict[str, str] | None = None
    ) -> httpx.Response:
        """A file sent as evidence."""
        return await self.client.post(
            f"{TASKS}/{task}/evidence", files={"file": (name, content)}, headers=by or self.clerk()
        )

    async def in_work(self, **changed: Any) -> UUID:
        """A task that community 0 works on."""
        [task] = await self.tasks(0, **changed)
        await self.done(f"{task}/acceptance")
        await self.done(f"{task}/start")
        return task

    async def submitted(self, **changed: Any) -> UUID:
        """A task that waits for its department."""
        task = await self.in_work(**changed)
        await self.done(f"{task}/submission", {"result": "已入户核对三户。"})
        return task

    async def money(self) -> tuple[int, int, int]:
        """What is available, reserved and payable of the item, in fen."""
        rows = await self.rows("SELECT available, reserved, payable FROM appropriation")
        return rows[0].available, rows[0].reserved, rows[0].payable

    async def told(self) -> list[tuple[str, int]]:
        """What the gateway was told of concluded tasks: outcome and fen."""
        rows = await self.rows(
            "SELECT data FROM outbox_event WHERE type LIKE '%task.concluded' ORDER BY id"
        )
        return [(row.data["outcome"], row.data["amount"]) for row in rows]

    async def rows(self, query: str, **values: Any) -> Any:
        """Rows of the district."""
        async with self.database.read(self.small.code) as session:
            return (await session.execute(text(query), values)).all()


@pytest.fixture
async def work(
    workstation: httpx.AsyncClient, workstation_database: Database, small: SmallDistrict
) -> Work:
    """An item of 3000 fen."""
    department = new_id()
    item = ItemAdmitted(
        id=new_id(),
        code="WJ-003",
        title="老年人健康档案",
        department_id=department,
        department_name="卫生健康局",
        funds=3000,
        source_line="2100408",
        document="沙社建组〔2026〕1号",
        admitted_on=TODAY,
    )
    found = Work(workstation, workstation_database, small, department, item)
    await found.take_in(item)
    return found
