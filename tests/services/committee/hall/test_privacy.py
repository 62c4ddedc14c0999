"""Who raised an anonymous matter is in no public answer, event, log line, export or error: a canary
is sent through everything that can be done with a matter, and looked for wherever anything comes
out."""

import io
import logging
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from tests.services.committee.hall.conftest import BASE, Hall
from tests.services.committee.hall.test_course import Both, both
from tests.services.committee.hall.test_public import _jpeg, _upload
from tests.services.committee.hall.test_sittings import FIFTH, announcement

__all__ = ["both"]
NAME, PHONE = "诸葛金丝雀", "13912340077"
KEEPS = {
    "matter_raiser",
    "matter_comment",
    "matter_act",
    "matter_support",
    "sitting_vote",
    "idempotency_key",
}
"""Tables that keep who it was, for the committee to answer and for limits to hold; what is shown of
them is looked at below."""


@pytest.fixture
def log_lines() -> Iterator[list[Any]]:
    """Everything that is logged, from the lowest level on."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    with structlog.testing.capture_logs() as lines:
        yield lines
    structlog.configure(**before)


class Spy:
    """Keeps every answer that comes out, but those to the raiser about themselves."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.seen: list[str] = []

    async def ask(self, login: str | None, method: str, path: str, body: Any = None) -> Any:
        """A request, by the raiser too; its answer is kept with its headers."""
        answer = await self.hall.ask(login, method, path, body)
        content = answer.content
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"".join(book.read(name) for name in book.namelist())
        self.seen.append(f"{method} {path} {answer.headers} " + content.decode("utf-8", "replace"))
        return answer.json() if answer.headers.get("content-type", "").endswith("json") else None

    async def post(self, login: str, path: str, body: Any = None) -> Any:
        """A POST, whether it succeeds or not."""
        return await self.ask(login, "POST", path, body)


async def _course(spy: Spy, both: Both) -> tuple[str, str]:
    """Everything that can be done with a matter; (matter, sitting)."""
    hall = spy.hall
    contact = {"name": NAME, "phone": PHONE}
    said = {"anonymous": True, "contact": contact}
    made = await spy.post("resident", "matters", hall.matter(**said))
    await spy.post("resident", "matters", hall.matter(**said))
    await spy.post("resident", "matters", hall.matter(title="电话13912340077", **said))
    path = f"matters/{made['id']}"
    await hall.ask("resident", "PATCH", path, {"place": "后门"}, **{"If-Match": '"v1"'})
    for login in ("resident", "neighbour"):
        await spy.post(login, f"{path}/support")
        await spy.post(login, f"{path}/rating", {"score": 1})
        await spy.post(login, f"{path}/comments", {"body": f"{login}的话"})
    photo = (await _upload(hall, "resident", made["id"], "a.jpg", _jpeg())).json()["id"]
    await spy.post("member", f"{path}/attachments/{photo}/publication")
    hidden = await spy.post("member", f"{path}/moderations", {"reason": "待核实"})
    await spy.post("neighbour", f"moderations/{hidden['id']}/appeal", {"reason": "不是我的"})
    await spy.post("resident", f"moderations/{hidden['id']}/appeal", {"reason": "属实"})
    await spy.post(
        "supervisor", f"moderations/{hidden['id']}/decision",
        {"outcome": "restoring", "reason": "属实"},
    )  # fmt: skip
    like = await spy.post("other", "matters", hall.matter(title="路灯"))
    await spy.post("member", f"matters/{like['id']}/merging", {"into": made["id"]})
    await spy.post("member", f"{path}/acceptance", {})
    sitting = (await spy.post("member", "sittings", announcement(hall)))["id"]
    await spy.post("member", f"sittings/{sitting}/agenda", {"matter_id": made["id"]})
    hall.days.go_to(FIFTH)
    await spy.post("member", f"sittings/{sitting}/opening")
    on_it = {"matter_id": made["id"]}
    await spy.post("resident", f"sittings/{sitting}/opinions", {**on_it, "body": "请尽快"})
    await spy.post("resident", f"sittings/{sitting}/votes", {**on_it, "choice": "agree"})
    resolution = {"sitting_id": sitting, "text": "同意维修", "floor": {"agree": 9}}
    await spy.post("member", f"{path}/resolution", resolution)
    await spy.post("member", f"sittings/{sitting}/ending", {})
    handover = {"handler": "workstation", "request": "请维修"}
    await spy.post("member", f"{path}/handover", handover)
    await both.deliver()
    task = (await both.tasks())[0]["id"]
    await both.clerk(f"{task}/acceptance")
    await both.clerk(f"{task}/result", {"result": "已修好"})
    await spy.post("resident", f"{path}/reopening", {"reason": "又坏了"})
    await spy.post("member", f"{path}/result", {"result": "换了新灯"})
    await spy.post("resident", f"{path}/rating", {"score": 4, "word": "谢谢"})
    closed = await hall.seen(path)
    assert (closed["state"], closed["closed_by"], closed["reopened"]) == ("closed", "word", True)
    return made["id"], sitting


