"""Following a job."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from shared.audit.record import Actor, record
from shared.auth.policy import Policy, Reach
from shared.auth.principal import Principal, Role
from shared.db.database import ReadSession
from shared.jobs.models import ENDED, Job, JobState
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.text import Text
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

FOLLOW = Policy("platform.job.read", Text(zh="查看后台任务", en="follow a job"), anyone=True)
STOP = Policy("platform.job.stop", Text(zh="停止后台任务", en="stop a job"), anyone=True)


class JobView(BaseModel):
    """Long work: its progress in its own unit, and its result or error at the end."""

    id: UUID = Field(examples=["0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"])
    kind: str = Field(examples=["import"])
    state: JobState = Field(examples=["running"])
    done: int = Field(examples=[45000])
    total: int | None = Field(examples=[100000])
    result: dict[str, Any] | None = Field(examples=[None])
    error: dict[str, Any] | None = Field(examples=[None])
    created_at: datetime = Field(examples=["2026-01-05T01:00:00Z"])
    started_at: datetime | None = Field(examples=["2026-01-05T01:00:01Z"])
    ended_at: datetime | None = Field(examples=[None])


async def job_shown(session: ReadSession, principal: Principal, id: UUID) -> JobView:
    """A job of this service as the caller may see it. Raises NotFound."""
    query = select(Job.created_by, *(getattr(Job, name) for name in JobView.model_fields)).where(
        Job.id == id
    )
    row = (await session.execute(query)).one_or_none()
    watches = principal.holds(Role.ADMINISTRATOR, Role.AUDITOR)
    if row is None or (row.created_by != principal.subject and not watches):
        raise NotFound
    return JobView.model_validate(row, from_attributes=True)


def job_routes(prefix: str, service: str) -> APIRouter:
    """`GET {prefix}/jobs/{id}`: to who began the job, and to those who watch over the district."""
    router = APIRouter(tags=["platform"])

    @router.get(f"{prefix}/jobs/{{id}}", operation_id=f"{service}_job")
    async def job(
        id: UUID,
        session: Reading,
        principal: CurrentPrincipal,
        _reach: Annotated[Reach, permits(FOLLOW)],
    ) -> JobView:
        """A job's progress and result. 后台任务进度。"""
        return await job_shown(session, principal, id)

    return router


def cancellation_route(prefix: str, service: str) -> APIRouter:
    """`POST {prefix}/jobs/{id}/cancellation`: by who began the job, and by administrators."""
    router = APIRouter(tags=["platform"], route_class=UnitOfWorkRoute)

    @router.post(f"{prefix}/jobs/{{id}}/cancellation", operation_id=f"{service}_cancel_job")
    async def cancel(
        id: UUID,
        session: WriteSession,
        principal: CurrentPrincipal,
        _reach: Annotated[Reach, permits(STOP)],
    ) -> JobView:
        """Ask a job to stop; it does so within seconds, and keeps nothing. 停止后台任务。"""
        job = await session.scalar(select(Job).where(Job.id == id).with_for_update())
        if job is None or not (
            job.created_by == principal.subject or principal.holds(Role.ADMINISTRATOR)
        ):
            raise NotFound
        if job.state in ENDED:
            raise Conflict(
                code="job_ended",
                detail=Text(zh="任务已经结束，不能停止。", en="The job has ended already."),
            )
        job.cancel_requested = True
        await session.flush()
        await record(session, Actor.of(principal), "job.stop_asked", ("job", id))
        return JobView.model_validate(job, from_attributes=True)

    return router
