"""Requests and answers of rules."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.rulebook.rule import RuleValue

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_KEY = "admission.apply_working_days_ahead"
_SOURCE = "北京市西城区社区工作准入办法（2018）"
Sentence = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=500, pattern=r"^[^\x00]+$"),
]


class RuleValueView(BaseModel):
    """A value of a rule from a day on. `district` is null where it is the value of all districts;
    `verified` is false where it was not read in its source."""

    value: Any = Field(examples=[30])
    unit: str = Field(examples=["working days"])
    in_force_from: date = Field(examples=["2018-01-01"])
    until: date | None = Field(description="Its last day", examples=[None])
    source: str = Field(examples=[_SOURCE])
    certainty: str = Field(examples=["text"])
    verified: bool = Field(examples=[True])
    note: str = Field(examples=[""])
    district: str | None = Field(examples=[None])

    @classmethod
    def of(cls, rule: RuleValue) -> "RuleValueView":
        """A rule's value as the API shows it."""
        return cls.model_validate(rule, from_attributes=True)


class RuleView(RuleValueView):
    """A rule and its value on the day asked for."""

    key: str = Field(examples=[_KEY])

    @classmethod
    def of(cls, rule: RuleValue) -> "RuleView":
        """A rule as the API shows it."""
        return cls.model_validate(rule, from_attributes=True)


class OverrideView(BaseModel):
    """A district's own value of a rule; a withdrawn one does not hold."""

    id: UUID = Field(examples=[_ID])
    key: str = Field(examples=[_KEY])
    value: Any = Field(examples=[20])
    unit: str = Field(examples=["working days"])
    in_force_from: date = Field(examples=["2026-12-01"])
    until: date | None = Field(examples=[None])
    document: str = Field(examples=["沙社建组〔2026〕3号"])
    decided_on: date = Field(examples=["2026-11-20"])
    note: str = Field(examples=["缩短提前期"])
    decided_by: UUID | None = Field(examples=[_ID])
    recorded_at: datetime = Field(examples=["2026-11-20T01:00:00Z"])
    withdrawn_at: datetime | None = Field(examples=[None])
    withdrawn_because: str | None = Field(examples=[None])


class RuleDetail(RuleView):
    """A rule with all values it ever had by first day, and the district's decisions on it."""

    history: list[RuleValueView]
    overrides: list[OverrideView]


class OverrideRequest(BaseModel):
    """A decision of the Leading Group on a rule. The value has the form and unit of the rule's."""

    model_config = ConfigDict(extra="forbid")

    value: Any = Field(examples=[20])
    in_force_from: date = Field(examples=["2026-12-01"])
    until: date | None = Field(
        None, description="Last day; until further notice if left out", examples=[None]
    )
    document: Sentence = Field(examples=["沙社建组〔2026〕3号"])
    decided_on: date = Field(examples=["2026-11-20"])
    note: str = Field("", max_length=500, pattern=r"^[^\x00]*$", examples=["缩短提前期"])


class WithdrawalRequest(BaseModel):
    """Why an override shall not hold."""

    model_config = ConfigDict(extra="forbid")

    reason: Sentence = Field(examples=["录入有误"])
