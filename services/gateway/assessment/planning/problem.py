"""What is planned and what a plan says. Days are civil dates, durations minutes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

Quarter = str
"""Year and quarter, `2026Q1`."""
Week = tuple[int, int]
"""ISO year and week."""


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day falls."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def week_of(day: date) -> Week:
    """The ISO week in which a day falls."""
    return day.isocalendar()[:2]


class Constraint(StrEnum):
    """What may forbid a visit to a community for a request."""

    NO_WORKING_DAY = "no_working_day"
    """The window holds no working day on which visits may still be put."""
    TOO_LONG = "too_long"
    """The request takes longer on site than a visit may."""
    OCCUPIED = "occupied"
    """The community is closed that day, or has another visit that may not be changed."""
    CAP = "cap"
    """The community has all the visits of the quarter that the rule allows."""
    MINUTES = "minutes"
    """The day's joint visit would last longer than a visit may."""
    CAPACITY = "capacity"
    """The request's inspectors have all the visits of the day that they can make."""


@dataclass(frozen=True, slots=True)
class Community:
    """A place to visit and the street it lies in."""

    id: UUID
    street: UUID


@dataclass(frozen=True, slots=True)
class Request:
    """An approved request: which communities it must be brought to, from the first to the last
    day of its window, how long it takes on site, and how many visits its inspectors make a day."""

    id: UUID
    communities: frozenset[UUID]
    first_day: date
    last_day: date
    minutes: int
    visits_a_day: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A joint visit: one community, one day, every request that it serves."""

    community: UUID
    day: date
    requests: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A visit of another campaign: it takes the community's day, a place under the cap and
    `minutes` of the week's load."""

    community: UUID
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be planned.

    `days` are the statutory working days, in order, and `opens` is the first on which a visit may
    newly be put. `caps` are the visits a community may have in a quarter; a quarter that is not
    named has no cap. `announced` visits are kept where possible; `fixed` ones, made already or too
    near to be changed, stay as they are. On `closed` days a community cannot be visited.
    """

    days: tuple[date, ...]
    opens: date
    communities: tuple[Community, ...]
    requests: tuple[Request, ...]
    minutes_a_visit: int
    caps: Mapping[Quarter, int] = field(default_factory=dict)
    announced: tuple[Visit, ...] = ()
    fixed: tuple[Visit, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    closed: frozenset[tuple[UUID, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much work a plan may take, in the solver's deterministic seconds, so that the same
    problem and seed give the same plan on every machine; 0 gives the greedy plan."""

    work: float = 8.0


@dataclass(frozen=True, slots=True)
class Measure:
    """One objective of a plan and the proven bound below which no plan can come, given that the
    objectives before it are as they are."""

    value: int
    bound: int

    @property
    def gap(self) -> float:
        """How far the value may lie above the best, as a share of the value."""
        return 0.0 if self.value == self.bound else (self.value - self.bound) / self.value


@dataclass(frozen=True, slots=True)
class Objective:
    """What a plan costs, in the order in which it was minimised.

    `unserved` pairs of request and community; `disturbed` announced visits that lose a request;
    `visits`, fixed ones included; `peak` minutes on site in a community's heaviest week; `moves`
    between streets, one less than the streets visited on each day.
    """

    unserved: Measure
    disturbed: Measure
    visits: Measure
    peak: Measure
    moves: Measure


@dataclass(frozen=True, slots=True)
class Unserved:
    """A request that a community is not visited for, and what forbids it.

    On `day`, the nearest to a yes, exactly `constraints` stand against adding it to this plan, and
    on no other day of the window do fewer; `day` is None where there is no day at all. With
    `in_any_plan` they also stand against it when nothing but the fixed visits is planned.
    """

    request: UUID
    community: UUID
    constraints: tuple[Constraint, ...]
    day: date | None
    in_any_plan: bool


@dataclass(frozen=True, slots=True)
class Disturbed:
    """An announced visit that this plan changes: the requests it loses, each with its new day, or
    None where it is not served any more."""

    visit: Visit
    moved: Mapping[UUID, date | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Joint visits by day and community, what they cost, and what could not be served."""

    visits: tuple[Visit, ...]
    objective: Objective
    unserved: tuple[Unserved, ...]
    disturbed: tuple[Disturbed, ...]
