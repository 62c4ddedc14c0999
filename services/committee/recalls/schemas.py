"""Requests and answers of recalls, resignations and vacancies."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from services.committee.elections.public.words import Form
from services.committee.organisation.public import (
    Leaving,
    MeetingShape,
    Position,
)
from services.committee.recalls.domain import (
    Basis,
    RecallState,
    ResignationState,
    SignatureState,
)
from shared.web.problem import RuleView
from shared.web.shapes import CivilDay, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_DAY = "2026-11-20"
Count = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Electors = Annotated[StrictInt, Field(ge=1, le=10_000_000)]


class View(BaseModel):
    """An answer made from a row."""

    model_config = ConfigDict(from_attributes=True)


class PetitionRequest(Request):
    """A petition with its reasons, and the numbers of the last election's roll it is judged by.

    Where the platform held that election its own roll counts instead, and residents'
    representatives are counted where they are recorded.
    """

    member_id: UUID = Field(examples=[_ID])
    basis: Basis = Field(examples=["electors"])
    form: Form = Field(
        description="How the member was elected; the vote takes the same form",
        examples=["all_electors"],
    )
    reasons: Paragraph = Field(
        examples=["连续三个月未公布居务收支，经居务监督委员会两次督促未改。"]
    )
    electors: Electors | None = Field(None, examples=[1860])
    households: Electors | None = Field(None, examples=[None])
    representatives: Electors | None = Field(None, examples=[None])
    roll_document: Line = Field(examples=["第八届选民名单公告〔2021〕2号"])


class SignatureRequest(Request):
    """A signature: of a representative by id, else by name and identity number (kept only as a hash),
    and for a petition of households the household."""

    representative_id: UUID | None = Field(None, examples=[None])
    name: Line | None = Field(None, examples=["周玉兰"])
    id_number: str | None = Field(None, max_length=18, examples=["421002196805121224"])
    household: Line | None = Field(None, examples=[None])
    signed_on: CivilDay = Field(examples=[_DAY])


class VerificationRequest(Request):
    """Whether the signer stands on the roll; a refusal needs a reason."""

    valid: bool = Field(examples=[True])
    reason: Line | None = Field(None, examples=[None])


class SignatureView(View):
    """A signature; the identity number is not kept."""

    id: UUID = Field(examples=[_ID])
    name: str = Field(description="Masked", examples=["周**"])
    household: str | None = Field(examples=[None])
    signed_on: date = Field(examples=[_DAY])
    state: SignatureState = Field(examples=["entered"])
    reason: str | None = Field(examples=[None])


class DecisionRequest(Request):
    """Accept the petition, or refuse it with a reason."""

    outcome: Literal["acceptance", "refusal"] = Field(examples=["acceptance"])
    reason: Line | None = Field(None, examples=[None])


class DefenceRequest(Request):
    """What the member says."""

    statement: Paragraph = Field(
        examples=["公示栏七月损坏，收支已在居民代表会议上报告，有会议记录。"]
    )


class AnnouncementRequest(Request):
    """When and where the vote is held."""

    vote_on: CivilDay = Field(examples=["2026-12-20"])
    place: Line = Field(examples=["社区活动中心"])


class CountRequest(Request):
    """One person's count of the ballots."""

    issued: Count = Field(examples=[1200])
    received: Count = Field(examples=[1180])
    in_favour: Count = Field(examples=[700])
    against: Count = Field(examples=[460])
    void: Count = Field(examples=[20])


class CountView(CountRequest):
    """A count that was entered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(examples=[_ID])


class OutcomeView(BaseModel):
    """What the votes decided, and by which rules."""

    voters: int = Field(examples=[1860])
    issued: int = Field(examples=[1200])
    received: int = Field(examples=[1180])
    in_favour: int = Field(examples=[700])
    against: int = Field(examples=[460])
    void: int = Field(examples=[20])
    rules: list[RuleView]


class OfOffice(View):
    """What concerns a member's office."""

    id: UUID = Field(examples=[_ID])
    committee_id: UUID = Field(examples=[_ID])
    committee_name: str = Field(examples=["航空路社区居民委员会"])
    community_id: UUID = Field(examples=[_ID])
    member_id: UUID = Field(examples=[_ID])
    member_name: str = Field(examples=["李建国"])
    position: Position = Field(examples=["member"])


