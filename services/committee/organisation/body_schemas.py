"""Requests and answers about groups, representatives, sub-committees, supervisors, kinship,
handovers and renewals."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.committee.organisation.domain import (
    Ending,
    HandoverState,
    Kin,
    KinshipState,
    Sex,
    SubCommitteeKind,
)
from services.committee.organisation.meetings import MeetingDecision, MeetingKind
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import CivilDay, Code, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_DAY = "2026-11-20"
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class View(BaseModel):
    """An answer made from a row."""

    model_config = ConfigDict(from_attributes=True)


class EndingRequest(Request):
    """The first day on which it is over."""

    on: CivilDay = Field(examples=[_DAY])


class LeavingRequest(EndingRequest):
    """The first day on which somebody no longer holds it, and why."""

    because: Ending = Field(examples=["moved"])


class MeetingShape(Request):
    """What the minutes of a meeting say: who could come, who came, who was for it."""

    kind: MeetingKind = Field(examples=["representatives_meeting"])
    held_on: CivilDay = Field(examples=[_DAY])
    entitled: Count = Field(examples=[36])
    present: Count = Field(examples=[30])
    in_favour: Count = Field(examples=[28])
    document: Line = Field(examples=["居民代表会议纪要〔2026〕5号"])

    @property
    def decision(self) -> MeetingDecision:
        """As the domain has it."""
        return MeetingDecision(**self.model_dump())


class SubCommitteeRequest(Request):
    """A sub-committee under the residents' committee."""

    kind: SubCommitteeKind = Field(examples=["mediation"])
    name: Line = Field(examples=["人民调解委员会"])
    established_on: CivilDay = Field(examples=[_DAY])


class SubCommitteeView(View):
    """A sub-committee, and how many sit in it."""

    id: UUID = Field(examples=[_ID])
    committee_id: UUID = Field(examples=[_ID])
    kind: SubCommitteeKind = Field(examples=["mediation"])
    name: str = Field(examples=["人民调解委员会"])
    established_on: date = Field(examples=[_DAY])
    ended_on: date | None = Field(examples=[None])
    member_count: int = Field(examples=[3])


class SubCommitteeMemberRequest(Request):
    """Who sits in it: a member of the committee by id, or another resident by name."""

    member_id: UUID | None = Field(None, examples=[_ID])
    name: Line = Field(description="Not used with `member_id`", examples=["李建国"])
    head: bool = Field(False, examples=[True])
    began_on: CivilDay = Field(examples=[_DAY])


class SubCommitteeMemberView(View):
    """Somebody in a sub-committee."""

    id: UUID = Field(examples=[_ID])
    member_id: UUID | None = Field(examples=[None])
    name: str = Field(examples=["李建国"])
    head: bool = Field(examples=[True])
    began_on: date = Field(examples=[_DAY])
    left_on: date | None = Field(examples=[None])
    left_because: Ending | None = Field(examples=[None])


class GroupRequest(Request):
    """A residents' group."""

    committee_id: UUID = Field(examples=[_ID])
    code: Code = Field(examples=["G01"])
    name: Line = Field(examples=["第一居民小组"])
    households: int = Field(ge=1, le=10_000, examples=[120])
    formed_on: CivilDay = Field(examples=[_DAY])


class GroupChange(Request):
    """Changes of a group; what is left out stays."""

    name: Line | None = Field(None, examples=["第一居民小组"])
    households: int | None = Field(None, ge=1, le=10_000, examples=[125])


class GroupView(View):
    """A residents' group with how many represent it."""

    id: UUID = Field(examples=[_ID])
    committee_id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["G01"])
    name: str = Field(examples=["第一居民小组"])
    households: int = Field(examples=[120])
    formed_on: date = Field(examples=[_DAY])
    ended_on: date | None = Field(examples=[None])
    representative_count: int = Field(examples=[3])
    version: int = Field(examples=[1])


class GroupDetail(GroupView):
    """A group with what deserves a look (组织法 13), and the rules that say so."""

    advice: list[ProblemError]
    rules: list[RuleView]


class Chosen(Request):
    """Somebody who was chosen, for which term of the committee."""

    name: Line = Field(examples=["周玉兰"])
    sex: Sex = Field(examples=["female"])
    person_id: UUID | None = Field(
        None, description="The registry's resident, where known", examples=[None]
    )
    term_number: int = Field(ge=1, le=99, examples=[8])


