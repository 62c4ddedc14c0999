"""The chain of the election log."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.committee.elections.chain import (
    GENESIS,
    Entry,
    Kind,
    NotCanonical,
    RollLine,
    append,
    canonical,
    commitment,
    digest,
    export,
    new_salt,
    roll_hash,
)
from shared.kernel.clock import SHANGHAI

AT = datetime(2026, 11, 24, 16, 30, 5, 999, tzinfo=SHANGHAI)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc_", max_size=5), inner),
)


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    value: dict[str, Any] = {"b": [True, None, -1], "a": '居民\n"\\\u007f\u0001', "a_": {}}
    assert canonical(value) == (
        '{"a":"居民\\n\\"\\\\\u007f\\u0001","a_":{},"b":[true,null,-1]}'.encode()
    )


@given(values)
def test_the_canonical_form_reads_back_as_what_it_was(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("value", [1.0, [2**53], {"票": 1}, {1: 2}, "\ud800", {"a": object()}])
def test_what_has_no_single_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_each_entry_is_hashed_with_the_one_before() -> None:
    first = append(None, Kind.OPENED, AT, {"a": 1})
    second = append(first, Kind.ROLL_FROZEN, AT, {})
    assert (first.sequence, first.previous, first.at) == (0, GENESIS, "2026-11-24T08:30:05Z")
    assert (second.sequence, second.previous) == (1, first.hash)
    text = (
        '{"at":"2026-11-24T08:30:05Z","body":{},"kind":"roll_frozen",'
        f'"previous":"{first.hash}","sequence":1}}'
    )
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()
    assert append((0, first.hash), Kind.ROLL_FROZEN, AT, {}) == second


def test_the_roll_is_hashed_by_number_in_whatever_order_it_comes() -> None:
    lines = [RollLine(2, "b" * 64), RollLine(1, "a" * 64, "c" * 64)]
    assert roll_hash(lines) == roll_hash(lines[::-1])
    assert roll_hash(lines) != roll_hash([lines[0], replace(lines[1], unit=None)])


def test_a_commitment_needs_its_salt() -> None:
    salt = new_salt()
    assert len(salt) == 32
    assert (
        commitment(salt, "李建国") == digest([salt, "李建国"]) != commitment(new_salt(), "李建国")
    )
    assert commitment(salt, "ab", "c") != commitment(salt, "a", "bc")


def test_the_export_holds_roll_entries_and_head() -> None:
    entries: list[Entry] = []
    for kind in (Kind.OPENED, Kind.CANCELLED):
        entries.append(append(entries[-1] if entries else None, kind, AT.astimezone(UTC), {}))
    read = json.loads(export([RollLine(2, "b"), RollLine(1, "a")], entries))
    assert [line["number"] for line in read["roll"]] == [1, 2]
    assert read["entries"][1] == entries[1].as_json()
    assert read["head"] == {"entries": 2, "hash": entries[1].hash}