class RecallView(OfOffice):
    """A recall. `due_on` is the last day for the step that follows."""

    basis: Basis = Field(examples=["electors"])
    form: Form = Field(examples=["all_electors"])
    reasons: str = Field(examples=["连续三个月未公布居务收支。"])
    electors: int | None = Field(examples=[1860])
    households: int | None = Field(examples=[None])
    representatives: int | None = Field(examples=[None])
    roll_document: str = Field(examples=["第八届选民名单公告〔2021〕2号"])
    election_id: UUID | None = Field(
        description="Whose roll counts, where the platform held the election", examples=[None]
    )
    signatures: int = Field(description="Valid ones", examples=[190])
    state: RecallState = Field(examples=["collecting"])
    due_on: date | None = Field(examples=[None])
    overdue: bool = Field(examples=[False])
    defence: str | None = Field(examples=[None])
    defended_on: date | None = Field(examples=[None])
    vote_on: date | None = Field(examples=[None])
    vote_place: str | None = Field(examples=[None])
    outcome: OutcomeView | None = Field(examples=[None])
    concluded_on: date | None = Field(examples=[None])


class ResignationRequest(Request):
    """Who resigns, and why."""

    member_id: UUID = Field(examples=[_ID])
    reason: Line = Field(examples=["迁居外地"])


class ResignationDecision(Request):
    """What the meeting decided."""

    accepted: bool = Field(examples=[True])
    meeting: MeetingShape


class ResignationView(OfOffice):
    """A resignation."""

    reason: str = Field(examples=["迁居外地"])
    submitted_on: date = Field(examples=[_DAY])
    state: ResignationState = Field(examples=["submitted"])
    due_on: date | None = Field(examples=["2026-12-18"])
    meeting: MeetingShape | None


class EndingRequest(Request):
    """Why an office ended by law, from which day on it is not held any more, and what proves it.
    A resignation and a recall have procedures of their own."""

    cause: Literal[
        "incapacitated", "sentenced", "failed_evaluation", "annulled", "moved", "died"
    ] = Field(examples=["sentenced"])
    on: CivilDay = Field(examples=[_DAY])
    document: Line = Field(examples=["（2026）鄂1002刑初88号刑事判决书"])


class ByElectionRequest(Request):
    """A meeting's resolution to fill what is vacant in a committee (组织法 24)."""

    committee_id: UUID = Field(examples=[_ID])
    form: Form = Field(examples=["resident_representatives"])
    election_day: CivilDay = Field(examples=["2027-01-16"])
    resolved_on: CivilDay = Field(examples=[_DAY])
    resolution: Line = Field(examples=["2026年11月20日居民代表会议决议"])
    document: Line | None = Field(None, examples=["航居会〔2026〕9号"])


class ByElectionView(BaseModel):
    """The by-election that began: its seats are what was vacant."""

    election_id: UUID = Field(examples=[_ID])
    seats: dict[Position, int] = Field(examples=[{"member": 1}])
    woman_sitting: bool = Field(
        description="A woman is among the members who stay", examples=[True]
    )
    term_ends_on: date = Field(
        description="Who is elected serves until the day before", examples=["2026-12-01"]
    )


class VacancyView(View):
    """A seat that nobody holds for the rest of the term (组织法 24); nobody held it before, nor left,
    where the term's election left it vacant."""

    id: UUID = Field(examples=[_ID])
    member_id: UUID | None = Field(description="Who held it", examples=[_ID])
    member_name: str | None = Field(examples=["李建国"])
    position: Position = Field(examples=["member"])
    left_on: date = Field(description="Since when it is vacant", examples=[_DAY])
    left_because: Leaving | None = Field(examples=["recalled"])
    committee_id: UUID = Field(examples=[_ID])
    committee_name: str = Field(examples=["航空路社区居民委员会"])
    community_id: UUID = Field(examples=[_ID])
    term_id: UUID = Field(examples=[_ID])
    term_number: int = Field(examples=[8])
    term_ends_on: date = Field(
        description="Who is elected now serves until the day before", examples=["2026-12-01"]
    )
