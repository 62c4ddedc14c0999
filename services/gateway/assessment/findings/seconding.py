"""The second assessor: a finding by two persons counts when another one has confirmed it."""

from datetime import datetime

from services.gateway.assessment.campaigns.public import VisitFacts, locked_campaign
from services.gateway.assessment.findings.domain import FINDING
from services.gateway.assessment.findings.models import Finding
from services.gateway.assessment.findings.recording import require_open
from shared.kernel.errors import Forbidden
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take


async def second(
    act: Act, visit: VisitFacts, finding: Finding, action: str, reason: str | None, now: datetime
) -> None:
    """A second assessor confirms or contests a locked finding. Raises Forbidden for the one who
    recorded it, Conflict when it does not wait for anybody or the results are published."""
    FINDING.step(finding.state, action, by=act.roles, reason=reason)
    require_open(await locked_campaign(act.session, visit.campaign_id, shared=True))
    if act.actor.id == finding.recorded_by:
        raise Forbidden(
            code="second_person_needed",
            detail=Text(
                zh="双人认定须由另一人确认，录入人本人不能确认。",
                en="A finding by two persons is confirmed by somebody else than who recorded it.",
            ),
        )
    finding.second_by, finding.second_at, finding.second_reason = act.actor.id, now, reason
    await take(
        act.session, act.actor, FINDING, finding, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip
