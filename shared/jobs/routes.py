"""Following a job."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from shared.auth.policy import Policy, Reach
from shared.auth.principal import Role
from shared.jobs.models import Job, JobState
from shared.kernel.errors import NotFound
from shared.kernel.text import Text
from shared.web.authentication import CurrentPrincipal, Reading, permits

FOLLOW = Policy("platform.job.read", Text(zh="查看后台任务", en="follow a job"), anyone=True)


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
        query = select(
            Job.created_by, *(getattr(Job, name) for name in JobView.model_fields)
        ).where(Job.id == id)
        row = (await session.execute(query)).one_or_none()
        watches = principal.holds(Role.ADMINISTRATOR, Role.AUDITOR)
        if row is None or (row.created_by != principal.subject and not watches):
            raise NotFound
        return JobView.model_validate(row, from_attributes=True)

    return router
