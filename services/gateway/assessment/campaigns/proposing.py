"""What there is to plan, as a problem for the planner, and asking for a plan of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns import repository
from services.gateway.assessment.campaigns.domain import VisitState
from services.gateway.assessment.campaigns.drafting import require_planned
from services.gateway.assessment.campaigns.models import Campaign, CampaignPlan
from services.gateway.assessment.planning.planner import Step
from services.gateway.assessment.planning.problem import (
    Community,
    Elsewhere,
    Plan,
    Problem,
    Request,
    Visit,
    quarter_of,
)
from services.gateway.assessment.requests.public import PairToVisit, pairs_to_visit
from shared.audit.record import Actor, record
from shared.jobs.models import Job
from shared.jobs.queue import enqueue
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.issue import RuleApplied
from shared.kernel.text import Text
from shared.rulebook.calendar import working_days
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView

PLAN_CAMPAIGN = "plan_campaign"
STEPS = 4
"""Of a planning: start, visits, peak, moves."""

problems: TypeAdapter[Problem] = TypeAdapter(Problem)
steps: TypeAdapter[Step] = TypeAdapter(Step)
plans: TypeAdapter[Plan] = TypeAdapter(Plan)


@dataclass(frozen=True, slots=True)
class Facts:
    """A problem, and the rules that made it what it is."""

    problem: Problem
    rules: tuple[RuleApplied, ...]


async def problem_of(
    session: AsyncSession, campaign: Campaign, rulebook: Rulebook, today: date
) -> Facts:
    """What a locked campaign has to plan today. Visits are put on statutory working days, not
    before those who are visited have been told long enough ahead; those nearer stay as they are.

    Raises UnknownYear where the working days of a window's year are not known, Conflict when
    nothing has to be visited.
    """
    ids = await repository.requests_in(session, campaign.id)
    pairs = await pairs_to_visit(session, ids)
    standing = await repository.living_visits(session, campaign.id)
    if not pairs and not standing:
        raise Conflict(
            code="nothing_to_visit",
            detail=Text(
                zh="编入的申请都不需要上门（成果共享或台账已有），无须部署。",
                en="No request of the campaign needs a visit: shared results and the ledger answer "
                "all. There is nothing to plan.",
            ),
        )
    rules = {
        name: rulebook.lookup(f"inspection.{name}", campaign.district, today)
        for name in ("announce_working_days_ahead", "visit_minutes_max", "inspectors_a_team")
    }
    calendar = working_days(rulebook, campaign.district, today)
    opens = calendar.add(today, rules["announce_working_days_ahead"].integer())
    first = min((one.starts_on for one in pairs), default=campaign.starts_on)
    last = max((one.ends_on for one in pairs), default=campaign.ends_on)
    span = (last - first).days
    days = [first + timedelta(at) for at in range(span)]
    days = [day for day in days if calendar.is_working_day(day)]
    quarters = sorted({quarter_of(day): day for day in reversed(days)}.items())
    caps = {
        name: rulebook.lookup(
            "inspection.visits_per_community_per_quarter_max", campaign.district, day
        )
        for name, day in quarters
    }
    made = _requests(
        pairs, rules["visit_minutes_max"].integer(), rules["inspectors_a_team"].integer()
    )
    minutes = {one.id: one.minutes for one in made}
    visits = [
        (one.state, Visit(one.community_id, one.on_day, frozenset(served & minutes.keys())))
        for one, served in standing
    ]
    places = {one.community_id for one in pairs} | {one.community for _state, one in visits}
    streets = await repository.streets_of(session, places)
    others = await repository.other_visits(
        session, campaign.id, places, _quarter_start(first), last + timedelta(days=92)
    )
    closed = {
        (one.community_id, day)
        for one in await repository.closures(session, campaign.id)
        for day in days
        if one.starts_on <= day < one.ends_on
    }
    problem = Problem(
        days=tuple(days),
        opens=opens,
        communities=tuple(Community(id, streets[id]) for id in sorted(places)),
        requests=made,
        minutes_a_visit=rules["visit_minutes_max"].integer(),
        caps={name: one.integer() for name, one in caps.items()},
        announced=tuple(
            one
            for state, one in visits
            if one.requests and (one.day >= opens or state == VisitState.POSTPONED)
        ),
        fixed=tuple(
            one for state, one in visits if one.day < opens and state == VisitState.ANNOUNCED
        ),
        elsewhere=tuple(Elsewhere(one.community_id, one.on_day, one.minutes) for one in others),
        closed=frozenset(closed),
    )
    applied = [*(one.applied for one in rules.values()), *(one.applied for one in caps.values())]
    return Facts(problem, tuple(one for at, one in enumerate(applied) if one not in applied[:at]))


def _requests(
    pairs: Sequence[PairToVisit], day_minutes: int, inspectors_a_team: int
) -> tuple[Request, ...]:
    by_id: dict[UUID, list[PairToVisit]] = {}
    for pair in pairs:
        by_id.setdefault(pair.request_id, []).append(pair)
    found = []
    for id, own in sorted(by_id.items()):
        one = own[0]
        teams = max(1, one.inspectors_per_day // inspectors_a_team)
        found.append(
            Request(
                id=id,
                communities=frozenset(pair.community_id for pair in own),
                first_day=one.starts_on,
                last_day=one.ends_on - timedelta(days=1),
                minutes=one.minutes_on_site,
                visits_a_day=teams * max(1, day_minutes // one.minutes_on_site),
            )
        )
    return tuple(found)


def _quarter_start(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


async def ask_for_plan(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    *,
    seed: int,
    work: int,
    rulebook: Rulebook,
    today: date,
) -> CampaignPlan:
    """Begin to plan a locked campaign: a job with the plan's id. Raises Conflict while another
    plan of it is being made."""
    require_planned(campaign)
    latest = await repository.latest_plan(session, campaign.id)
    if latest is not None and latest.open:
        raise Conflict(
            code="plan_running",
            detail=Text(
                zh=f"该联合检查正在编制方案（任务 {latest.id}）。请等待完成，或先取消该任务。",
                en=f"A plan of the campaign is being made (job {latest.id}). Wait for it, or "
                "cancel that job first.",
            ),
        )
    facts = await problem_of(session, campaign, rulebook, today)
    id = new_id()
    session.add(
        Job(
            district=actor.district,
            id=id,
            kind="campaign_plan",
            parameters={"campaign_id": str(campaign.id), "seed": seed, "work": work},
            total=STEPS,
            created_by=actor.id,
        )
    )
    await session.flush()
    made = CampaignPlan(
        district=actor.district,
        id=id,
        campaign_id=campaign.id,
        seed=seed,
        work=work,
        open=True,
        problem=problems.dump_python(facts.problem, mode="json"),
        rules=[RuleView.of(rule).model_dump(mode="json") for rule in facts.rules],
        created_by=actor.id,
    )
    session.add(made)
    await session.flush()
    told: dict[str, Any] = {"plan": str(id), "seed": seed}
    await record(session, actor, "campaign.plan_asked", ("campaign", campaign.id), after=told)
    await enqueue(session, PLAN_CAMPAIGN, f"{actor.district} {id}")
    return made
