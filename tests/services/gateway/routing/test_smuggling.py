"""One request in, one request out: nobody slips a second one, a header or an answer in between."""

import json

import pytest

from tests.services.gateway.routing.conftest import Gateway, answer, exchange, request
from tests.services.gateway.routing.wire import Service

HIDDEN = b"GET /v1/workstation/hidden HTTP/1.1\r\nHost: shequ.test\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5, 6",),
        ("Content-Length: +5",),
        ("Content-Length: -1",),
        ("Content-Length: 0x5",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: identity",),
        ("Transfer-Encoding:\x0bchunked",),
        ("Host: elsewhere.test",),
        ("X-A: 1\nX-B: 2",),
        ("X-A: 1\rX-B: 2",),
        ("X-A: 1\x00",),
        ("X A: 1",),
        ("X-A: 1\r\n folded",),
        (": 1",),
        ("no colon",),
    ],
)
async def test_an_ambiguous_request_is_refused_and_never_passed_on(
    gateway: Gateway, service: Service, lines: tuple[str, ...]
) -> None:
    body = b"0\r\n\r\n" + HIDDEN
    caller = await gateway.call(request(*lines, method="POST", body=body))
    assert (await caller.head()).status in {400, 501}
    assert service.nobody_waits()


@pytest.mark.parametrize(
    "body", [b"zz\r\nabc\r\n", b"-1\r\n\r\n", b"3 \nabc\r\n", b"3\r\nabcdef\r\n"]
)
async def test_a_body_chunked_wrongly_never_looks_finished(
    gateway: Gateway, service: Service, body: bytes
) -> None:
    caller = await gateway.call(request("Transfer-Encoding: chunked", method="POST"))
    wire = await service.accept()
    await wire.head()
    await caller.send(body + HIDDEN)
    assert (await caller.head()).status == 400
    passed = await wire.closed()
    assert b"0\r\n\r\n" not in passed
    assert b"hidden" not in passed


@pytest.mark.parametrize("named", ["Content-Length", "content-length, host", "Host"])
async def test_a_caller_cannot_have_the_frame_of_its_request_removed(
    gateway: Gateway, service: Service, named: str
) -> None:
    asked = request(
        f"Connection: {named}",
        f"Content-Length: {len(HIDDEN)}",
        method="POST",
        body=HIDDEN,
    )
    got, _ = await exchange(gateway, service, asked, answer())
    assert got.one("content-length") == str(len(HIDDEN))
    assert got.one("host") == "shequ.test"
    assert got.body == HIDDEN


async def test_requests_sent_ahead_are_answered_in_order(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(
        request(path="/v1/workstation/1") + request(path="/v1/workstation/2")
    )
    wire = await service.accept()
    for number in ("1", "2"):
        assert (await wire.message()).target == f"/v1/workstation/{number}"
        await wire.send(answer(body=number.encode()))
    assert (await caller.message()).body == b"1"
    assert (await caller.message()).body == b"2"


async def test_a_body_longer_than_its_length_is_the_next_request_of_the_same_caller(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request("Content-Length: 1", method="POST", body=b"x" + HIDDEN))
    wire = await service.accept()
    first = await wire.message()
    assert (first.target, first.body) == ("/v1/workstation/posts", b"x")
    await wire.send(answer())
    assert (await wire.message()).target == "/v1/workstation/hidden"
    await wire.send(answer())
    assert [(await caller.message()).status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "extra",
    [
        b"HTTP/1.1 418 Poisoned\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 418 Poisoned\r\nSet-Cookie: a=1\r\n",
        b"HTTP/1.1 4",
        b"anything",
    ],
)
async def test_a_second_answer_in_the_same_breath_spoils_the_connection_only(
    gateway: Gateway, service: Service, extra: bytes, method: str
) -> None:
    caller = await gateway.call(request(method=method))
    wire = await service.accept()
    await wire.message()
    await wire.send(answer(body=b"" if method == "HEAD" else b"first") + extra)
    back = await caller.message(bodiless=method == "HEAD")
    assert (back.status, back.one("set-cookie")) == (200, None)
    await wire.closed()
    _, back = await exchange(gateway, service, request(), answer(body=b"second"))
    assert back.body == b"second"


async def test_a_body_after_the_answer_to_head_spoils_the_connection(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request(method="HEAD"))
    wire = await service.accept()
    await wire.message()
    await wire.send(answer(body=b"not allowed here"))
    assert (await caller.message(bodiless=True)).one("content-length") == "16"
    await wire.closed()


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Content-Length: 2", "Content-Length: 3"),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: gzip",),
        ("X-A: 1\x00", "Content-Length: 2"),
        ("X-A: 1\rSet-Cookie: a=1", "Content-Length: 2"),
        ("X A: 1", "Content-Length: 2"),
    ],
)
async def test_an_ambiguous_answer_is_502(
    gateway: Gateway, service: Service, lines: tuple[str, ...]
) -> None:
    _, back = await exchange(gateway, service, request(), answer(*lines, body=b"ok"))
    assert back.status == 502
    assert json.loads(back.body)["code"] == "service_broke_off"
    assert back.one("set-cookie") is None


async def test_an_encoded_line_break_in_the_path_stays_encoded(
    gateway: Gateway, service: Service
) -> None:
    path = "/v1/workstation/a%0d%0aX-Evil:%201?b=%0d%0aX-Evil:%201"
    got, _ = await exchange(gateway, service, request(path=path), answer())
    assert (got.target, got.one("x-evil")) == (path, None)


async def test_a_wish_to_upgrade_is_passed_on_as_an_ordinary_request(
    gateway: Gateway, service: Service
) -> None:
    asked = request("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
    got, back = await exchange(gateway, service, asked, answer(status="404 Not Found"))
    assert (got.one("upgrade"), got.one("connection"), back.status) == (None, None, 404)
