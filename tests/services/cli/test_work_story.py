"""The files of the story of delegated work fit together."""

from datetime import date

import pytest

from services.cli.demo.stories.work.ledger import last_period
from services.cli.demo.stories.work.people import rows_of
from shared.kernel.similarity import similarity

ITEMS, ELEMENTS = rows_of("work_items"), rows_of("ledger_elements")
DEPARTMENTS = {row["code"] for row in rows_of("departments")}


def test_the_catalogue_has_forty_items_some_of_them_without_money() -> None:
    assert len({row["code"] for row in ITEMS}) == len(ITEMS) == 40
    refused = [row for row in ITEMS if row["times"] == "0"]
    assert len(refused) == 8
    assert all(row["amount_yuan"] in {"", "0"} for row in refused)
    assert {row["department"] for row in ITEMS} == DEPARTMENTS


def test_items_feed_elements_that_exist() -> None:
    known = {row["code"] for row in ELEMENTS}
    fed = {code for row in ITEMS for code in row["elements"].split(";") if code}
    assert fed <= known


def test_sixty_books_are_elements_asked_for_by_departments_and_most_by_several() -> None:
    assert len({row["code"] for row in ELEMENTS}) == len(ELEMENTS) == 60
    asked = [row["asked_by"].split() for row in ELEMENTS]
    assert all(set(by) <= DEPARTMENTS and by for by in asked)
    assert sum(len(by) > 1 for by in asked) > 30


def test_no_element_repeats_another() -> None:
    told = [(row["title"], row["title"] + row["definition"]) for row in ELEMENTS]
    for at, (title, whole) in enumerate(told):
        for other_title, other in told[at + 1 :]:
            assert max(similarity(title, other_title), similarity(whole, other)) < 0.6


@pytest.mark.parametrize(
    ("frequency", "today", "period", "recorded_on"),
    [
        ("half_year", date(2026, 11, 24), "2026-H1", date(2026, 7, 6)),
        ("half_year", date(2026, 7, 2), "2026-H1", date(2026, 7, 2)),
        ("half_year", date(2026, 3, 1), "2025-H2", date(2026, 1, 6)),
        ("year", date(2026, 3, 1), "2025", date(2026, 1, 6)),
    ],
)
def test_values_are_those_of_the_last_period_that_is_over(
    frequency: str, today: date, period: str, recorded_on: date
) -> None:
    assert last_period(frequency, today) == (period, recorded_on)
