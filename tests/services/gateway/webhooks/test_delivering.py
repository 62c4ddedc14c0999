"""Deliveries: signed, in order, again and again, never lost, never to whom they do not concern."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from services.gateway.identity.public import Seal
from services.gateway.webhooks.addresses import Allowed
from services.gateway.webhooks.delivering import (
    RUNS_A_WEBHOOK,
    TRANSACTIONS_AT_ONCE,
    Deliverer,
)
from services.gateway.webhooks.domain import MOST_ATTEMPTS, PAUSES, TEST
from services.gateway.webhooks.sending import Sender
from shared.db.database import Database
from shared.db.districts import register_district
from tests.services.gateway.conftest import SEAL
from tests.services.gateway.webhooks.conftest import LOOPBACK, Listening, Received


async def test_an_event_arrives_as_a_signed_cloud_event(listening: Listening) -> None:
    webhook = await listening.subscribe()
    await listening.tell(1)
    await listening.deliver()
    (request,) = listening.receiver.received
    event = Verifier(webhook["secret"]).verify(request.body, request.headers)
    assert request.headers["content-type"].startswith("application/cloudevents+json")
    assert event["type"] == TEST
    assert event["id"] == request.headers["webhook-id"]
    assert event["source"] == f"/districts/{listening.code}"
    assert event["subject"] == "item/1"
    assert event["data"]["number"] == 1
    (delivery,) = await listening.log()
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 1)


async def test_a_changed_body_does_not_verify(listening: Listening) -> None:
    webhook = await listening.subscribe()
    await listening.tell(1)
    await listening.deliver()
    (request,) = listening.receiver.received
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook["secret"]).verify(request.body.replace("1", "2"), request.headers)


async def test_during_a_rotation_both_secrets_verify_and_later_only_the_new_one(
    listening: Listening,
) -> None:
    former = (await listening.subscribe())["secret"]
    rotated = (await listening.post(f"/{listening.webhook['id']}/secrets")).json()
    await listening.tell(1)
    await listening.deliver()
    (request,) = listening.receiver.received
    for secret in (former, rotated["secret"]):
        Verifier(secret).verify(request.body, request.headers)
    async with listening.database.transaction(listening.code) as session:
        await session.execute(text("UPDATE webhook SET former_until = now()"))
    await listening.tell(2)
    await listening.deliver()
    later = listening.receiver.received[1]
    Verifier(rotated["secret"]).verify(later.body, later.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(former).verify(later.body, later.headers)


async def test_another_department_hears_nothing(listening: Listening) -> None:
    await listening.gateway.post(
        "/v1/webhooks",
        json={"url": listening.receiver.url, "event_types": [TEST]},
        headers=listening.other,
    )
    await listening.subscribe()
    await listening.tell(1)
    async with listening.database.read(listening.code) as session:
        rows = (await session.execute(text("SELECT webhook_id FROM webhook_delivery"))).all()
    assert [str(row.webhook_id) for row in rows] == [listening.webhook["id"]]


async def test_a_subject_waits_for_its_oldest_event_and_others_do_not(
    listening: Listening,
) -> None:
    await listening.subscribe()

    def refuse_the_first(request: Received) -> tuple[int, dict[str, str]]:
        return (500, {}) if json.loads(request.body)["data"]["number"] == 1 else (204, {})

    listening.receiver.answer = refuse_the_first
    await listening.tell(1, "item/1")
    await listening.tell(2, "item/1")
    await listening.tell(3, "item/2")
    await listening.deliver()
    numbers = [json.loads(one.body)["data"]["number"] for one in listening.receiver.received]
    assert numbers == [1, 3]
    listening.receiver.answer = lambda _request: (204, {})
    await listening.let_time_pass()
    await listening.deliver()
    numbers = [json.loads(one.body)["data"]["number"] for one in listening.receiver.received]
    assert numbers == [1, 3, 1, 2]


async def test_what_is_refused_is_tried_again_with_a_growing_pause_and_kept_as_dead(
    listening: Listening,
) -> None:
    await listening.subscribe()
    listening.receiver.answer = lambda _request: (503, {})
    await listening.tell(1)
    for _ in range(MOST_ATTEMPTS):
        await listening.let_time_pass()
        await listening.deliver()
    (delivery,) = await listening.log()
    assert (delivery["state"], delivery["attempts"]) == ("dead", MOST_ATTEMPTS)
    detail = await listening.get(f"/{listening.webhook['id']}/deliveries/{delivery['id']}")
    assert [one["status"] for one in detail["log"]] == [503] * MOST_ATTEMPTS
    assert detail["log"][0]["answer"] == "heard"
    assert len({one.headers["webhook-id"] for one in listening.receiver.received}) == 1
    await listening.let_time_pass()
    await listening.deliver()
    assert len(listening.receiver.received) == MOST_ATTEMPTS


async def test_a_receiver_that_names_a_time_is_not_called_before_it(listening: Listening) -> None:
    await listening.subscribe()
    listening.receiver.answer = lambda _request: (429, {"retry-after": "600"})
    await listening.tell(1)
    await listening.deliver()
    async with listening.database.read(listening.code) as session:
        wait = await session.scalar(
            text("SELECT extract(epoch FROM due_at - now()) FROM webhook_delivery")
        )
    assert wait is not None
    assert 590 < wait <= 600


async def test_a_dead_letter_is_replayed_under_the_same_id(listening: Listening) -> None:
    await listening.subscribe()
    listening.receiver.answer = lambda _request: (503, {})
    await listening.tell(1)
    for _ in range(MOST_ATTEMPTS):
        await listening.let_time_pass()
        await listening.deliver()
    (dead,) = await listening.log()
    listening.receiver.answer = lambda _request: (200, {})
    path = f"/{listening.webhook['id']}/deliveries/{dead['id']}/replay"
    assert (await listening.post(path)).status_code == 202
    assert (await listening.post(path)).json()["code"] == "delivery_pending"
    await listening.deliver()
    (delivery,) = await listening.log()
    assert delivery["state"] == "delivered"
    assert len({one.headers["webhook-id"] for one in listening.receiver.received}) == 1


async def test_an_endpoint_that_takes_nothing_for_three_days_is_disabled_with_notice(
    listening: Listening,
) -> None:
    await listening.subscribe(TEST, "cn.shequ.webhooks.webhook.disabled")
    second = await listening.post(
        "",
        {"url": listening.receiver.url, "event_types": ["cn.shequ.webhooks.webhook.disabled"]},
    )
    listening.receiver.answer = lambda _request: (503, {})
    await listening.tell(1)
    await listening.deliver()
    async with listening.database.transaction(listening.code) as session:
        await session.execute(
            text("UPDATE webhook SET failing_since = now() - interval '73 hours'")
        )
    for _ in range(MOST_ATTEMPTS - 1):
        await listening.let_time_pass()
        await listening.deliver()
    found = await listening.state()
    assert (found["state"], found["disabled_because"]) == ("disabled", "endpoint_dead")
    notices = (await listening.get(f"/{second.json()['id']}/deliveries"))["items"]
    assert [one["type"] for one in notices] == ["cn.shequ.webhooks.webhook.disabled"]


async def test_an_endpoint_that_is_gone_is_disabled_and_what_waits_comes_after_its_resumption(
    listening: Listening,
) -> None:
    await listening.subscribe()
    listening.receiver.answer = lambda _request: (410, {})
    await listening.tell(1)
    await listening.deliver()
    assert (await listening.state())["disabled_because"] == "endpoint_gone"
    await listening.tell(2)
    await listening.let_time_pass()
    await listening.deliver()
    assert len(listening.receiver.received) == 1
    listening.receiver.answer = lambda _request: (204, {})
    resumed = await listening.post(f"/{listening.webhook['id']}/resumption")
    assert resumed.json()["state"] == "active"
    await listening.deliver()
    numbers = [json.loads(one.body)["data"]["number"] for one in listening.receiver.received]
    assert numbers == [1, 1, 2]


async def test_a_redirect_is_not_followed(listening: Listening) -> None:
    await listening.subscribe()
    listening.receiver.answer = lambda _request: (307, {"location": "http://127.0.0.1:1/"})
    await listening.tell(1)
    await listening.deliver()
    (delivery,) = await listening.log()
    assert (delivery["state"], len(listening.receiver.received)) == ("pending", 1)


async def test_an_endpoint_that_does_not_listen_stands_in_the_log(listening: Listening) -> None:
    await listening.subscribe()
    async with listening.database.transaction(listening.code) as session:
        await session.execute(text("UPDATE webhook SET url = 'http://127.0.0.1:1/'"))
    await listening.tell(1)
    await listening.deliver()
    (delivery,) = await listening.log()
    detail = await listening.get(f"/{listening.webhook['id']}/deliveries/{delivery['id']}")
    assert (detail["log"][0]["status"], detail["log"][0]["error"]) == (None, "ConnectError")


async def test_a_name_that_has_come_to_lead_inside_is_not_called(listening: Listening) -> None:
    await listening.subscribe()
    async with listening.database.transaction(listening.code) as session:
        await session.execute(text("UPDATE webhook SET url = 'https://10.0.0.1/'"))
    await listening.tell(1)
    await listening.deliver()
    (delivery,) = await listening.log()
    detail = await listening.get(f"/{listening.webhook['id']}/deliveries/{delivery['id']}")
    assert detail["log"][0]["error"] == "address_not_public"


async def test_workers_at_once_send_each_event_once_and_in_order(listening: Listening) -> None:
    await listening.subscribe()
    for number in range(12):
        await listening.tell(number, f"item/{number % 3}")
    await asyncio.gather(*(listening.deliver() for _ in range(4)))
    await listening.deliver()
    numbers = [json.loads(one.body)["data"]["number"] for one in listening.receiver.received]
    assert sorted(numbers) == list(range(12))
    for subject in range(3):
        assert [one for one in numbers if one % 3 == subject] == list(range(subject, 12, 3))


async def test_what_a_dead_worker_had_claimed_is_sent_by_another_after_its_time(
    listening: Listening,
) -> None:
    await listening.subscribe()
    await listening.tell(1)
    async with listening.database.transaction(listening.code) as session:
        await session.execute(
            text(
                "UPDATE webhook_delivery SET attempts = 1, claimed_until = now() + interval '1 min'"
            )
        )
    await listening.deliver()
    assert listening.receiver.received == []
    await listening.let_time_pass()
    await listening.deliver()
    assert len(listening.receiver.received) == 1


async def test_jobs_beyond_those_under_way_end_at_once_and_nothing_waits_for_them(
    listening: Listening,
) -> None:
    await listening.subscribe()
    heard, go_on = asyncio.Event(), asyncio.Event()
    listening.receiver.holds = (heard, go_on)
    for number in range(RUNS_A_WEBHOOK):
        await listening.tell(number, f"item/{number}")
    under_way = [asyncio.create_task(listening.deliver()) for _ in range(RUNS_A_WEBHOOK)]
    async with asyncio.timeout(30):
        while len(listening.receiver.received) < RUNS_A_WEBHOOK:
            await heard.wait()
            heard.clear()
    await listening.tell(RUNS_A_WEBHOOK, "item/later")
    async with asyncio.timeout(30):
        await asyncio.gather(*(listening.deliver() for _ in range(50)))
    assert len(listening.receiver.received) == RUNS_A_WEBHOOK
    assert not any(task.done() for task in under_way)
    go_on.set()
    await asyncio.gather(*under_way)
    assert {one["state"] for one in await listening.log()} == {"delivered"}
    assert len(listening.receiver.received) == RUNS_A_WEBHOOK + 1


async def test_a_burst_for_many_webhooks_leaves_other_work_its_connections(
    listening: Listening,
) -> None:
    hooks = []
    for _ in range(8):
        hooks.append(await listening.subscribe())
    for number in range(4):
        await listening.tell(number, f"item/{number}")
    open_now, most = 0, 0

    class Watched(Database):
        @asynccontextmanager
        async def transaction(self, district: str) -> AsyncIterator[AsyncSession]:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            try:
                async with super().transaction(district) as session:
                    yield session
            finally:
                open_now -= 1

    database = Watched(listening.url, schema="gateway", pool_size=TRANSACTIONS_AT_ONCE)
    deliverer = Deliverer(database, Sender(Allowed(LOOPBACK)), Seal(SEAL))
    await asyncio.gather(
        *(deliverer.deliver(f"{listening.code} {one['id']}") for one in hooks for _ in range(4))
    )
    await database.close()
    assert len(listening.receiver.received) == 8 * 4
    assert most == TRANSACTIONS_AT_ONCE


async def test_what_takes_an_event_again_is_no_longer_failing(listening: Listening) -> None:
    await listening.subscribe()
    listening.receiver.answer = lambda _request: (503, {})
    await listening.tell(1)
    await listening.deliver()
    assert (await listening.state())["failing_since"] is not None
    listening.receiver.answer = lambda _request: (204, {})
    await listening.let_time_pass()
    await listening.deliver()
    assert (await listening.state())["failing_since"] is None


async def test_the_log_tells_an_attempt_under_way_from_one_that_waits(
    listening: Listening,
) -> None:
    await listening.subscribe()
    heard, go_on = asyncio.Event(), asyncio.Event()
    listening.receiver.answer = lambda _request: (503, {})
    listening.receiver.holds = (heard, go_on)
    await listening.tell(1)
    (waiting,) = await listening.log()
    sending = asyncio.create_task(listening.deliver())
    await heard.wait()
    (under_way,) = await listening.log()
    go_on.set()
    await sending
    (refused,) = await listening.log()
    assert (waiting["under_way"], waiting["attempts"]) == (False, 0)
    assert waiting["due_at"] == waiting["occurred_at"]
    assert (under_way["under_way"], under_way["attempts"]) == (True, 1)
    assert (under_way["state"], under_way["due_at"]) == ("pending", None)
    assert (refused["under_way"], refused["state"]) == (False, "pending")
    wait = datetime.fromisoformat(refused["due_at"]) - datetime.now(UTC)
    assert timedelta() < wait <= PAUSES[0]


async def test_what_a_slow_worker_learns_after_its_claim_changes_nothing(
    listening: Listening,
) -> None:
    await listening.subscribe()
    heard, go_on = asyncio.Event(), asyncio.Event()
    listening.receiver.holds = (heard, go_on)
    listening.receiver.answer = lambda _request: (503, {})
    await listening.tell(1)
    slow = asyncio.create_task(listening.deliver())
    await heard.wait()
    listening.receiver.holds = None
    listening.receiver.answer = lambda _request: (204, {})
    await listening.let_time_pass()
    await listening.deliver()
    listening.receiver.answer = lambda _request: (503, {})
    go_on.set()
    await slow
    (delivery,) = await listening.log()
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 2)
    detail = await listening.get(f"/{listening.webhook['id']}/deliveries/{delivery['id']}")
    assert [one["status"] for one in detail["log"]] == [204, 503]


async def test_a_sweep_asks_for_what_is_due(listening: Listening) -> None:
    await listening.subscribe()
    await listening.tell(1)
    await register_district(
        listening.database, listening.code, name="区", prefecture="市", province="省"
    )
    await listening.deliverer.sweep()
    async with listening.database.read(listening.code) as session:
        jobs = await session.scalar(
            text(
                "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'deliver_webhooks' "
                "AND convert_from(payload, 'UTF8') = :payload"
            ),
            {"payload": f"{listening.code} {listening.webhook['id']}"},
        )
    assert jobs == 2
