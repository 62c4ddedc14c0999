"""When the service, the caller or the line between them fails."""

import asyncio
import json
from collections.abc import Callable

import pytest

from services.gateway.routing.circuit import FAILURES_ALLOWED, OPEN_SECONDS
from services.gateway.routing.client import Connection, UpstreamError
from tests.services.gateway.routing.conftest import (
    Gateway,
    OpenGateway,
    answer,
    exchange,
    request,
)
from tests.services.gateway.routing.wire import Closed, Message, Service, Wire, within


def _code(message: Message) -> str:
    assert message.one("content-type") == "application/problem+json"
    assert message.one("x-request-id")
    return str(json.loads(message.body)["code"])


async def _kept(gateway: Gateway, service: Service) -> Wire:
    """The service's end of a connection that the gateway keeps for its next request."""
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(answer())
    await caller.message()
    await gateway.turn()
    return wire


# The caller hangs up


async def test_a_caller_who_hangs_up_while_waiting_ends_the_services_work(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    caller.close()
    await wire.closed()


async def test_a_caller_who_hangs_up_while_sending_never_looks_finished(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(
        request("Transfer-Encoding: chunked", method="POST", body=b"5\r\nbegun\r\n")
    )
    wire = await service.accept()
    await wire.head()
    assert await wire.chunk() == b"begun"
    caller.close()
    assert await wire.closed() == b""


async def test_a_caller_who_hangs_up_after_sending_ends_the_services_work(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request("Content-Length: 2", method="POST", body=b"ok"))
    wire = await service.accept()
    await wire.message()
    caller.reset()
    await wire.closed()


async def test_a_caller_who_hangs_up_while_reading_ends_the_services_work(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n")
    await caller.head()
    assert await caller.chunk() == b"begun"
    caller.close()
    await wire.closed()


async def test_callers_who_hang_up_do_not_open_the_circuit(
    gateway: Gateway, service: Service
) -> None:
    for _ in range(2 * FAILURES_ALLOWED):
        caller = await gateway.call(request())
        wire = await service.accept()
        await wire.message()
        caller.close()
        await wire.closed()
    _, back = await exchange(gateway, service, request(), answer())
    assert back.status == 200


# The service dies


@pytest.mark.parametrize("leave", [Wire.close, Wire.reset])
@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Le"])
async def test_a_service_that_dies_before_its_answer_is_502(
    gateway: Gateway, service: Service, leave: Callable[[Wire], None], begun: bytes
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(begun)
    leave(wire)
    back = await caller.message()
    assert (back.status, _code(back)) == (502, "service_broke_off")
    assert service.nobody_waits()


@pytest.mark.parametrize("leave", [Wire.close, Wire.reset])
@pytest.mark.parametrize(
    "begun",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegun",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n",
    ],
)
async def test_an_answer_that_breaks_off_is_never_taken_for_a_whole_one(
    gateway: Gateway, service: Service, leave: Callable[[Wire], None], begun: bytes
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(begun)
    assert (await caller.head()).status == 200
    leave(wire)
    rest = await caller.closed()
    assert not rest.endswith(b"0\r\n\r\n")
    _, back = await exchange(gateway, service, request(), answer())
    assert back.status == 200


async def test_a_service_that_does_not_speak_http_is_502(
    gateway: Gateway, service: Service
) -> None:
    _, back = await exchange(gateway, service, request(), b"SSH-2.0-OpenSSH_9.2\r\n")
    assert (back.status, _code(back)) == (502, "service_broke_off")


@pytest.mark.parametrize("status", ["099 Odd", "600 Odd", "999 Odd", "101 Switching Protocols"])
async def test_a_status_that_is_no_final_answer_is_502(
    gateway: Gateway, service: Service, status: str
) -> None:
    answered = answer("Connection: Upgrade", "Upgrade: h2c", status=status)
    _, back = await exchange(gateway, service, request(), answered)
    assert back.status == 502


async def test_a_service_that_refuses_connections_is_502(
    gateway: Gateway, service: Service
) -> None:
    service.stop()
    caller = await gateway.call(request("Accept-Language: en"))
    back = await caller.message()
    assert (back.status, _code(back), back.one("retry-after")) == (502, "service_down", "1")
    assert "workstation service" in json.loads(back.body)["detail"]


async def test_a_request_on_a_connection_already_lost_fails_at_once(service: Service) -> None:
    loop = asyncio.get_running_loop()
    port = int(service.url.rsplit(":", 1)[1])
    _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
    (await service.accept()).reset()
    while connection.open:
        await within(asyncio.sleep(0))
    connection.send_head(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(UpstreamError):
        await within(connection.head())


# The service is slow


async def test_a_service_that_does_not_answer_in_time_is_504_and_is_hung_up_on(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(deadline=0.1)
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    back = await caller.message()
    assert (back.status, _code(back)) == (504, "service_timeout")
    await wire.closed()


async def test_interim_answers_do_not_prolong_the_deadline(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(deadline=0.1)
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(b"HTTP/1.1 102 Processing\r\n\r\n")
    assert (await caller.message()).status == 504


async def test_a_service_that_does_not_take_the_body_is_504(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(deadline=0.3)
    size = 96 << 20
    caller = await gateway.call(request(f"Content-Length: {size}", method="PUT"))
    wire = await service.accept()
    await wire.head()
    sending = asyncio.create_task(caller.send(bytes(size)))
    assert (await caller.head()).status == 504
    await wire.closed()
    sending.cancel()


async def test_a_service_that_stops_within_its_answer_is_hung_up_on(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(deadline=0.5)
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegun")
    await caller.head()
    assert await caller.closed() == b"begun"
    await wire.closed()


async def test_a_slow_but_steady_upload_may_take_longer_than_the_deadline(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(deadline=1)
    caller = await gateway.call(request("Transfer-Encoding: chunked", method="POST"))
    wire = await service.accept()
    await wire.head()
    for _ in range(12):
        await asyncio.sleep(0.1)
        await caller.send(b"1\r\nx\r\n")
        assert await wire.chunk() == b"x"
    await caller.send(b"0\r\n\r\n")
    assert await wire.chunk() == b""
    await wire.send(answer())
    assert (await caller.message()).status == 200


async def test_a_caller_who_stops_sending_is_408_and_does_not_open_the_circuit(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(caller_seconds=0.05)
    for _ in range(FAILURES_ALLOWED + 1):
        caller = await gateway.call(request("Content-Length: 10", method="POST", body=b"begun"))
        wire = await service.accept()
        await wire.head()
        back = await caller.message()
        assert (back.status, _code(back)) == (408, "request_too_slow")
        assert await wire.closed() == b"begun"
    _, back = await exchange(gateway, service, request(), answer())
    assert back.status == 200


async def test_a_caller_who_stops_reading_frees_the_service(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(caller_seconds=0.1, limit=1)
    size = 96 << 20
    await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
    sending = asyncio.create_task(wire.send(bytes(size)))
    second = await gateway.call(request())
    fresh = await service.accept()
    await fresh.message()
    await fresh.send(answer(body=b"served"))
    assert (await second.message()).body == b"served"
    with pytest.raises(ConnectionError):
        await within(sending)


async def test_more_requests_than_connections_wait_their_turn(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(limit=1)
    callers = [await gateway.call(request()) for _ in range(3)]
    wire = await service.accept()
    for _ in callers:
        await wire.message()
        await wire.send(answer(body=b"served"))
    for caller in callers:
        assert (await caller.message()).body == b"served"
    assert service.nobody_waits()


async def test_who_waits_for_a_connection_is_told_when_there_can_be_none(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(limit=1)
    service.stop()
    callers = [await gateway.call(request()) for _ in range(3)]
    assert [(await caller.message()).status for caller in callers] == [502] * 3


# The circuit


async def test_after_repeated_failures_the_service_is_left_alone_and_then_tried_again(
    gateway: Gateway, service: Service
) -> None:
    for _ in range(FAILURES_ALLOWED):
        caller = await gateway.call(request())
        wire = await service.accept()
        await wire.message()
        wire.close()
        assert (await caller.message()).status == 502
    refused = await (await gateway.call(request())).message()
    assert (refused.status, _code(refused)) == (503, "service_down")
    assert 1 <= int(refused.one("retry-after") or 0) <= OPEN_SECONDS
    assert service.nobody_waits()

    gateway.later(OPEN_SECONDS)
    probe = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    meanwhile = await (await gateway.call(request())).message()
    assert meanwhile.status == 503
    await wire.send(answer())
    assert (await probe.message()).status == 200
    _, back = await _on(wire, gateway)
    assert back.status == 200


async def _on(wire: Wire, gateway: Gateway) -> tuple[Message, Message]:
    caller = await gateway.call(request())
    got = await wire.message()
    await wire.send(answer())
    return got, await caller.message()


async def test_a_failed_probe_keeps_the_service_alone(gateway: Gateway, service: Service) -> None:
    service.stop()
    for expected in [502] * FAILURES_ALLOWED + [503]:
        assert (await (await gateway.call(request())).message()).status == expected
    gateway.later(OPEN_SECONDS)
    for expected in (502, 503):
        assert (await (await gateway.call(request())).message()).status == expected


async def test_a_probe_whose_caller_hangs_up_leaves_room_for_the_next(
    gateway: Gateway, service: Service
) -> None:
    for _ in range(FAILURES_ALLOWED):
        caller = await gateway.call(request())
        wire = await service.accept()
        await wire.message()
        wire.close()
        await caller.message()
    gateway.later(OPEN_SECONDS)
    probe = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    probe.close()
    await wire.closed()
    _, back = await exchange(gateway, service, request(), answer())
    assert back.status == 200


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable"])
async def test_a_service_that_answers_with_an_error_is_not_left_alone(
    gateway: Gateway, service: Service, status: str
) -> None:
    for _ in range(2 * FAILURES_ALLOWED):
        failed = answer("Connection: close", status=status)
        _, back = await exchange(gateway, service, request(), failed)
        assert back.status == int(status[:3])


# Connections that had gone stale


async def test_after_a_services_failure_a_write_takes_another_connection(
    gateway: Gateway, service: Service
) -> None:
    failed = await _kept(gateway, service)
    caller = await gateway.call(request())
    await failed.message()
    await failed.send(answer(status="500 Internal Server Error"))
    assert (await caller.message()).status == 500
    caller = await gateway.call(request("Content-Length: 2", method="POST", body=b"ok"))
    fresh = await service.accept()
    assert (await fresh.message()).body == b"ok"
    await fresh.send(answer())
    assert (await caller.message()).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_read_on_a_stale_connection_is_sent_again(
    gateway: Gateway, service: Service, method: str
) -> None:
    stale = await _kept(gateway, service)
    caller = await gateway.call(request(method=method))
    await stale.message()
    stale.close()
    fresh = await service.accept()
    await fresh.message()
    await fresh.send(answer())
    assert (await caller.message(bodiless=method == "HEAD")).status == 200


async def test_a_read_is_sent_again_once_only(gateway: Gateway, service: Service) -> None:
    stale = await _kept(gateway, service)
    caller = await gateway.call(request())
    await stale.message()
    stale.close()
    fresh = await service.accept()
    await fresh.message()
    fresh.close()
    assert (await caller.message()).status == 502
    assert service.nobody_waits()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_that_may_have_arrived_is_never_sent_again(
    gateway: Gateway, service: Service, method: str
) -> None:
    stale = await _kept(gateway, service)
    caller = await gateway.call(request("Content-Length: 2", method=method, body=b"ok"))
    assert (await stale.message()).body == b"ok"
    stale.close()
    back = await caller.message()
    assert (back.status, _code(back)) == (502, "service_broke_off")
    assert service.nobody_waits()


async def test_a_read_whose_answer_had_begun_is_not_sent_again(
    gateway: Gateway, service: Service
) -> None:
    stale = await _kept(gateway, service)
    caller = await gateway.call(request())
    await stale.message()
    await stale.send(b"HTTP/1.1 200")
    stale.close()
    assert (await caller.message()).status == 502
    assert service.nobody_waits()


async def test_a_connection_seen_to_be_closed_is_replaced_even_for_a_write(
    gateway: Gateway, service: Service
) -> None:
    stale = await _kept(gateway, service)
    stale.close()
    await gateway.turn()
    asked = request("Content-Length: 2", method="POST", body=b"ok")
    got, back = await exchange(gateway, service, asked, answer(status="201 Created"))
    assert (got.body, back.status) == (b"ok", 201)


async def test_a_service_that_speaks_unasked_loses_its_connection(
    gateway: Gateway, service: Service
) -> None:
    wire = await _kept(gateway, service)
    await wire.send(answer(body=b"for nobody"))
    await wire.closed()
    _, back = await exchange(gateway, service, request(), answer(body=b"asked for"))
    assert back.body == b"asked for"


async def test_the_caller_sees_no_answer_when_it_broke_off(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegun")
    wire.close()
    with pytest.raises(Closed):
        await caller.message()
