"""Every figure of the seed report, computed from the facts of its district."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.workstation.posts.public import QuotaBand
from services.workstation.reporting.domain import Figure, ReportRules
from services.workstation.reporting.facts import (
    CommunityFacts,
    CommunityKind,
    FundingRatesFacts,
    Rate,
    RateChange,
    StaffCount,
    StreetFacts,
    StreetKind,
    SurveyValue,
    Whereabouts,
)
from services.workstation.reporting.figures import figures_of
from tests.services.workstation.reporting.seed_district import RULES, empty_facts, seed_facts
from tests.support.seed import SEED_FIGURES

FIGURES = {figure.key: figure for figure in figures_of(seed_facts(), RULES)}
EMPTY = {figure.key: figure for figure in figures_of(empty_facts(), RULES)}


def _plain(figure: Figure) -> Any:
    value = figure.value
    if isinstance(value, tuple):
        return list(value)
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("key", [key for key in SEED_FIGURES if key != "staff.secondment_rate"])
def test_each_figure_of_the_seed_report_comes_out(key: str) -> None:
    assert _plain(FIGURES[key]) == SEED_FIGURES[key]["value"]


@pytest.mark.parametrize("key", [key for key, leaf in SEED_FIGURES.items() if leaf.get("inferred")])
def test_a_number_read_from_an_illegible_original_says_so(key: str) -> None:
    assert FIGURES[key].inferred
    assert "推定" in FIGURES[key].note.zh  # type: ignore[union-attr]


@pytest.mark.parametrize("key", [key for key, leaf in SEED_FIGURES.items() if leaf.get("exact")])
def test_an_exact_number_is_not_called_inferred(key: str) -> None:
    assert not FIGURES[key].inferred


def test_the_secondment_rate_shows_its_fraction_and_says_that_the_published_one_does_not_close() -> (
    None
):
    rate = FIGURES["staff.secondment_rate"]
    assert (rate.numerator, rate.denominator) == (62, 328)
    assert rate.value == Decimal("0.189")
    assert rate.note is not None
    for part in ("62/328=18.9%", "62/399=15.5%", "16.5%", "均不能得出"):
        assert part in rate.note.zh


@pytest.mark.parametrize(
    ("published", "says"), [(None, "采用前者"), (189, "此前报告为18.9%"), (155, "此前报告为15.5%")]
)
def test_the_rates_note_follows_what_was_published(published: int | None, says: str) -> None:
    facts = seed_facts()
    survey = replace(facts.survey, secondment_per_mille=published)
    rate = _by_key(figures_of(replace(facts, survey=survey), RULES))["staff.secondment_rate"]
    assert rate.note is not None
    assert says in rate.note.zh
    assert "不能得出" not in rate.note.zh


def test_the_average_community_has_about_2500_households_of_its_total() -> None:
    average = FIGURES["communities.average_households"]
    assert (average.numerator, average.denominator) == (207_500, 83)


def test_no_key_comes_twice() -> None:
    assert len(FIGURES) == len(figures_of(seed_facts(), RULES))


def test_the_rise_is_shown_as_5600_of_10000_yuan() -> None:
    rise = FIGURES["funding.per_post_per_year.rise"]
    assert (rise.numerator, rise.denominator, rise.inferred) == (5600, 10_000, True)


def test_a_rise_of_broken_yuan_is_shown_in_fen() -> None:
    change = RateChange(
        before=Rate(fen=10_050, since=seed_facts().on),
        after=Rate(fen=20_100, since=seed_facts().on),
    )
    facts = replace(seed_facts(), funding_rates=FundingRatesFacts(per_post=change))
    rise = _by_key(figures_of(facts, RULES))["funding.per_post_per_year.rise"]
    assert (rise.numerator, rise.denominator) == (10_050, 10_050)
    assert rise.note is not None
    assert "分为单位" in rise.note.zh


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("indicators.posts.occupied", 328),
        ("indicators.posts.vacant", 0),
        ("indicators.posts.mixed", 65),
        ("indicators.posts.empty", 77),
        ("indicators.posts.empty_rate", Decimal("0.235")),
        ("indicators.posts.seconded_by_street.胜利", 14),
        ("indicators.posts.secondment_rate_by_street.解放", Decimal("0.217")),
        ("indicators.posts.above_quota", -11),
        ("indicators.pay.standards", 4),
        ("indicators.pay.widest_spread", 120),
        ("indicators.premises.below_standard_rate", Decimal("0.313")),
        ("indicators.changes.communities", Decimal("-0.371")),
        ("indicators.changes.posts", Decimal("0.143")),
        ("indicators.tasks.delegated", None),
    ],
)
def test_the_problems_are_indicators(key: str, value: object) -> None:
    assert FIGURES[key].value == value


def test_another_standard_and_other_classes_of_area_change_what_is_counted() -> None:
    rules = ReportRules(premises_min_m2=300, quota=RULES.quota, premises_classes_m2=(150, 300))
    figures = _by_key(figures_of(seed_facts(), rules))
    assert figures["facilities.below_standard"].value == 33
    assert figures["facilities.premises_150_to_300_m2"].value == 7
    assert "facilities.premises_250_to_300_m2" not in figures


def test_an_unrecorded_area_counts_as_below_the_standard_and_the_note_says_how_many() -> None:
    facts = seed_facts()
    first = replace(facts.communities[0], premises_m2=None)
    facts = replace(facts, communities=(first, *facts.communities[1:]))
    below = _by_key(figures_of(facts, RULES))["facilities.below_standard"]
    assert below.value == 27
    assert below.note is not None
    assert "1个社区没有面积记录" in below.note.zh


@pytest.mark.parametrize("key", sorted(set(FIGURES) & set(EMPTY)))
def test_a_district_without_records_shows_no_number(key: str) -> None:
    if key in _OWN_NAME or key in _WORKS:
        return
    assert EMPTY[key].value in (None, ())


_OWN_NAME = {"district.name", "district.code", "district.province", "district.prefecture"}
_WORKS = {
    f"facilities.{what}.{how}"
    for what in ("street_service_centres", "office_premises")
    for how in ("new", "rebuilt")
}


def test_shares_of_nothing_have_no_value() -> None:
    facts = replace(
        empty_facts(),
        streets=(StreetFacts(name="一", kind=StreetKind.STREET),),
        communities=(_community(households=0),),
        staff=(StaffCount(street="一", whereabouts=Whereabouts.SELF_HIRED, persons=0),),
    )
    figures = _by_key(figures_of(facts, RULES))
    for key in (
        "staff.secondment_rate",
        "indicators.posts.empty_rate",
        "indicators.posts.self_hired_rate",
        "indicators.posts.below_quota_rate",
    ):
        assert (figures[key].value, figures[key].denominator) == (None, 0)


def test_a_community_in_no_band_is_due_no_post() -> None:
    rules = ReportRules(premises_min_m2=250, quota=(QuotaBand(1000, 2000, 4),))
    facts = replace(empty_facts(), communities=(_community(households=10, posts=3),))
    assert _by_key(figures_of(facts, rules))["indicators.posts.quota"].value == 0


def test_a_township_is_named_once_it_has_self_hired_people() -> None:
    facts = seed_facts()
    more = StaffCount(street="立新乡", whereabouts=Whereabouts.SELF_HIRED, persons=2)
    figures = _by_key(figures_of(replace(facts, staff=(*facts.staff, more)), RULES))
    assert figures["staff.self_hired.by_street.立新乡"].value == 2
    assert "staff.self_hired.by_street.立新乡" not in FIGURES


def test_a_surveyed_number_told_exactly_has_no_note() -> None:
    facts = seed_facts()
    survey = replace(facts.survey, tasks=SurveyValue(value=140))
    tasks = _by_key(figures_of(replace(facts, survey=survey), RULES))["indicators.tasks.delegated"]
    assert (tasks.value, tasks.note) == (140, None)


def _community(*, households: int, posts: int = 0) -> CommunityFacts:
    return CommunityFacts(
        name="甲",
        street="一",
        kind=CommunityKind.URBAN,
        households=households,
        approved_posts=posts,
        premises_m2=None,
        one_stop=False,
    )


def _by_key(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    return {figure.key: figure for figure in figures}