async def test_the_canary_comes_out_nowhere(both: Both, log_lines: list[Any]) -> None:
    hall = both.hall
    hall.add("auditor", "auditor")
    hall.add("officer", "street_officer", street=hall.street)
    spy = Spy(hall)
    matter, sitting = await _course(spy, both)
    public = f"district={hall.code}"
    path = f"matters/{matter}"
    lists = [
        "matters", "matters?q=路灯", "sittings", "statistics?by=community", "statistics?by=category",
        f"communities/{hall.communities[0]}/feed.atom",
        f"communities/{hall.communities[0]}/feed.json",
        path, f"{path}/history", f"{path}/comments", f"{path}/resolutions", f"{path}/handovers",
        f"{path}/ratings", f"{path}/photos", f"sittings/{sitting}", f"live/{sitting}",
    ]  # fmt: skip
    for where in lists:
        mark = "&" if "?" in where else "?"
        await spy.ask(None, "GET", f"{where}{mark}{public}")
        for login in ("neighbour", "member", "clerk"):
            await spy.ask(login, "GET", where)
    for login in ("member", "clerk", "officer", "supervisor", "auditor"):
        for where in ("matters.xlsx", "moderations", "handed-over", f"{path}/attachments"):
            await spy.ask(login, "GET", where)
    for service, client in (("committee", hall.client), ("workstation", both.workstation)):
        audit = await client.get(
            f"/v1/{service}/audit-events?limit=200", headers=hall.people["auditor"]
        )
        assert audit.status_code == 200
        spy.seen.append(audit.text)
    spy.seen += [repr(line) for line in log_lines]
    assert len(spy.seen) > 100
    canary = hall.ids["resident"]
    for secret in (str(canary), canary.hex, NAME, PHONE):
        leaks = [seen[:300] for seen in spy.seen if secret in seen]
        assert leaks == []
    assert any("live/" in seen and "请尽快" in seen for seen in spy.seen), (
        "the stream was looked at"
    )
    assert any("matter.raised" in seen for seen in spy.seen), "the audit was looked at"


async def test_no_other_table_of_either_service_holds_the_canary(both: Both) -> None:
    hall = both.hall
    await _course(Spy(hall), both)
    canary = str(hall.ids["resident"])
    found: dict[str, int] = {}
    for schema, database in (("committee", hall.database), ("workstation", both.database)):
        async with database.transaction(hall.code) as session:
            tables = await session.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"),
                {"schema": schema},
            )
            for table in tables.all():
                if table.startswith(("pgqueuer", "alembic")):
                    continue
                count = await session.scalar(
                    text(f"SELECT count(*) FROM {schema}.{table} AS t WHERE t::text LIKE :secret"),
                    {"secret": f"%{canary}%"},
                )
                if count:
                    found[table] = count
    assert set(found) <= KEEPS
    assert {"matter_raiser", "matter_comment"} <= set(found), "the search finds what is there"


async def test_the_committee_reaches_the_raiser_and_the_reading_is_on_record(hall: Hall) -> None:
    made = await hall.raised(anonymous=True, contact={"name": NAME, "phone": PHONE})
    assert (await hall.seen(f"matters/{made['id']}"))["raised_by"] is None
    for login in ("neighbour", "clerk", "supervisor"):
        answer = await hall.post(login, f"matters/{made['id']}/disclosure", {"purpose": "好奇"})
        assert (answer.status_code, NAME in answer.text) == (403, False)
    reached = await hall.did("member", f"matters/{made['id']}/disclosure", {"purpose": "电话答复"})
    assert (reached["name"], reached["phone"]) == (NAME, PHONE)
    hall.add("auditor", "auditor")
    audit = await hall.client.get(
        f"{BASE.replace('/hall', '')}/audit-events?action=matter.raiser_read",
        headers=hall.people["auditor"],
    )
    event = audit.json()["items"][0]
    assert (event["purpose"], event["actor"]) == ("电话答复", str(hall.ids["member"]))
