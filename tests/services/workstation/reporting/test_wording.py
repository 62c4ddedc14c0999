"""How numbers, days and lists read."""

from datetime import date
from decimal import Decimal

import pytest

from services.workstation.reporting.domain import Figure, FigureValue, Source, Unit
from services.workstation.reporting.facts import Approximation, SurveyValue
from services.workstation.reporting.wording import day, joined, number, shown, signed, told
from shared.kernel.text import Language, Text


def _figure(value: FigureValue, unit: Unit = Unit.PERSONS, **more: object) -> Figure:
    return Figure(
        key="k",
        label=Text("甲", "a"),
        value=value,
        unit=unit,
        source=Source.STAFF,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("figure", "zh", "en"),
    [
        (_figure(None), "无记录", "no record"),
        (_figure(()), "无", "none"),
        (_figure(("甲", "乙")), "甲、乙", "甲, 乙"),
        (_figure((600, 700)), "600、700", "600, 700"),
        (_figure("沙市区"), "沙市区", "沙市区"),
        (_figure(15_600), "15600", "15600"),
        (_figure(20_000, inferred=True), "20000（推定）", "20000 (inferred)"),
        (_figure(Decimal("0.189"), Unit.RATIO, numerator=62, denominator=328), "18.9%", "18.9%"),
        (_figure(Decimal("0.56"), Unit.RATIO), "56.0%", "56.0%"),
        (_figure(Decimal("12.50")), "12.50", "12.50"),
    ],
)
def test_a_figure_is_shown_as_people_read_it(figure: Figure, zh: str, en: str) -> None:
    assert (shown(figure, "zh"), shown(figure, "en")) == (zh, en)


def test_the_unit_stands_before_the_mark_that_a_number_is_inferred() -> None:
    assert shown(_figure(10_000, inferred=True), "zh", "元") == "10000元（推定）"


@pytest.mark.parametrize(
    ("approximation", "zh", "en"),
    [
        (Approximation.MORE_THAN, "20余", "more than 20"),
        (Approximation.NEARLY, "近20", "nearly 20"),
        (Approximation.ABOUT, "约20", "about 20"),
        (None, "20", "20"),
    ],
)
def test_a_surveyed_number_is_told_as_it_was(
    approximation: Approximation | None, zh: str, en: str
) -> None:
    assert told(SurveyValue(value=20, approximation=approximation)) == Text(zh, en)


@pytest.mark.parametrize(("language", "written"), [("zh", "2012年6月30日"), ("en", "30 June 2012")])
def test_a_day_reads_as_in_its_language(language: Language, written: str) -> None:
    assert day(date(2012, 6, 30), language) == written


def test_differences_carry_their_sign() -> None:
    assert [signed(value) for value in (-13, 0, 4)] == ["−13", "0", "+4"]
    assert number(-13) == "-13"
    assert joined([], "zh") == ""
