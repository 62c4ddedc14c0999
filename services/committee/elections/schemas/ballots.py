"""Stations, marks, count sheets, decisions, further rounds."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.elections.domain import Channel, StationKind
from services.committee.elections.schemas.shapes import ID, SHA256, Count, Name, Number
from shared.web.shapes import CivilDay, Code, Line, Moment, Request


class ScrutineerRequest(Request):
    """A scrutineer 监票人: by elector's number, as a member of the election committee, or by name."""

    name: Name = Field(examples=["黄玉珍"])
    elector: Number | None = Field(None, examples=[512])
    member_id: UUID | None = Field(None, examples=[None])


class StationRequest(Request):
    """A polling station or a mobile box with its scrutineers."""

    code: Code = Field(examples=["S1"])
    name: Line = Field(examples=["社区服务中心投票站"])
    kind: StationKind = Field(examples=["station"])
    address: Line = Field(examples=["航空路12号一楼"])
    scrutineers: list[ScrutineerRequest] = Field(min_length=1, max_length=20)


class Scrutineer(BaseModel):
    """A scrutineer; `person` is an id that is the same throughout the election."""

    person: str = Field(examples=[ID])
    name: str = Field(examples=["黄玉珍"])


class StationView(BaseModel):
    """A station of a round as everyone may see it."""

    id: UUID = Field(examples=[ID])
    round: int = Field(examples=[1])
    code: str = Field(examples=["S1"])
    name: str = Field(examples=["社区服务中心投票站"])
    kind: StationKind = Field(examples=["station"])
    address: str = Field(examples=["航空路12号一楼"])
    scrutineers: list[Scrutineer]
    ballots: int = Field(description="Ballots it was given", examples=[1600])
    closed_at: datetime | None = Field(examples=[None])
    spoiled: int | None = Field(examples=[None])
    unused: int | None = Field(examples=[None])
    agreed: bool = Field(description="Two count sheets agree", examples=[False])
    voided_because: str | None = Field(examples=[None])


class BallotsRequest(Request):
    """Ballots given to a station, by their serials, both included."""

    first: Number = Field(examples=[1])
    last: Number = Field(description="Not before the first", examples=[1600])


class MarkRequest(Request):
    """An elector who is handed a ballot; for a proxy `elector` is the principal and `holder` who
    votes."""

    elector: Number = Field(examples=[1024])
    channel: Channel = Field(Channel.PAPER, examples=["paper"])
    holder: Number | None = Field(None, examples=[None])


class OfflineMark(MarkRequest):
    """A mark made without a connection, with its moment."""

    marked_at: Moment = Field(examples=["2026-12-26T01:05:00Z"])


class OfflineRequest(Request):
    """Marks that a station made without a connection; the same again change nothing."""

    marks: list[OfflineMark] = Field(min_length=1, max_length=2000)


class MarkedView(BaseModel):
    """That the elector was marked."""

    elector: int = Field(examples=[1024])
    channel: Channel = Field(examples=["paper"])


class ConflictView(BaseModel):
    """An elector who was handed ballots at two stations; both are kept."""

    id: UUID = Field(examples=[ID])
    elector: int = Field(examples=[1024])
    kept_station: str = Field(description="Whose mark counts", examples=["S1"])
    other_station: str = Field(examples=["M1"])
    marked_at: datetime = Field(examples=["2026-12-26T01:05:00Z"])
    decided_on: date | None = Field(examples=[None])
    decision: str | None = Field(examples=[None])


class TakenView(BaseModel):
    """What became of offline marks."""

    marked: int = Field(examples=[118])
    repeated: int = Field(examples=[0])
    conflicts: list[ConflictView]


class ConflictDecision(Request):
    """What was found out, and decided."""

    decision: Line = Field(examples=["经核对系网格员误勾，流动票箱未发出该选票"])


class ClosingRequest(Request):
    """A station's ballots at its end: exchanged for a new one, and left over."""

    spoiled: Count = Field(examples=[2])
    unused: Count = Field(examples=[611])


class VoidingRequest(Request):
    """Why a box is void, and who decided so."""

    reason: Line = Field(examples=["收回选票多于发出选票"])
    source: Line = Field(examples=["居民选举委员会2026年12月26日决定"])


class VotesOf(Request):
    """A person's votes."""

    person: UUID = Field(examples=[ID])
    votes: Count = Field(examples=[402])


class SheetLine(Request):
    """One contest on a sheet: ballots by kind, and every candidate's votes."""

    contest: str = Field(min_length=1, max_length=40, examples=["chair"])
    valid: Count = Field(examples=[980])
    blank: Count = Field(description="Abstentions", examples=[5])
    void: Count = Field(examples=[2])
    votes: list[VotesOf] = Field(max_length=200)


class SheetRequest(Request):
    """One of a station's two count sheets. `received` are the ballots in its box."""

    station_id: UUID = Field(examples=[ID])
    counted_by: UUID = Field(description="A scrutineer's or member's id", examples=[ID])
    received: Count = Field(examples=[987])
    contests: list[SheetLine] = Field(min_length=1, max_length=20)
    photograph_id: UUID = Field(examples=[ID])


class SheetView(BaseModel):
    """A count sheet. Figures are shown once both sheets are there; `differences` are the JSON
    pointers of those in which they differ."""

    id: UUID = Field(examples=[ID])
    station_id: UUID = Field(examples=[ID])
    attempt: int = Field(examples=[1])
    sheet: Literal["A", "B"] = Field(examples=["A"])
    counted_by: UUID = Field(examples=[ID])
    state: Literal["waiting", "agreed", "differs"] = Field(examples=["agreed"])
    received: int | None = Field(examples=[987])
    contests: list[SheetLine] | None
    differences: list[str] = Field(examples=[[]])
    photograph_sha256: str = Field(examples=[SHA256])
    photograph_id: UUID = Field(examples=[ID])


class FileView(BaseModel):
    """A photograph or document that was kept."""

    id: UUID = Field(examples=[ID])
    name: str = Field(examples=["计票表S1-A.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes", examples=[183204])
    sha256: str = Field(examples=[SHA256])


class SeatDecisionRequest(Request):
    """The decision that the province's rule prescribes where the votes do not decide. A run-off
    gives the votes of everyone in it."""

    contest: str = Field(min_length=1, max_length=40, examples=["member"])
    elected: list[UUID] = Field(min_length=1, max_length=20, examples=[[ID]])
    how: Literal["run_off", "other"] = Field(examples=["run_off"])
    votes: list[VotesOf] = Field([], max_length=50)
    source: Line = Field(examples=["湖北省城市居民委员会选举办法 第三十一条"])
    document: Line | None = Field(None, examples=["居民选举委员会2026年12月27日公告"])


class FurtherRequest(Request):
    """The day of a further round."""

    ballot_on: CivilDay = Field(examples=["2027-01-09"])


class RepetitionRequest(FurtherRequest):
    """The day of the repeated round, and why."""

    reason: Line = Field(examples=["第一次投票参加人数未过半数"])
