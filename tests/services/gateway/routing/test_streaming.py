"""Bodies of any size pass in pieces; nobody's slowness fills the gateway's memory."""

from services.gateway.routing.client import BUFFER_BYTES
from tests.services.gateway.routing.conftest import Gateway, answer, request
from tests.services.gateway.routing.wire import Service, fill

# More than the sockets' own buffers hold on every hop together, so that what a sender gets rid of
# beyond that lies in the gateway's memory.
HUGE = 96 << 20
HELD_BY_SOCKETS = 32 << 20


async def test_an_upload_arrives_piece_by_piece(gateway: Gateway, service: Service) -> None:
    caller = await gateway.call(request("Transfer-Encoding: chunked", method="POST"))
    wire = await service.accept()
    await wire.head()
    for piece in (b"first", b"second", b"third"):
        await caller.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        assert await wire.chunk() == piece
    await caller.send(b"0\r\n\r\n")
    assert await wire.chunk() == b""
    await wire.send(answer(status="201 Created"))
    assert (await caller.message()).status == 201


async def test_a_download_arrives_piece_by_piece(gateway: Gateway, service: Service) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert (await caller.head()).status == 200
    for piece in (b"first", b"second", b"third"):
        await wire.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        assert await caller.chunk() == piece
    await wire.send(b"0\r\n\r\n")
    assert await caller.chunk() == b""


async def test_an_upload_goes_no_faster_than_the_service_reads(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request(f"Content-Length: {HUGE}", method="PUT"))
    wire = await service.accept()
    await wire.head()
    sent = await fill(caller, HUGE, gateway.turn)
    assert sent < HELD_BY_SOCKETS + BUFFER_BYTES
    await wire.skip(sent)
    caller.close()


async def test_a_download_goes_no_faster_than_the_caller_reads(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {HUGE}\r\n\r\n".encode())
    sent = await fill(wire, HUGE, gateway.turn)
    assert sent < HELD_BY_SOCKETS + BUFFER_BYTES
    await caller.head()
    await caller.skip(sent)
    caller.close()


async def test_a_large_download_is_whole_after_its_reader_was_slow(
    gateway: Gateway, service: Service
) -> None:
    size = 40 << 20
    caller = await gateway.call(request())
    wire = await service.accept()
    await wire.message()
    await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
    sent = await fill(wire, size, gateway.turn)
    await caller.head()
    left = size
    while sent < size:
        await caller.skip(1 << 20)
        left -= 1 << 20
        sent += wire.send_what_fits(size - sent)
    await caller.skip(left)
    await caller.send(request())
    await wire.message()
    await wire.send(answer(body=b"next"))
    assert (await caller.message()).body == b"next"


async def test_a_service_may_answer_before_it_has_read_the_body(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request("Content-Length: 1000", method="POST", body=b"begun"))
    wire = await service.accept()
    await wire.head()
    await wire.send(answer(status="413 Content Too Large", body=b"too large"))
    back = await caller.message()
    assert (back.status, back.body) == (413, b"too large")


async def test_a_connection_with_half_a_request_in_it_is_not_used_again(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request("Content-Length: 1000", method="POST", body=b"begun"))
    wire = await service.accept()
    await wire.head()
    await wire.send(answer(status="403 Forbidden"))
    assert (await caller.message()).status == 403
    second = await gateway.call(request(path="/v1/workstation/second"))
    fresh = await service.accept()
    assert (await fresh.message()).target == "/v1/workstation/second"
    await fresh.send(answer())
    assert (await second.message()).status == 200
    assert await wire.closed() == b"begun"


async def test_a_service_may_answer_while_the_body_is_still_coming(
    gateway: Gateway, service: Service
) -> None:
    caller = await gateway.call(request("Transfer-Encoding: chunked", method="POST"))
    wire = await service.accept()
    await wire.head()
    await wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await caller.head()
    for piece in (b"a", b"b"):
        await caller.send(b"1\r\n%b\r\n" % piece)
        assert await wire.chunk() == piece
        await wire.send(b"1\r\n%b\r\n" % piece.upper())
        assert await caller.chunk() == piece.upper()
