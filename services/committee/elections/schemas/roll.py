"""The roll of electors. Identity numbers are read, and never kept or shown."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.elections.domain import Basis, ObjectionState, RollChange
from services.committee.elections.schemas.shapes import ID, SHA256, IdNumber, Name, Unit
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import CivilDay, Line, Request


class ElectorRequest(Request):
    """Somebody who says that they take part (组织法 16). `represents` is the household (户编号) or
    the residents' group for which they vote, where representatives vote."""

    name: Name = Field(examples=["张晓梅"])
    id_number: IdNumber = Field(examples=["11010519491231002X"])
    basis: Basis = Field(examples=["household_register"])
    household: Unit | None = Field(None, examples=["000001"])
    rights: bool = Field(True, description="Has political rights", examples=[True])
    works_here_since: CivilDay | None = Field(
        None, description="A community worker's first day", examples=[None]
    )
    represents: Unit | None = Field(None, examples=[None])


class RegistrationRequest(Request):
    """Registrations; `declaration` says where their wish to take part is on file."""

    declaration: Line = Field(examples=["选民登记册第3册"])
    electors: list[ElectorRequest] = Field(min_length=1, max_length=500)


class RegistrationView(BaseModel):
    """What became of one person, in the order of the request."""

    name: str = Field(examples=["张**"])
    outcome: Literal["registered", "refused", "registered_before"] = Field(examples=["registered"])
    elector_id: UUID | None = Field(examples=[ID])
    reasons: list[ProblemError]


class RegistrationsView(BaseModel):
    """What became of a request's registrations, and the rules that were applied."""

    registered: int = Field(examples=[1])
    refused: int = Field(examples=[0])
    registered_before: int = Field(examples=[0])
    electors: list[RegistrationView]
    rules: list[RuleView]


class RegistryRequest(Request):
    """Take the registry's residents of age into the register; `declaration` says how they told
    that they take part. `after` continues where the last answer ended."""

    declaration: Line = Field(examples=["2026年11月入户登记"])
    after: UUID | None = Field(None, examples=[None])


class RegistryView(RegistrationsView):
    """As many of the registry's residents as one request takes; `after` goes into the next."""

    after: UUID | None = Field(examples=[None])


class VoterRequest(Request):
    """The elector who votes for a household or a residents' group."""

    elector_id: UUID = Field(examples=[ID])
    unit: Unit = Field(examples=["000001"])


class VotersRequest(Request):
    """Who votes for which household or group."""

    voters: list[VoterRequest] = Field(min_length=1, max_length=500)


class VotersView(BaseModel):
    """How many were named."""

    named: int = Field(examples=[1])


class RollView(BaseModel):
    """The published roll as anyone may see it: how many, its hash, and masked names. Whoever lives
    in the community sees the names (`roll/notice`), as they are posted there."""

    published_on: date | None = Field(examples=["2026-11-24"])
    frozen_on: date | None = Field(examples=[None])
    electors: int | None = Field(examples=[3120])
    voters: int | None = Field(examples=[3120])
    roll_sha256: str | None = Field(examples=[SHA256])


class NoticeLine(BaseModel):
    """A name on the published roll; `unit` is for whom the elector votes."""

    id: UUID = Field(examples=[ID])
    name: str = Field(examples=["张晓梅"])
    unit: str | None = Field(examples=[None])
    votes: bool = Field(examples=[True])


class ElectorView(BaseModel):
    """An elector as the election committee sees them. `salt` with `id` and `name` opens the
    commitment in the public log; it is shown to the elector alone."""

    id: UUID = Field(examples=[ID])
    number: int | None = Field(examples=[1024])
    name: str = Field(examples=["张晓梅"])
    sex: str = Field(examples=["female"])
    born_on: date = Field(examples=["1949-12-31"])
    basis: Basis = Field(examples=["household_register"])
    household: str | None = Field(examples=["000001"])
    unit: str | None = Field(examples=[None])
    votes: bool = Field(examples=[True])
    state: str = Field(examples=["registered"])
    reasons: list[str] = Field(examples=[[]])
    declaration: str = Field(examples=["选民登记册第3册"])
    removed_on: date | None = Field(examples=[None])
    removed_because: str | None = Field(examples=[None])


class ReceiptView(BaseModel):
    """What opens an elector's line of the public log: its commitment is the SHA-256 of the
    canonical `[salt, id, name]`."""

    number: int | None = Field(examples=[1024])
    salt: str = Field(examples=["3f0c9a0be27d4f1d8f5a6f0c9a0be27d"])
    id: UUID = Field(examples=[ID])
    name: str = Field(examples=["张晓梅"])
    commitment: str = Field(examples=[SHA256])


class ObjectionRequest(Request):
    """An objection to the published roll (组织法 17)."""

    objector: Name = Field(examples=["陈志强"])
    concerns: Line = Field(examples=["本人已登记，名单中没有"])
    elector_id: UUID | None = Field(None, description="Whom it is about", examples=[None])


class ObjectionDecision(Request):
    """The decision. Upheld, it says how the roll is changed."""

    outcome: Literal[ObjectionState.UPHELD, ObjectionState.DISMISSED] = Field(examples=["upheld"])
    decision: Line = Field(examples=["经查登记册第2册第14行有登记，予以补入"])
    add: list[ElectorRequest] = Field([], max_length=50, examples=[[]])
    remove: list[UUID] = Field([], max_length=50, examples=[[]])


class ObjectionView(BaseModel):
    """An objection and what became of it."""

    id: UUID = Field(examples=[ID])
    raised_on: date = Field(examples=["2026-11-25"])
    due_on: date = Field(examples=["2026-11-28"])
    objector: str = Field(description="Masked", examples=["陈**"])
    concerns: str = Field(examples=["本人已登记，名单中没有"])
    elector_id: UUID | None = Field(examples=[None])
    state: ObjectionState = Field(examples=["raised"])
    overdue: bool = Field(examples=[False])
    decided_on: date | None = Field(examples=[None])
    decision: str | None = Field(examples=[None])


class RollChangeRequest(Request):
    """A public change of the frozen roll, signed by two members of the election committee."""

    reason: RollChange = Field(examples=["death"])
    note: Line = Field(examples=["2026年12月3日去世"])
    add: list[ElectorRequest] = Field([], max_length=50, examples=[[]])
    remove: list[UUID] = Field([], max_length=50, examples=[[ID]])
    signed_by: list[UUID] = Field(
        min_length=2, max_length=2, description="Members' ids", examples=[[ID, ID]]
    )
