"""When a delivery is tried again, and when an endpoint is dead."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.webhooks.addresses import Allowed, NotAllowed, endpoint_of, is_public
from services.gateway.webhooks.domain import (
    DEAD_AFTER,
    EVENT_TYPES,
    MOST_ATTEMPTS,
    PAUSES,
    Because,
    disabled_because,
    pause_after,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_attempts_go_on_for_three_days_and_then_end() -> None:
    assert sum(PAUSES, timedelta()) == DEAD_AFTER
    assert [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)] == list(PAUSES)
    assert pause_after(MOST_ATTEMPTS) is None


def test_pauses_grow() -> None:
    assert list(PAUSES) == sorted(PAUSES)


def test_a_receiver_may_ask_for_more_time_but_not_for_less_nor_for_more_than_the_longest() -> None:
    assert pause_after(1, timedelta(minutes=2)) == timedelta(minutes=2)
    assert pause_after(2, timedelta(seconds=1)) == PAUSES[1]
    assert pause_after(1, timedelta(days=30)) == PAUSES[-1]


def test_an_endpoint_that_says_gone_is_believed_at_once() -> None:
    assert disabled_because(410, given_up=False, failing_since=NOW, now=NOW) is Because.GONE


@pytest.mark.parametrize(
    ("given_up", "failing_for", "expected"),
    [
        (True, DEAD_AFTER, Because.DEAD),
        (True, DEAD_AFTER - timedelta(seconds=1), None),
        (False, DEAD_AFTER * 2, None),
    ],
)
def test_an_endpoint_is_dead_once_a_delivery_was_given_up_and_nothing_was_taken_for_three_days(
    given_up: bool, failing_for: timedelta, expected: Because | None
) -> None:
    found = disabled_because(503, given_up=given_up, failing_since=NOW - failing_for, now=NOW)
    assert found is expected


def test_every_type_of_event_has_a_title_in_both_languages_and_an_example() -> None:
    for name, one in EVENT_TYPES.items():
        assert name.startswith("cn.shequ.")
        assert one.title.zh and one.title.en and one.example


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "::1", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_of_an_inner_network_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/hook", "address_not_public"),
        ("https://[::1]/hook", "address_not_public"),
        ("https://localhost/hook", "address_not_public"),
        ("http://1.1.1.1/hook", "https_missing"),
        ("ftp://1.1.1.1/hook", "url_malformed"),
        ("https://user:word@1.1.1.1/hook", "url_malformed"),
        ("https://1.1.1.1/hook#part", "url_malformed"),
        ("https://1.1.1.1:port/hook", "url_malformed"),
        ("https:///hook", "url_malformed"),
        ("https://no-such-host.invalid/hook", "host_unknown"),
    ],
)
async def test_an_address_that_may_not_be_called_is_refused_with_its_reason(
    url: str, code: str
) -> None:
    with pytest.raises(NotAllowed) as error:
        await endpoint_of(url, Allowed())
    assert error.value.code == code


@pytest.mark.parametrize("entry", ["127.0.0.0/8", "localhost"])
async def test_an_operator_may_allow_a_network_or_a_name_and_then_plain_http_too(
    entry: str,
) -> None:
    host = "localhost" if entry == "localhost" else "127.0.0.1"
    found = await endpoint_of(f"http://{host}:8080/hook", Allowed([entry]))
    assert found.address.is_loopback
    with pytest.raises(NotAllowed):
        await endpoint_of("http://192.168.1.1/hook", Allowed([entry]))


async def test_a_public_address_over_https_needs_no_leave() -> None:
    found = await endpoint_of("https://1.1.1.1/hook", Allowed())
    assert (found.host, str(found.address)) == ("1.1.1.1", "1.1.1.1")
