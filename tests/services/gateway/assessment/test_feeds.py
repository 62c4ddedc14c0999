"""Calendars of visits: a phone subscribes, changes reach it, a revoked address opens nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select

from services.gateway.assessment.feeds.domain import Entry, calendar_of
from services.gateway.assessment.feeds.models import CalendarFeed
from shared.kernel.ids import new_id
from shared.kernel.text import Language, Text
from tests.services.gateway.assessment.deployments import Deployment, deployment

__all__ = ["deployment"]


async def opened(deployment: Deployment, login: str, **whose: Any) -> str:
    """The address of a new feed."""
    made = await deployment.assessment.done(login, "calendar-feeds", whose)
    return str(made["url"])


async def read(deployment: Deployment, url: str, **headers: str) -> httpx.Response:
    """The calendar as a phone gets it, without any token but the address."""
    return await deployment.assessment.offices.gateway.get(url, headers=headers)


async def events(deployment: Deployment, url: str) -> list[Any]:
    """The events of a calendar."""
    answer = await read(deployment, url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


async def test_a_community_reads_its_visits_and_nothing_before_the_announcement(
    deployment: Deployment,
) -> None:
    (request,) = await deployment.requests((21, 42))
    url = await opened(deployment, "clerk", community_id=str(deployment.communities[0]))
    id = await deployment.begun(request)
    await deployment.planned(id)
    assert await events(deployment, url) == []
    await deployment.announced(id)
    (event,) = await events(deployment, url)
    (visit,) = await deployment.visits(id, "clerk")
    assert event["uid"].startswith(visit["id"])
    start = event["dtstart"]
    assert start.params["TZID"] == "Asia/Shanghai"
    assert start.dt.replace(tzinfo=None) == datetime.combine(
        date.fromisoformat(visit["on_day"]), time(9)
    )
    assert (event["dtend"].dt - start.dt) == timedelta(minutes=visit["minutes"])
    assert event["status"] == "CONFIRMED"


async def test_a_change_keeps_the_uid_and_raises_the_sequence(deployment: Deployment) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    await deployment.announced(id)
    url = await opened(deployment, "leading", community_id=str(deployment.communities[0]))
    (visit,) = await deployment.visits(id, "clerk")
    (before,) = await events(deployment, url)
    until = str(date.fromisoformat(visit["on_day"]) + timedelta(days=3))
    body = {"reason": "社区防汛", "until": until}
    await deployment.assessment.done("leading", f"visits/{visit['id']}/postponement", body)
    (put_off,) = await events(deployment, url)
    await deployment.announced(id)
    (moved,) = await events(deployment, url)
    assert [one["status"] for one in (before, put_off, moved)] == [
        "CONFIRMED",
        "TENTATIVE",
        "CONFIRMED",
    ]
    assert before["uid"] == put_off["uid"] == moved["uid"]
    assert before["sequence"] < put_off["sequence"] < moved["sequence"]
    assert moved["dtstart"].dt != before["dtstart"].dt
    await deployment.assessment.done(
        "leading", f"visits/{visit['id']}/cancellation", {"reason": "不再检查"}
    )
    (gone,) = await events(deployment, url)
    assert (gone["status"], gone["uid"]) == ("CANCELLED", before["uid"])


async def test_a_department_reads_those_visits_that_serve_its_requests(
    deployment: Deployment,
) -> None:
    (request,) = await deployment.requests((21, 42))
    other = await deployment.assessment.approved("health", "B0")
    id = await deployment.begun(request, other["id"])
    await deployment.announced(id)
    url = await opened(
        deployment, "health", department_id=str(deployment.assessment.offices.health)
    )
    found = await events(deployment, url)
    assert len(found) == 3
    assert all(other["reference"] in one["description"] for one in found)
    body = {"request_id": other["id"], "reason": "已改为查阅台账"}
    await deployment.assessment.done("leading", f"campaigns/{id}/requests/removal", body)
    await deployment.announced(id)
    assert {one["status"] for one in await events(deployment, url)} == {"CANCELLED"}


async def test_what_has_not_changed_is_not_sent_again(deployment: Deployment) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    await deployment.announced(id)
    url = await opened(deployment, "clerk", community_id=str(deployment.communities[0]))
    first = await read(deployment, url)
    again = await read(deployment, url, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    (visit,) = await deployment.visits(id, "clerk")
    await deployment.assessment.done(
        "leading", f"visits/{visit['id']}/cancellation", {"reason": "不再检查"}
    )
    changed = await read(deployment, url, **{"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


async def test_a_revoked_address_opens_nothing(deployment: Deployment) -> None:
    url = await opened(deployment, "clerk", community_id=str(deployment.communities[0]))
    (feed,) = (await deployment.assessment.get("clerk", "calendar-feeds"))["items"]
    answer = await deployment.assessment.post("police", f"calendar-feeds/{feed['id']}/revocation")
    assert answer.status_code == 404
    assert (await read(deployment, url)).status_code == 200
    await deployment.assessment.done("clerk", f"calendar-feeds/{feed['id']}/revocation")
    assert (await read(deployment, url)).status_code == 404


async def test_nobody_opens_anothers_calendar_or_guesses_an_address(
    deployment: Deployment,
) -> None:
    for login, whose in (
        ("clerk", {"community_id": str(deployment.communities[1])}),
        ("police", {"department_id": str(deployment.assessment.offices.health)}),
        ("leading", {"community_id": str(new_id())}),
    ):
        answer = await deployment.assessment.post(login, "calendar-feeds", whose)
        assert answer.status_code == 404
    answer = await deployment.assessment.post("leading", "calendar-feeds", {})
    assert answer.status_code == 422
    code = deployment.assessment.offices.code
    for token in (f"{code}.guess", "guess", f"{code}."):
        answer = await read(deployment, f"/v1/assessment/calendars/{token}/visits.ics")
        assert answer.status_code == 404


async def test_a_token_is_stored_as_a_hash_only(deployment: Deployment) -> None:
    url = await opened(deployment, "clerk", community_id=str(deployment.communities[0]))
    token = url.split("/")[-2]
    async with deployment.database.transaction(deployment.assessment.offices.code) as session:
        (row,) = (await session.scalars(select(CalendarFeed))).all()
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32


@given(
    st.lists(
        st.tuples(
            st.dates(date(2000, 1, 1), date(2100, 1, 1)),
            st.integers(0, 480),
            st.text(max_size=80).filter(lambda text: "\x00" not in text),
            st.integers(0, 99),
        ),
        max_size=5,
    )
)
def test_every_calendar_can_be_read_back(rows: list[tuple[date, int, str, int]]) -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    entries = [
        Entry(
            new_id(), day, minutes, Text(f"检查{text}", text), text, [text], "CONFIRMED", n, moment
        )
        for day, minutes, text, n in rows
    ]
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        content = calendar_of("社区", "421002", entries, time(9), language)
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        found = Calendar.from_ical(content)
        assert len(list(found.walk("VTIMEZONE"))) == 1
        read_back: dict[str, Any] = {str(one["uid"]): one for one in found.walk("VEVENT")}
        for entry in entries:
            event = read_back[f"{entry.id}@421002.shequ"]
            assert event["sequence"] == entry.sequence
            assert event["dtstart"].dt.date() == entry.day
