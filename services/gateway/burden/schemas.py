"""Answers of burden."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, Field

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class BeforeAfter(BaseModel):
    """What was asked (`before`), and what of it reached the community (`after`)."""

    before: int = Field(examples=[20])
    after: int = Field(examples=[3])


class Items(BeforeAfter):
    """Items of inspections asked, and those that needed a visit; the rest was read from results
    that are shared or from the ledger, or refused."""

    shared: int = Field(examples=[120])
    from_ledger: int = Field(examples=[83])
    refused: int = Field(examples=[6])


class Values(BeforeAfter):
    """Values that forms asked for, and those that had to be collected anew; of `forms`,
    `forms_avoided` gave the community nothing to fill in."""

    forms: int = Field(examples=[12])
    forms_avoided: int = Field(examples=[9])


class Demands(BaseModel):
    """Demands made outside the catalogue that were reported, and those upheld."""

    reported: int = Field(examples=[4])
    upheld: int = Field(examples=[3])


class Sums(BaseModel):
    """A year in numbers: inspections requested and visits made; items; values of forms; plaques
    outdoors on the year's first day and last (or today); demands made outside the catalogue; tasks
    that reached a community under an item without money, which admission rules out."""

    inspections: BeforeAfter
    items: Items
    values: Values
    plaques_outdoors: BeforeAfter
    off_catalogue: Demands
    unfunded_tasks: int = Field(examples=[0])


class CommunityBurden(Sums):
    """One community's year."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["朝阳路街道"])


class StreetBurden(Sums):
    """One street's year: the sum of its `communities`."""

    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["朝阳路街道"])
    communities: int = Field(examples=[11])


class Refused(BaseModel):
    """What the gateway kept from the district's communities in the year: dispatches refused, of
    which for want of money, and item applications sent back for want of money."""

    dispatches: int = Field(examples=[14])
    dispatches_unfunded: int = Field(examples=[6])
    items_unfunded: int = Field(examples=[5])


class Burden(BaseModel):
    """A year by community, in the order of their codes, and by street, with the total of the
    communities shown. A street is summed for who sees all of it. `refused` is of the whole
    district, null for who sees or asked for only a part of it."""

    year: int = Field(examples=[2026])
    communities: Sequence[CommunityBurden]
    streets: Sequence[StreetBurden]
    total: Sums
    refused: Refused | None
