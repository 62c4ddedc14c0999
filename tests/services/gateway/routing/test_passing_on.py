"""What reaches the service, and what comes back to the caller."""

import re

import pytest

from shared.kernel.errors import DomainError, Unauthenticated
from shared.kernel.text import Text
from tests.services.gateway.routing.conftest import (
    Gateway,
    OpenGateway,
    answer,
    exchange,
    request,
)
from tests.services.gateway.routing.wire import Service


async def test_path_and_query_arrive_as_they_were_written(
    gateway: Gateway, service: Service
) -> None:
    path = "/v1/workstation/a%2Fb/%E7%A4%BE%20?q=%E4%BA%BA&q=+&empty="
    got, _ = await exchange(gateway, service, request(path=path), answer())
    assert got.start == f"GET {path} HTTP/1.1"


@pytest.mark.parametrize("path", ["/v1/workstations", "/v1/work", "/", "/v1/workstation%00"])
async def test_only_the_services_own_paths_are_passed_on(
    gateway: Gateway, service: Service, path: str
) -> None:
    caller = await gateway.call(request(path=path))
    assert (await caller.message()).body == b"own"
    assert service.nobody_waits()


async def test_an_address_in_absolute_form_is_not_followed(
    gateway: Gateway, service: Service
) -> None:
    asked = request(path="http://elsewhere.test/v1/workstation/posts?x=1")
    got, _ = await exchange(gateway, service, asked, answer())
    assert got.target == "/v1/workstation/posts?x=1"


async def test_a_body_with_a_length_keeps_its_length(gateway: Gateway, service: Service) -> None:
    asked = request("Content-Length: 6", method="POST", body="社区".encode())
    got, back = await exchange(gateway, service, asked, answer(status="201 Created", body=b"ok"))
    assert (got.one("content-length"), got.one("transfer-encoding")) == ("6", None)
    assert got.body.decode() == "社区"
    assert (back.status, back.one("content-length"), back.body) == (201, "2", b"ok")


