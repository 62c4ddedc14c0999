"""What the other parts of the assessment may ask of results."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.assessment.results.domain import ResultState
from services.gateway.assessment.results.measuring import HeldValue
from services.gateway.assessment.results.models import Result
from services.gateway.assessment.results.repository import held

__all__ = ["CampaignScore", "HeldValue", "ResultState", "campaign_scores", "held"]


@dataclass(frozen=True, slots=True)
class CampaignScore:
    """A community's result in a campaign: `hundredths` of a point, None where nothing was
    assessed; `vetoed` are codes of veto items that it failed."""

    result_id: UUID
    community_id: UUID
    hundredths: int | None
    vetoed: tuple[str, ...]
    state: ResultState


async def campaign_scores(
    session: AsyncConnection | AsyncSession, campaign_id: UUID
) -> list[CampaignScore]:
    """The results of a campaign; rank and reward only when all of them are final."""
    query = select(Result.id, Result.community_id, Result.score, Result.vetoed, Result.state).where(
        Result.campaign_id == campaign_id
    )
    return [
        CampaignScore(
            row.id, row.community_id, row.score, tuple(row.vetoed), ResultState(row.state)
        )
        for row in await session.execute(query.order_by(Result.id))
    ]
