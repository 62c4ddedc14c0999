"""The election, its committee, its course and its log."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.elections.domain import (
    CommitteePost,
    ElectionKind,
    Form,
    Further,
    Nature,
    Office,
    Withdrawal,
)
from services.committee.elections.procedure import State
from services.committee.elections.schemas.shapes import ID, SHA256, Count, IdNumber, Name
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import CivilDay, Line, Request


class ResolutionRequest(Request):
    """The meeting's resolution to hold an election (组织法 14). `seats` by office: a chair and five
    to nine members in all for a renewal, no more than are vacant for a by-election. `demo_today`
    makes it a demonstration with a clock of its own."""

    community_id: UUID = Field(examples=[ID])
    kind: ElectionKind = Field(ElectionKind.GENERAL, examples=["general"])
    form: Form = Field(examples=["all_electors"])
    seats: dict[Office, Count] = Field(examples=[{"chair": 1, "vice_chair": 1, "member": 3}])
    election_day: CivilDay = Field(examples=["2026-12-26"])
    resolved_on: CivilDay = Field(examples=["2026-11-20"])
    resolution: Line = Field(examples=["2026年11月20日居民代表会议决议"])
    document: Line | None = Field(None, examples=["航居会〔2026〕8号"])
    demo_today: CivilDay | None = Field(None, examples=[None])


class ContestView(BaseModel):
    """Seats of an office that are voted on together."""

    contest: str = Field(examples=["member"])
    position: Office = Field(examples=["member"])
    seats: int = Field(examples=[3])
    women_only: bool = Field(examples=[False])


class ElectionView(BaseModel):
    """An election as everyone may see it. `today` is the day by which it goes: its own clock's for
    a demonstration (`demo`)."""

    id: UUID = Field(examples=[ID])
    community_id: UUID = Field(examples=[ID])
    community_name: str = Field(examples=["航空路社区"])
    kind: ElectionKind = Field(examples=["general"])
    form: Form = Field(examples=["all_electors"])
    state: State = Field(examples=["roll_published"])
    demo: bool = Field(examples=[False])
    today: date = Field(examples=["2026-11-24"])
    round: int = Field(examples=[1])
    contests: list[ContestView]
    election_day: date = Field(examples=["2026-12-26"])
    resolved_on: date = Field(examples=["2026-11-20"])
    resolution: str = Field(examples=["2026年11月20日居民代表会议决议"])
    document: str | None = Field(examples=["航居会〔2026〕8号"])
    roll_published_on: date | None = Field(examples=["2026-11-24"])
    roll_frozen_on: date | None = Field(examples=[None])
    roll_sha256: str | None = Field(description="Of the canonical roll", examples=[SHA256])
    electors: int | None = Field(examples=[3120])
    voters: int | None = Field(examples=[3120])
    candidates_published_on: date | None = Field(examples=[None])
    met_on: date | None = Field(examples=[None])
    proxies_published_on: date | None = Field(examples=[None])
    elected_on: date | None = Field(examples=[None])
    acceded_on: date | None = Field(description="The new term began", examples=[None])
    due_on: date | None = Field(description="Last day of the present step", examples=[None])
    log_entries: int = Field(examples=[5])
    log_head: str | None = Field(description="Hash of the last entry", examples=[SHA256])
    version: int = Field(examples=[4])


class ElectionDetail(ElectionView):
    """An election with the rules that hold for it."""

    rules: Sequence[RuleView]


class BlockersView(BaseModel):
    """What is missing for the next step; nothing when it may be taken."""

    state: State = Field(examples=["roll_published"])
    state_name: str = Field(examples=["名单已公布"])
    today: date = Field(examples=["2026-11-24"])
    demo: bool = Field(examples=[False])
    next: Sequence[str] = Field(description="Steps possible in this state", examples=[["freeze"]])
    blockers: list[ProblemError]


class Milestone(BaseModel):
    """A statutory period of the election: its first and last allowed day, and its article."""

    name: str = Field(examples=["objections"])
    first: date | None = Field(examples=["2026-11-24"])
    last: date | None = Field(examples=["2026-11-29"])
    source: str = Field(examples=["城市居民委员会组织法 第十七条"])


class MemberRequest(Request):
    """A member of the election committee, or an alternate, in the order of the vote."""

    name: Name = Field(examples=["周建国"])
    id_number: IdNumber = Field(
        description="Kept only as a keyed hash, to notice a nomination",
        examples=["11010519491231002X"],
    )
    post: CommitteePost = Field(examples=["chair"])


class CommitteeRequest(Request):
    """The residents' election committee as the meeting chose it (组织法 15); later on, further
    alternates."""

    members: list[MemberRequest] = Field(min_length=1, max_length=40)
    resolution: Line = Field(examples=["2026年11月20日居民代表会议推选"])


class CommitteeMemberView(BaseModel):
    """A place in the election committee; alternates succeed by `rank`."""

    id: UUID = Field(examples=[ID])
    rank: int = Field(examples=[1])
    post: CommitteePost = Field(examples=["chair"])
    name: str = Field(examples=["周建国"])
    left_on: date | None = Field(examples=[None])
    left_because: Withdrawal | None = Field(examples=[None])
    successor_id: UUID | None = Field(examples=[None])


class PostponementRequest(Request):
    """Another day for the present round, why, and who decided so."""

    election_day: CivilDay = Field(examples=["2027-01-09"])
    reason: Line = Field(examples=["持续暴雪，居民出行不便"])
    source: Line = Field(examples=["居民选举委员会2026年12月20日决定"])


class CancellationRequest(Request):
    """Why the election is ended, and who decided so."""

    reason: Line = Field(examples=["社区撤并"])
    source: Line = Field(examples=["沙区政发〔2026〕3号"])


class ClockRequest(Request):
    """The day to which a demonstration's clock moves; only forward."""

    today: CivilDay = Field(examples=["2026-12-26"])


