"""Planning as background work: in steps, each kept, so that a killed worker's plan is gone on with
where it stood; stopped within a second when its cancellation is asked for."""

import asyncio
import threading
from collections.abc import Iterator
from uuid import UUID

import structlog
from sqlalchemy import func, select, update

from services.gateway.assessment.campaigns.models import CampaignPlan
from services.gateway.assessment.campaigns.proposing import STEPS, plans, problems
from services.gateway.assessment.campaigns.proposing import steps as stored_steps
from services.gateway.assessment.planning.checking import faults_of
from services.gateway.assessment.planning.planner import Step, finished, steps
from services.gateway.assessment.planning.problem import Limits, Plan, Problem
from shared.db.database import Database
from shared.jobs.models import ENDED, Job, JobState
from shared.jobs.worker import Work

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """The plan's cancellation was asked for."""


class Faulty(Exception):
    """The checker refused a plan that the planner made."""


def plan_work(database: Database) -> Work:
    """Makes the plan that a payload "district plan_id" names."""

    async def work(payload: str) -> None:
        district, plan_id = payload.split()
        await make_plan(database, district, UUID(plan_id))

    return work


def plan_given_up(database: Database) -> Work:
    """Says of a plan that failed too often that it has failed."""

    async def given_up(payload: str) -> None:
        district, plan_id = payload.split()
        await _end(database, district, UUID(plan_id), JobState.FAILED, None)

    return given_up


async def make_plan(database: Database, district: str, plan_id: UUID) -> None:
    """Plan, or go on with a plan whose worker was killed; it ends the same either way."""
    async with database.transaction(district) as session:
        job = await session.get(Job, (district, plan_id), with_for_update=True)
        row = await session.get(CampaignPlan, (district, plan_id))
        if job is None or row is None or job.state in ENDED:
            return
        stopped = job.cancel_requested
        job.state, job.started_at = JobState.RUNNING, job.started_at or func.now()
        problem = problems.validate_python(row.problem)
        reached = None if row.reached is None else stored_steps.validate_python(row.reached)
        seed, limits = row.seed, Limits(float(row.work))
    if stopped:
        await _end(database, district, plan_id, JobState.CANCELLED, None)
        return
    stop = threading.Event()
    looking = asyncio.create_task(_look(database, district, plan_id, stop))
    try:
        course = steps(problem, seed, limits, after=reached, ask=lambda: _stop_if(stop))
        while (step := await asyncio.to_thread(_next, course)) is not None:
            reached = step
            await _keep(database, district, plan_id, step)
        assert reached is not None
        plan = await asyncio.to_thread(_checked, problem, reached)
    except Stopped:
        await _end(database, district, plan_id, JobState.CANCELLED, None)
        return
    finally:
        looking.cancel()
    await _end(database, district, plan_id, JobState.SUCCEEDED, plan)


def _stop_if(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped


def _next(course: Iterator[Step]) -> Step | None:
    return next(course, None)


def _checked(problem: Problem, reached: Step) -> Plan:
    plan = finished(problem, reached)
    if faults := faults_of(problem, plan):
        raise Faulty("; ".join(faults[:5]))
    return plan


async def _look(database: Database, district: str, plan_id: UUID, stop: threading.Event) -> None:
    while not stop.is_set():
        async with database.transaction(district) as session:
            if await session.scalar(select(Job.cancel_requested).where(Job.id == plan_id)):
                stop.set()
        await asyncio.sleep(LOOK_SECONDS)


async def _keep(database: Database, district: str, plan_id: UUID, step: Step) -> None:
    async with database.transaction(district) as session:
        await session.execute(
            update(CampaignPlan)
            .where(CampaignPlan.id == plan_id)
            .values(reached=stored_steps.dump_python(step, mode="json"))
        )
        await session.execute(
            update(Job)
            .where(Job.id == plan_id, Job.state == JobState.RUNNING)
            .values(done=func.least(Job.done + 1, STEPS))
        )


async def _end(
    database: Database, district: str, plan_id: UUID, state: JobState, plan: Plan | None
) -> None:
    async with database.transaction(district) as session:
        job = await session.get(Job, (district, plan_id), with_for_update=True)
        row = await session.get(CampaignPlan, (district, plan_id), with_for_update=True)
        if job is None or row is None or job.state in ENDED:
            return
        job.state, job.ended_at = state, func.now()
        row.open = False
        if plan is None:
            job.error = {"code": "cancelled" if state is JobState.CANCELLED else "internal_error"}
            return
        row.plan = plans.dump_python(plan, mode="json")
        job.done = STEPS
        visits = plan.objective.visits
        job.result = {
            "campaign_id": str(row.campaign_id),
            "plan_id": str(plan_id),
            "visits": visits.value,
            "bound": visits.bound,
            "gap": round(visits.gap, 4),
            "unserved": len(plan.unserved),
            "disturbed": len(plan.disturbed),
        }