async def test_a_chunked_body_stays_chunked(gateway: Gateway, service: Service) -> None:
    asked = request(
        "Transfer-Encoding: chunked", method="POST", body=b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    answered = answer("Transfer-Encoding: chunked", body=b"4\r\nvwxy\r\n1\r\nz\r\n0\r\n\r\n")
    got, back = await exchange(gateway, service, asked, answered)
    assert (got.one("content-length"), got.body) == (None, b"abcde")
    assert (back.one("content-length"), back.body) == (None, b"vwxyz")


async def test_an_empty_post_says_that_it_is_empty(gateway: Gateway, service: Service) -> None:
    asked = request("Content-Length: 0", method="POST")
    got, _ = await exchange(gateway, service, asked, answer())
    assert got.one("content-length") == "0"


async def test_an_answer_that_ends_with_its_connection_is_whole(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\nall of it")
    wire.close()
    back = await caller.message()
    assert (back.one("transfer-encoding"), back.body) == ("chunked", b"all of it")


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_an_answer_without_a_body_ends_with_its_head(
    gateway: Gateway, service: Service, status: str
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    for tag in ("one", "two"):
        await wire.message()
        length = ["Content-Length: 120"] if status.startswith("304") else []
        head = "\r\n".join([f"HTTP/1.1 {status}", f'ETag: "{tag}"', *length])
        await wire.send(head.encode() + b"\r\n\r\n")
        back = await caller.message(bodiless=True)
        assert (back.status, back.one("etag")) == (int(status[:3]), f'"{tag}"')
        assert back.one("transfer-encoding") is None
        if tag == "one":
            await caller.send(request())
    assert service.nobody_waits()


async def test_head_is_answered_with_the_length_alone_and_the_connection_kept(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request(method="HEAD"))
    wire = await service.accept()
    assert (await wire.message()).start.startswith("HEAD ")
    await wire.send(answer("Content-Length: 4000"))
    back = await caller.message(bodiless=True)
    assert (back.status, back.one("content-length")) == (200, "4000")
    await caller.send(request())
    await wire.message()
    await wire.send(answer(body=b"next"))
    assert (await caller.message()).body == b"next"


async def test_headers_of_a_hop_stay_on_their_hop(gateway: Gateway, service: Service) -> None:
    asked = request(
        "Connection: keep-alive, X-Private",
        "X-Private: 1",
        "Keep-Alive: timeout=1",
        "TE: trailers",
        "Trailer: X-Sum",
        "Proxy-Authorization: Basic x",
        "Proxy-Connection: keep-alive",
        "Upgrade: h2c",
        "X-Kept: 1",
    )
    answered = answer(
        "Connection: keep-alive, X-Inner",
        "X-Inner: 1",
        "Keep-Alive: timeout=75",
        "Proxy-Authenticate: Basic",
        "Trailer: X-Sum",
        "Upgrade: h2c",
        "X-Kept: 2",
    )
    got, back = await exchange(gateway, service, asked, answered)
    assert {name for name, _ in got.headers} == {
        "host",
        "x-kept",
        "x-request-id",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
    }
    assert {name for name, _ in back.headers} == {
        "content-length",
        "date",
        "x-kept",
        "x-request-id",
    }


async def test_other_headers_pass_unchanged_repeated_ones_too(
    gateway: Gateway, service: Service
) -> None:
    asked = request("Cookie: a=1", "Cookie: b=2", 'If-Match: "7"', "Accept-Encoding: gzip")
    answered = answer(
        "Set-Cookie: a=1; HttpOnly",
        "Set-Cookie: b=2",
        "Content-Encoding: gzip",
        "Location: /v1/workstation/posts/1",
        body=b"\x1f\x8b",
    )
    got, back = await exchange(gateway, service, asked, answered)
    assert got.all("cookie") == ["a=1", "b=2"]
    assert (got.one("if-match"), got.one("accept-encoding")) == ('"7"', "gzip")
    assert back.all("set-cookie") == ["a=1; HttpOnly", "b=2"]
    assert (back.one("content-encoding"), back.body) == ("gzip", b"\x1f\x8b")
    assert back.one("location") == "/v1/workstation/posts/1"


async def test_one_callers_cookie_never_reaches_the_next(
    gateway: Gateway, service: Service
) -> None:
    first = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(answer("Set-Cookie: session=secret; Path=/"))
    await first.message()
    second = await gateway.call(request())
    assert (await wire.message()).one("cookie") is None
    await wire.send(answer())
    assert (await second.message()).one("set-cookie") is None


async def test_raw_utf_8_in_an_answers_header_survives(gateway: Gateway, service: Service) -> None:
    name = 'attachment; filename="报告.pdf"'
    head = f"HTTP/1.1 200 OK\r\nContent-Disposition: {name}\r\nContent-Length: 0\r\n\r\n"
    _, back = await exchange(gateway, service, request(), head.encode())
    given = back.one("content-disposition") or ""
    assert given.encode("latin-1").decode() == name


async def test_an_answer_has_one_date(gateway: Gateway, service: Service) -> None:
    answered = answer("Date: Mon, 02 Mar 2026 01:00:00 GMT")
    _, back = await exchange(gateway, service, request(), answered)
    assert back.one("date") is not None


async def test_trailers_of_an_answer_are_not_taken_for_headers(
    gateway: Gateway, service: Service
) -> None:
    answered = answer("Transfer-Encoding: chunked", body=b"1\r\nx\r\n0\r\nSet-Cookie: a=1\r\n\r\n")
    _, back = await exchange(gateway, service, request(), answered)
    assert (back.body, back.one("set-cookie")) == (b"x", None)


async def test_interim_answers_are_passed_over(gateway: Gateway, service: Service) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    _, back = await exchange(gateway, service, request(), interim + answer(body=b"final"))
    assert (back.status, back.one("link"), back.body) == (200, None, b"final")


async def test_a_caller_who_expects_100_continue_gets_it_and_then_the_answer(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request("Content-Length: 4", "Expect: 100-continue", method="POST"))
    assert (await caller.head()).status == 100
    await caller.send(b"body")
    wire = await service.accept()
    got = await wire.message()
    assert (got.one("expect"), got.body) == (None, b"body")
    await wire.send(answer(status="201 Created"))
    assert (await caller.message()).status == 201


async def test_a_caller_whose_token_is_refused_is_told_so_before_sending_the_body(
    open_gateway: OpenGateway, service: Service
) -> None:
    refusal = Unauthenticated(code="token_invalid", detail=Text(zh="令牌无效", en="Bad token"))

    def refuse(_scope: object) -> DomainError:
        return refusal

    gateway = open_gateway(authenticate=refuse)
    caller = await gateway.call(request("Content-Length: 4", "Expect: 100-continue", method="POST"))
    back = await caller.message()
    assert (back.status, back.one("www-authenticate")) == (401, "Bearer")
    assert service.nobody_waits()


async def test_the_service_learns_the_callers_address_scheme_and_host(
    gateway: Gateway, service: Service
) -> None:
    got, _ = await exchange(gateway, service, request(), answer())
    assert got.one("x-forwarded-for") == "127.0.0.1"
    assert got.one("x-forwarded-proto") == "http"
    assert got.one("x-forwarded-host") == "shequ.test"
    assert got.one("host") == "shequ.test"


async def test_what_a_caller_says_of_its_own_address_is_not_believed(
    gateway: Gateway, service: Service
) -> None:
    asked = request(
        "X-Forwarded-For: 10.9.9.9",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.test",
        "X-Forwarded-User: mayor",
        "Forwarded: for=10.9.9.9",
        "X-Real-IP: 10.9.9.9",
        "X-Shequ-District: 100000",
    )
    got, _ = await exchange(gateway, service, asked, answer())
    assert got.one("x-forwarded-for") == "127.0.0.1"
    assert got.one("x-forwarded-proto") == "http"
    assert got.one("x-forwarded-host") == "shequ.test"
    names = {name for name, _ in got.headers}
    assert not names & {"x-forwarded-user", "forwarded", "x-real-ip", "x-shequ-district"}


async def test_a_trusted_proxy_tells_the_callers_address(
    open_gateway: OpenGateway, service: Service
) -> None:
    gateway = open_gateway(trusted_proxies=("127.0.0.1", "10.0.0.0/8"))
    asked = request("X-Forwarded-For: 1.2.3.4, 203.0.113.7, 10.0.0.2")
    got, _ = await exchange(gateway, service, asked, answer())
    assert got.one("x-forwarded-for") == "203.0.113.7"


async def test_a_request_id_goes_through_to_the_service_and_back(
    gateway: Gateway, service: Service
) -> None:
    got, back = await exchange(
        gateway, service, request("X-Request-Id: visit-2026.03"), answer("X-Request-Id: other")
    )
    assert got.one("x-request-id") == back.one("x-request-id") == "visit-2026.03"


@pytest.mark.parametrize("given", [None, "short", "with space in it", "x" * 65, "<script>alert"])
async def test_a_request_without_a_usable_id_is_given_one(
    gateway: Gateway, service: Service, given: str | None
) -> None:
    lines = [] if given is None else [f"X-Request-Id: {given}"]
    got, back = await exchange(gateway, service, request(*lines), answer())
    made = got.one("x-request-id") or ""
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert back.one("x-request-id") == made


async def test_a_kept_connection_serves_one_request_after_the_other(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call()
    wire = None
    for number in range(20):
        await caller.send(request(path=f"/v1/workstation/{number}"))
        wire = wire or await service.accept()
        assert (await wire.message()).target == f"/v1/workstation/{number}"
        await wire.send(answer(body=str(number).encode()))
        assert (await caller.message()).body == str(number).encode()
    assert service.nobody_waits()


async def test_a_connection_that_the_service_wants_closed_is_not_used_again(
    gateway: Gateway, service: Service
) -> None:
    for _ in range(2):
        _, back = await exchange(gateway, service, request(), answer("Connection: close"))
        assert back.status == 200
