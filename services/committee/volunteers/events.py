"""What volunteers tell the other services."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.volunteers.models import Team
from shared.contracts.subscriptions import VOLUNTEER_TEAM_RECORDED
from shared.events.outbox import emit


async def tell_of_teams(session: AsyncSession, district: str, teams: Sequence[Team]) -> None:
    """Say of each team what it is now, within the transaction that changed it."""
    for team in teams:
        await emit(
            session,
            district=district,
            type=VOLUNTEER_TEAM_RECORDED,
            subject=f"volunteer-team/{team.id}",
            data={
                "id": str(team.id),
                "code": team.code,
                "name": team.name,
                "founded_on": team.founded_on.isoformat(),
                "ended_on": team.ended_on.isoformat() if team.ended_on else None,
            },
        )