class RoundView(BaseModel):
    """A round of voting. `result` is as it was published, null before; `invalid` says in words why a
    void round counts for nothing, and what to do."""

    round: int = Field(examples=[1])
    nature: Nature = Field(examples=["first"])
    reason: Further | None = Field(examples=[None])
    ballot_on: date = Field(examples=["2026-12-26"])
    contests: list[ContestView]
    announced_on: date | None = Field(examples=["2026-12-26"])
    result: dict[str, Any] | None = Field(
        examples=[
            {
                "round": 1,
                "announced_on": "2026-12-26",
                "valid": True,
                "reasons": [],
                "voters": 3120,
                "participants": 1988,
                "tallies": [{"contest": "chair", "votes": [{"person": ID, "votes": 1502}]}],
                "elected": [{"contest": "chair", "position": "chair", "person": ID, "votes": 1502}],
                "vacancies": [],
            }
        ]
    )
    invalid: list[ProblemError]


class AmongView(BaseModel):
    """One of those between whom the votes do not decide."""

    person: UUID = Field(examples=[ID])
    name: str = Field(examples=["李建国"])
    votes: int = Field(examples=[602])


class QuestionView(BaseModel):
    """What the votes leave open: of these persons `take` are to be taken, as the province's rule
    prescribes. `contest` and persons are given back in the decision."""

    contest: str = Field(examples=["member"])
    position: Office = Field(examples=["member"])
    step: Literal["woman", "seats"] = Field(examples=["seats"])
    question: Literal["tie", "over_election"] = Field(examples=["tie"])
    take: int = Field(examples=[1])
    among: list[AmongView]
    rules: list[RuleView]


class ElectedView(BaseModel):
    """Somebody who was elected, with the number of the certificate 当选证书."""

    person: UUID = Field(examples=[ID])
    name: str = Field(examples=["李建国"])
    position: Office = Field(examples=["chair"])
    round: int = Field(examples=[1])
    votes: int = Field(examples=[1502])
    certificate: str = Field(examples=["421002001001-2026-01"])


class DecisionView(BaseModel):
    """A decision where the votes did not decide, with its source."""

    round: int = Field(examples=[1])
    contest: str = Field(examples=["member"])
    step: str = Field(examples=["seats"])
    question: str = Field(examples=["tie"])
    among: list[str] = Field(examples=[[ID]])
    elected: list[str] = Field(examples=[[ID]])
    how: str = Field(examples=["run_off"])
    votes: dict[str, int] = Field(examples=[{ID: 120}])
    source: str = Field(examples=["湖北省城市居民委员会选举办法 第三十一条"])
    document: str | None = Field(examples=[None])
    decided_on: date = Field(examples=["2026-12-27"])


class ResultView(BaseModel):
    """What was voted in every round, and who holds which office at the end."""

    state: State = Field(examples=["elected"])
    demo: bool = Field(examples=[False])
    rounds: list[RoundView]
    decisions: list[DecisionView]
    elected: list[ElectedView]
    question: str | None = Field(description="What waits for a decision", examples=[None])
    open_question: QuestionView | None = Field(description="The same for programs")


class LogEntryView(BaseModel):
    """An entry of the public log; see docs/election-log.md."""

    sequence: int = Field(examples=[0])
    previous: str = Field(examples=["0" * 64])
    kind: str = Field(examples=["roll_frozen"])
    at: datetime = Field(examples=["2026-11-30T01:00:00Z"])
    body: dict[str, Any] = Field(
        examples=[
            {"frozen_on": "2026-11-30", "electors": 3120, "voters": 3120, "roll_sha256": SHA256}
        ]
    )
    hash: str = Field(examples=[SHA256])


class AccessionRequest(Request):
    """The first day of the new term, today when left out."""

    starts_on: CivilDay | None = Field(None, examples=["2026-12-26"])
