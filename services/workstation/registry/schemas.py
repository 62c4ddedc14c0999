"""Requests and answers of the registry."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.workstation.registry.domain import (
    AdjustmentKind,
    CommunityKind,
    CommunityState,
    Departure,
    Residence,
    StreetKind,
)

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$"
    ),
]
Address = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f]*$")
]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9]{7,15}$")]
IdNumber = Annotated[str, StringConstraints(strip_whitespace=True, max_length=18)]
HouseholdCount = Annotated[int, Field(strict=True, ge=0, le=200_000)]


class Request(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class StreetRequest(Request):
    """A new street or township."""

    code: Code = Field(examples=["421002001"])
    name: Name = Field(examples=["解放街道"])
    kind: StreetKind = Field(examples=["street"])


class StreetChange(Request):
    """A new name."""

    name: Name = Field(examples=["解放路街道"])


class StreetView(BaseModel):
    """A street or township; counts are of today's active communities."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["421002001"])
    name: str = Field(examples=["解放街道"])
    kind: StreetKind = Field(examples=["street"])


class CommunityRequest(Request):
    """A new community; one that is not proposed needs an adjustment to come to be."""

    code: Code = Field(examples=["421002001099"])
    name: Name = Field(examples=["景湖社区"])
    kind: CommunityKind = Field(examples=["suburban"])
    street_id: UUID = Field(examples=[_ID])
    established_on: date = Field(examples=["2026-03-01"])
    household_count: HouseholdCount = Field(description="Official number", examples=[1800])


class CommunityChange(Request):
    """What may be changed of a community; what is left out stays."""

    name: Name | None = Field(None, examples=["航空路社区"])
    household_count: HouseholdCount | None = Field(None, examples=[2510])


class CommunityView(BaseModel):
    """A community 社区."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["421002001001"])
    name: str = Field(examples=["航空路社区"])
    kind: CommunityKind = Field(examples=["urban"])
    state: CommunityState = Field(examples=["active"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    established_on: date = Field(examples=["2003-05-20"])
    ended_on: date | None = Field(examples=[None])
    household_count: int = Field(description="Official number", examples=[2500])


class LineageStep(BaseModel):
    """One adjustment in a community's history."""

    adjustment: str = Field(examples=["2003-01"])
    round: int = Field(examples=[1])
    kind: AdjustmentKind = Field(examples=["merge"])
    decided_on: date = Field(examples=["2003-05-20"])
    document: str = Field(examples=["沙区政发〔2003〕12号"])
    before: list[str] = Field(description="Names", examples=[["东方红居委会", "解放一居委会"]])
    after: list[str] = Field(description="Names", examples=[["航空路社区"]])


class Lineage(BaseModel):
    """Every adjustment that led to a community or away from it, oldest first."""

    community: CommunityView
    steps: list[LineageStep]


class AdjustmentRequest(Request):
    """An adjustment of the map: communities end, proposed ones become active, on one day."""

    code: Code = Field(examples=["2026-01"])
    round: int = Field(strict=True, ge=1, le=99, examples=[4])
    kind: AdjustmentKind = Field(examples=["merge"])
    decided_on: date = Field(examples=["2026-03-01"])
    document: Name = Field(examples=["沙区政发〔2026〕3号"])
    before: list[UUID] = Field(max_length=100, examples=[[_ID]])
    after: list[UUID] = Field(max_length=100, examples=[[_ID]])


class AdjustmentView(BaseModel):
    """An adjustment of the map of communities."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["2003-01"])
    round: int = Field(examples=[1])
    kind: AdjustmentKind = Field(examples=["merge"])
    decided_on: date = Field(examples=["2003-05-20"])
    document: str = Field(examples=["沙区政发〔2003〕12号"])


class GridCellView(BaseModel):
    """A grid cell or building."""

    id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["01"])
    name: str = Field(examples=["第一网格"])
    kind: str = Field(examples=["grid"])


class HouseholdRequest(Request):
    """A new household."""

    community_id: UUID = Field(examples=[_ID])
    code: Code = Field(examples=["000001"])
    address: Address = Field(examples=["航空路12号3栋2单元501室"])


class HouseholdView(BaseModel):
    """A household; the address is shown to those who work there."""

    id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["000001"])
    address: str = Field(examples=["航空路12号3栋2单元501室"])
    resident_count: int = Field(examples=[3])


class ResidentRequest(Request):
    """A new resident of a household."""

    household_id: UUID = Field(examples=[_ID])
    name: Name = Field(examples=["张晓梅"])
    id_number: IdNumber = Field(examples=["11010519491231002X"])
    phone: Phone | None = Field(None, examples=["13800001234"])
    residence: Residence = Field(examples=["both"])


class ResidentChange(Request):
    """What may be changed of a resident; what is left out stays."""

    name: Name | None = Field(None, examples=["张晓梅"])
    phone: Phone | None = Field(None, examples=["13800001234"])
    residence: Residence | None = Field(None, examples=["usual"])
    household_id: UUID | None = Field(None, examples=[_ID])


class ResidentView(BaseModel):
    """A resident; name, ID number and phone are masked."""

    id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    household_id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["张**"])
    sex: str = Field(examples=["female"])
    born_on: date = Field(examples=["1949-12-31"])
    id_number: str = Field(examples=["110105********002X"])
    phone: str | None = Field(examples=["138****1234"])
    residence: Residence = Field(examples=["both"])
    left_on: date | None = Field(examples=[None])
    left_because: Departure | None = Field(examples=[None])


class IdNumberSearch(Request):
    """An ID number to find; it never stands in an address."""

    id_number: IdNumber = Field(examples=["11010519491231002X"])


class DisclosureRequest(Request):
    """Why the full data is needed; it stands in the audit."""

    purpose: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=4, max_length=200, pattern=r"^[^\x00]+$"
        ),
    ] = Field(examples=["办理低保申请核对身份"])


class DisclosureView(BaseModel):
    """A resident's full data."""

    id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["张晓梅"])
    id_number: str = Field(examples=["11010519491231002X"])
    phone: str | None = Field(examples=["13800001234"])
    address: str = Field(examples=["航空路12号3栋2单元501室"])


class ExtractRequest(DisclosureRequest):
    """Whose full data is needed together, as for a statutory list, and what for; `after` continues
    where the last answer ended."""

    community_id: UUID = Field(examples=[_ID])
    after: UUID | None = Field(None, examples=[None])


class ExtractedResident(BaseModel):
    """A resident with what identifies them."""

    id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["张晓梅"])
    id_number: str = Field(examples=["11010519491231002X"])
    residence: Residence = Field(examples=["both"])
    household: str = Field(description="The household's code", examples=["000001"])


class ExtractView(BaseModel):
    """At most 200 residents who have not left; `after` goes into the next request, null at the
    end."""

    items: list[ExtractedResident]
    after: UUID | None = Field(examples=[None])


class DepartureRequest(Request):
    """When and why a resident left."""

    left_on: date = Field(examples=["2026-03-01"])
    because: Departure = Field(examples=["moved"])
