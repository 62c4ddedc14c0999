"""What a report is made of: figures that can be checked, and the arithmetic behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from services.workstation.posts.public import QuotaBand, posts_due
from services.workstation.reporting.facts import CommunityBuildingFacts
from shared.kernel.issue import RuleApplied
from shared.kernel.text import Text

FigureValue = int | str | Decimal | tuple[str, ...] | tuple[int, ...] | None
"""None where the district has no record; never a float. A list is one figure."""

FEN_PER_YUAN = 100
YUAN_PER_WAN = 10_000


class Unit(StrEnum):
    """What a figure counts; `ratio` is a share between 0 and 1 (or above, for a growth)."""

    COMMUNITIES = "communities"
    HOUSEHOLDS = "households"
    POSTS = "posts"
    PERSONS = "persons"
    STREETS = "streets"
    TIMES = "times"
    PLACES = "places"
    PLAQUES = "plaques"
    BOOKS = "books"
    TASKS = "tasks"
    STANDARDS = "standards"
    YUAN_PER_YEAR = "yuan_per_year"
    YUAN_PER_MONTH = "yuan_per_month"
    WAN_YUAN = "wan_yuan"
    RATIO = "ratio"
    NAME = "name"
    CODE = "code"
    NAMES = "names"


class Source(StrEnum):
    """The read query that a figure came from; each fills the part of the facts of that name."""

    DISTRICT = "reporting.district"
    COMMUNITIES = "reporting.communities"
    HISTORY = "reporting.history"
    POSTS = "reporting.posts"
    STAFF = "reporting.staff"
    FUNDING_RATES = "reporting.funding_rates"
    PAY = "reporting.pay"
    FACILITIES = "reporting.facilities"
    SERVICES = "reporting.services"
    SURVEY = "reporting.survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, name or list of the report, with what it takes to check it.

    `key` is stable and dotted. A share carries its numerator and denominator; `inferred` marks a
    record that is itself a reading of an illegible original.
    """

    key: str
    label: Text
    value: FigureValue
    unit: Unit
    source: Source
    numerator: int | None = None
    denominator: int | None = None
    note: Text | None = None
    inferred: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.value, float | bool):
            raise TypeError(f"{self.key}: a figure is exact, not {self.value!r}")
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError(f"{self.key}: a numerator comes with its denominator")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRules:
    """The rule values the report is judged by, and where each comes from.

    `premises_min_m2` is the rule `facilities.premises_min_m2`, `quota` the bands of the rule
    `posts.workstation_quota`. `premises_classes_m2` are the lower limits of the classes that the
    areas of premises are counted in, ascending; they name the figures' keys and judge nothing.
    """

    premises_min_m2: int
    quota: tuple[QuotaBand, ...]
    premises_classes_m2: tuple[int, ...] = (250, 300)
    applied: tuple[RuleApplied, ...] = ()

    def posts_due(self, households: int) -> int | None:
        """The posts due to a community of that size; None where no band holds it."""
        return posts_due(households, self.quota)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The community-building report of a district on a day."""

    facts: CommunityBuildingFacts
    rules: ReportRules
    figures: tuple[Figure, ...]
    prepared_by: str
    prepared_on: date

    @cached_property
    def by_key(self) -> Mapping[str, Figure]:
        """The figures by their key."""
        return {figure.key: figure for figure in self.figures}

    def figure(self, key: str) -> Figure:
        """The figure of that key; KeyError where the report has none."""
        return self.by_key[key]


def divided(numerator: int, denominator: int) -> int | None:
    """The quotient rounded to the nearest integer, halves away from zero; None over zero."""
    if denominator == 0:
        return None
    negative = (numerator < 0) != (denominator < 0)
    quotient = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return -quotient if negative else quotient


def ratio(numerator: int, denominator: int) -> Decimal | None:
    """The share to three decimals, halves away from zero; None over zero."""
    thousandths = divided(1000 * numerator, denominator)
    return None if thousandths is None else Decimal(thousandths).scaleb(-3)


def percent(numerator: int, denominator: int) -> str | None:
    """The share in percent with one decimal, halves away from zero: `18.9%`; None over zero."""
    tenths = divided(1000 * numerator, denominator)
    if tenths is None:
        return None
    whole, tenth = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}.{tenth}%"


def in_unit(amount: int, units: int) -> int | Decimal:
    """An amount counted in a larger unit, exactly: an int where it is whole.

    `units` is a power of ten: 100 for fen in yuan, 1,000,000 for fen in ten thousand yuan.
    """
    whole, rest = divmod(amount, units)
    if rest == 0:
        return whole
    return Decimal(amount).scaleb(1 - len(str(units))).normalize()


def yuan(fen: int) -> int | Decimal:
    """Fen in yuan, exactly."""
    return in_unit(fen, FEN_PER_YUAN)


def wan_yuan(fen: int) -> int | Decimal:
    """Fen in ten thousand yuan (万元), exactly."""
    return in_unit(fen, FEN_PER_YUAN * YUAN_PER_WAN)
