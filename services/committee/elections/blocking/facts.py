"""What the next step of an election depends on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.committee.elections.calendar import Periods
from services.committee.elections.domain import Contest, Form, StationKind
from services.committee.elections.procedure import State
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A polling station of the round."""

    code: str
    kind: StationKind
    scrutineers: int
    ballots: int
    closed: bool
    agreed: bool
    voided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingOffice:
    """Into which term who was elected would come: whether the community has a committee on record,
    whether a term of it runs, and when its latest one began."""

    by_election: bool
    committee: bool
    term_runs: bool
    latest_start: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An election as it stands on a day, as far as its next step depends on it."""

    state: State
    today: date
    form: Form
    first_round: bool
    ballot_on: date
    periods: Periods
    posts_missing: tuple[str, ...]
    electors: int
    voters: int
    published_on: date | None
    open_objections: int
    open_nominations: int
    contests: tuple[Contest, ...]
    standing: Mapping[str, int]
    margin: int
    thin_nominations: int
    met: bool
    unpublished_proxies: int
    stations: tuple[StationFacts, ...]
    scrutineers_min: int
    mobile_boxes: bool
    open_conflicts: int
    question: Text | None
    second_candidates: int
    taking_office: TakingOffice | None


def missing(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Issue:
    """One thing that is missing, and how to mend it."""
    return Issue(code=code, detail=Text(zh, en), remedy=Text(remedy_zh, remedy_en))
