"""Ids."""

import copy
import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import ids
from shared.kernel.ids import new_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(), timedelta(365 * 8000)).map(lambda since: EPOCH + since)


def _millisecond(made: UUID) -> int:
    return made.int >> 80


def test_an_id_is_a_uuid_of_version_7_like_any_other() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert UUID(str(made)) == made
    assert hash(UUID(str(made))) == hash(made)
    assert pickle.loads(pickle.dumps(made)) == made
    assert copy.deepcopy(made) == made


def test_an_id_carries_the_moment_it_was_made() -> None:
    assert abs(_millisecond(new_id()) - time.time_ns() // 1_000_000) < 5_000


def test_ids_rise_strictly_also_within_a_millisecond() -> None:
    made = [new_id() for _ in range(20_000)]
    assert all(one < next_one for one, next_one in pairwise(made))


def test_threads_share_one_rising_series() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(2_000)], range(8)))
    assert len({made for batch in batches for made in batch}) == 16_000
    assert all(one < next_one for batch in batches for one, next_one in pairwise(batch))


def test_ids_rise_when_the_system_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert new_id() > before


def test_a_millisecond_that_is_full_runs_over_into_the_next() -> None:
    series = ids._Series()
    first = series.next(5, False)
    series._random = (1 << 74) - 1
    after = series.next(5, False)
    assert after > first
    assert _millisecond(after) == 6
    assert series.next(5, False) > after


@given(moments)
def test_an_id_of_a_given_moment_carries_it(moment: datetime) -> None:
    made = new_id(moment)
    assert made.version == 7
    assert _millisecond(made) == (moment - EPOCH) // timedelta(milliseconds=1)


def test_ids_of_one_given_moment_rise_and_an_earlier_moment_is_honoured() -> None:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    made = [new_id(moment) for _ in range(100)]
    assert all(one < next_one for one, next_one in pairwise(made))
    assert new_id(datetime(2025, 1, 5, tzinfo=UTC)) < made[0]


def test_a_given_moment_needs_a_time_zone_and_lies_after_1970() -> None:
    with pytest.raises(ValueError, match="time zone"):
        new_id(datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises(ValueError, match="after 1970"):
        new_id(datetime(1969, 12, 31, tzinfo=UTC))


def test_a_forked_worker_does_not_repeat_its_parents_ids() -> None:
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, b"".join(new_id().bytes for _ in range(50)))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        written = pipe.read()
    theirs = {written[at : at + 16] for at in range(0, len(written), 16)}
    ours = {new_id().bytes for _ in range(50)}
    assert len(theirs) == len(ours) == 50
    assert not theirs & ours
