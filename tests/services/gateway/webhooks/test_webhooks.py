"""Webhooks as their department manages them."""

import json
from typing import Any

import pytest

from services.gateway.webhooks.commands import MOST_WEBHOOKS
from services.gateway.webhooks.domain import EVENT_TYPES, TEST
from tests.services.gateway.webhooks.conftest import Listening


async def test_the_types_of_events_are_public(listening: Listening) -> None:
    answer = await listening.gateway.get(f"/v1/webhooks/event-types?district={listening.code}")
    assert [one["type"] for one in answer.json()] == list(EVENT_TYPES)


async def test_the_secret_is_shown_once_and_stored_sealed(listening: Listening) -> None:
    made = await listening.subscribe()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in await listening.state()
    assert "secret" not in (await listening.get(""))["items"][0]


async def test_another_departments_webhook_does_not_exist(listening: Listening) -> None:
    await listening.subscribe()
    path = f"/v1/webhooks/{listening.webhook['id']}"
    for answer in (
        await listening.gateway.get(path, headers=listening.other),
        await listening.gateway.get(f"{path}/deliveries", headers=listening.other),
        await listening.gateway.post(f"{path}/test", headers=listening.other),
        await listening.gateway.post(f"{path}/ending", headers=listening.other),
    ):
        assert answer.status_code == 404
    foreign = await listening.gateway.post(
        "/v1/webhooks",
        json={
            "url": listening.receiver.url,
            "event_types": [TEST],
            "department_id": str(listening.department),
        },
        headers=listening.other,
    )
    assert foreign.status_code == 404


async def test_everything_wrong_with_a_subscription_is_named(listening: Listening) -> None:
    made = await listening.post(
        "", {"url": "https://example.org/", "event_types": [TEST, "cn.shequ.none"]}
    )
    assert made.status_code == 422
    assert [(one["pointer"], one["code"]) for one in made.json()["errors"]] == [
        ("/event_types/1", "event_type_unknown")
    ]
    inside = await listening.post("", {"url": "http://10.1.2.3/", "event_types": [TEST]})
    assert inside.status_code == 422
    assert inside.json()["errors"][0]["code"] == "address_not_public"
    assert "SHEQU_WEBHOOK_ALLOW" in inside.json()["errors"][0]["remedy"]


@pytest.mark.parametrize("type", ["\ud800", "a\0b", "x" * 101, None, 7, ["cn.shequ.webhooks.test"]])
async def test_what_can_be_no_type_of_event_is_named_at_its_place(
    listening: Listening, type: Any
) -> None:
    answer = await listening.gateway.post(
        "/v1/webhooks",
        content=json.dumps({"url": listening.receiver.url, "event_types": [TEST, type]}),
        headers={**listening.headers, "Content-Type": "application/json"},
    )
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/event_types/1"]


async def test_a_change_needs_the_version_that_was_read(listening: Listening) -> None:
    await listening.subscribe()
    path = f"/v1/webhooks/{listening.webhook['id']}"
    change = {"description": "新系统"}
    stale = await listening.gateway.patch(
        path, json=change, headers={**listening.headers, "If-Match": '"v9"'}
    )
    assert stale.status_code == 412
    changed = await listening.gateway.patch(
        path, json=change, headers={**listening.headers, "If-Match": '"v1"'}
    )
    assert (changed.status_code, changed.json()["description"]) == (200, "新系统")
    assert changed.headers["ETag"] == '"v2"'


async def test_a_test_is_sent_on_request_and_what_has_ended_takes_none(
    listening: Listening,
) -> None:
    await listening.subscribe()
    assert (await listening.post(f"/{listening.webhook['id']}/test")).status_code == 202
    await listening.deliver()
    assert len(listening.receiver.received) == 1
    assert (await listening.post(f"/{listening.webhook['id']}/ending")).json()["state"] == "ended"
    for path in ("test", "secrets"):
        refused = await listening.post(f"/{listening.webhook['id']}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "webhook_ended")
    await listening.tell(2)
    await listening.deliver()
    assert len(listening.receiver.received) == 1


async def test_a_suspended_webhook_gets_later_what_happened_meanwhile(
    listening: Listening,
) -> None:
    await listening.subscribe()
    await listening.post(f"/{listening.webhook['id']}/suspension")
    await listening.tell(1)
    await listening.deliver()
    assert listening.receiver.received == []
    await listening.post(f"/{listening.webhook['id']}/resumption")
    await listening.deliver()
    assert len(listening.receiver.received) == 1


async def test_a_department_has_a_limited_number(listening: Listening) -> None:
    for _ in range(MOST_WEBHOOKS):
        await listening.subscribe()
    refused = await listening.post("", {"url": listening.receiver.url, "event_types": [TEST]})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")


async def test_an_unknown_type_is_no_event(listening: Listening) -> None:
    from services.gateway.webhooks.publishing import publish

    async with listening.database.session(listening.code) as session:
        with pytest.raises(ValueError, match="unknown type"):
            await publish(
                session, listening.code, type="none", subject="x", data={}, departments=[]
            )