class RepresentativeRequest(Chosen):
    """Whom a group chose."""

    chosen_on: CivilDay = Field(examples=[_DAY])


class LeaderRequest(Request):
    """Who leads the group: one of its representatives."""

    representative_id: UUID = Field(examples=[_ID])


class RepresentativeView(View):
    """A residents' representative."""

    id: UUID = Field(examples=[_ID])
    group_id: UUID = Field(examples=[_ID])
    group_name: str = Field(examples=["第一居民小组"])
    community_id: UUID = Field(examples=[_ID])
    term_number: int = Field(examples=[8])
    name: str = Field(examples=["周玉兰"])
    sex: Sex = Field(examples=["female"])
    leader: bool = Field(examples=[True])
    chosen_on: date = Field(examples=[_DAY])
    left_on: date | None = Field(examples=[None])
    left_because: Ending | None = Field(examples=[None])


class SupervisorRequest(Chosen):
    """Whom a meeting chose to supervise the committee."""

    head: bool = Field(False, examples=[False])
    meeting: MeetingShape


class SupervisorView(View):
    """A member of the supervision committee."""

    id: UUID = Field(examples=[_ID])
    committee_id: UUID = Field(examples=[_ID])
    term_number: int = Field(examples=[8])
    name: str = Field(examples=["陈秀英"])
    sex: Sex = Field(examples=["female"])
    head: bool = Field(examples=[False])
    chosen_on: date = Field(examples=[_DAY])
    left_on: date | None = Field(examples=[None])
    left_because: Ending | None = Field(examples=[None])


class KinshipRequest(Request):
    """Two members or supervisors of one committee, and how they are kin."""

    persons: list[UUID] = Field(min_length=2, max_length=2, examples=[[_ID, _ID]])
    relation: Kin = Field(examples=["spouse"])
    note: Paragraph | None = Field(None, examples=["户籍登记为夫妻"])


class KinshipView(View):
    """A declared kinship. `due_on` is the last day for the street to examine it."""

    id: UUID = Field(examples=[_ID])
    committee_id: UUID = Field(examples=[_ID])
    one_id: UUID = Field(examples=[_ID])
    one_name: str = Field(examples=["李建国"])
    other_id: UUID = Field(examples=[_ID])
    other_name: str = Field(examples=["王秀兰"])
    relation: Kin = Field(examples=["spouse"])
    note: str | None = Field(examples=[None])
    state: KinshipState = Field(examples=["declared"])
    due_on: date | None = Field(examples=["2026-11-27"])


class HandedOver(Request):
    """One thing that was handed over."""

    kind: Annotated[str, Field(pattern=r"^(seal|accounts|archive|asset|other)$")] = Field(
        examples=["seal"]
    )
    name: Line = Field(examples=["居民委员会公章"])
    quantity: int = Field(1, ge=1, le=1_000_000, examples=[1])


class HandoverSubmission(Request):
    """The list of what was handed over, and the document that both sides signed."""

    items: list[HandedOver] = Field(min_length=1, max_length=500)
    document: Line = Field(examples=["移交清单〔2026〕1号"])


class HandoverView(View):
    """A handover. `deadline` is the tenth day; `overdue` once it passed and nothing was handed
    over, `due_on` the last day for the street's word."""

    id: UUID = Field(examples=[_ID])
    committee_id: UUID = Field(examples=[_ID])
    committee_name: str = Field(examples=["航空路社区居民委员会"])
    community_id: UUID = Field(examples=[_ID])
    term_number: int = Field(description="The new term", examples=[9])
    deadline: date = Field(examples=["2026-12-11"])
    state: HandoverState = Field(examples=["due"])
    due_on: date | None = Field(examples=[None])
    items: list[HandedOver]
    document: str | None = Field(examples=[None])
    handed_over_on: date | None = Field(examples=[None])
    overdue: bool = Field(examples=[False])


class RenewalView(View):
    """A committee whose last term ends soon or has ended."""

    committee_id: UUID = Field(examples=[_ID])
    committee_name: str = Field(examples=["航空路社区居民委员会"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[_ID])
    term_number: int = Field(examples=[8])
    ends_on: date = Field(examples=["2026-12-01"])
    raised_on: date | None = Field(description="When the platform raised it", examples=[_DAY])
    overdue: bool = Field(examples=[False])
