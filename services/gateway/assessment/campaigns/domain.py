"""The procedure of a campaign, and the states of its visits. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class CampaignState(StrEnum):
    """States of a campaign. What is not announced does not exist for communities."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class VisitState(StrEnum):
    """States of a visit. A postponed one keeps its place in the next plan, on another day."""

    ANNOUNCED = "announced"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_GROUP = frozenset({Role.LEADING_GROUP})
_S = CampaignState
CAMPAIGN = Procedure(
    name="campaign",
    states={
        _S.DRAFT: Text("筹备中", "being prepared"),
        _S.ANNOUNCED: Text("已部署", "announced"),
        _S.CONCLUDED: Text("结果已公布", "results published"),
        _S.CANCELLED: Text("已取消", "cancelled"),
    },
    actions={
        "announcement": Text("部署", "announce"),
        "conclusion": Text("公布结果", "publish results"),
        "cancellation": Text("取消", "cancel"),
    },
    steps=(
        Step(_S.DRAFT, "announcement", "announced", _S.ANNOUNCED, _GROUP),
        Step(_S.DRAFT, "cancellation", "cancelled", _S.CANCELLED, _GROUP, reason=True),
        Step(_S.ANNOUNCED, "announcement", "announced_anew", _S.ANNOUNCED, _GROUP),
        Step(_S.ANNOUNCED, "cancellation", "cancelled", _S.CANCELLED, _GROUP, reason=True),
        Step(_S.ANNOUNCED, "conclusion", "concluded", _S.CONCLUDED, _GROUP),
    ),
)


PLANNED_IN = frozenset({CampaignState.DRAFT, CampaignState.ANNOUNCED})
SHOWN = frozenset({CampaignState.ANNOUNCED, CampaignState.CONCLUDED})
"""Of these and of those cancelled after their announcement communities and departments know."""


class Change(StrEnum):
    """What an announcement changes about a visit."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """An announced visit as those need it who assess there: by which standard, of which community,
    when, and for the requests of which departments."""

    id: UUID
    campaign_id: UUID
    campaign_state: CampaignState
    standard_id: UUID
    community_id: UUID
    on_day: date
    departments: frozenset[UUID]
