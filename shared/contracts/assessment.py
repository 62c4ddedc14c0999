"""What the gateway tells of the joint assessment. Amounts are integer fen."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class VisitTold(BaseModel):
    """A visit of a campaign as a department is told of it: what changed, and for which of the
    department's requests."""

    visit_id: UUID
    community_id: UUID
    community_name: str
    on_day: date
    change: str
    requests: list[str]


class CampaignAnnounced(BaseModel):
    """A campaign was announced, announced anew or changed; the visits are the reader's own."""

    campaign_id: UUID
    title: str
    state: str
    document: str | None
    reason: str | None
    visits: list[VisitTold]


class RewardTo(BaseModel):
    """What one community is rewarded with, in fen."""

    reward_id: UUID
    community_id: UUID
    amount: int = Field(gt=0)


class RewardsGranted(BaseModel):
    """`REWARDS_GRANTED`: the rewards of a campaign, once; subject `campaign/{id}`. They sum to
    `budget`."""

    campaign_id: UUID
    title: str
    budget: int = Field(gt=0)
    source_line: str
    document: str
    granted_on: date
    rewards: list[RewardTo]
