"""Reading the audit, the same for every service."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from shared.audit.models import AuditEvent
from shared.auth.policy import Policy, Reach
from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging

READ_AUDIT = Policy(
    "audit.read",
    Text(zh="查看审计记录", en="read the audit"),
    district_roles=frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
)
_Filter = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00]*$")]


class AuditEventView(BaseModel):
    """One governing act. Personal data stands in it masked."""

    id: UUID = Field(examples=["0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"])
    at: datetime = Field(examples=["2026-01-05T01:00:00Z"])
    actor: UUID | None = Field(examples=["0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a70"])
    actor_kind: str = Field(examples=["person"])
    action: str = Field(examples=["grant.revoked"])
    subject_kind: str = Field(examples=["grant"])
    subject_id: str = Field(examples=["0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a71"])
    before: dict[str, Any] | None = Field(examples=[{"role": "street_officer"}])
    after: dict[str, Any] | None = Field(examples=[None])
    purpose: str | None = Field(examples=["岗位调整"])
    request_id: str = Field(examples=["0199f3c2a7d07b6e8c0a4d2f1b3e5a79"])


def audit_routes(prefix: str, service: str) -> APIRouter:
    """`GET {prefix}/audit-events` over the service's own audit."""
    router = APIRouter(tags=["platform"])

    @router.get(f"{prefix}/audit-events", operation_id=f"{service}_audit_events")
    async def audit_events(
        session: Reading,
        page: Paging,
        _reach: Annotated[Reach, permits(READ_AUDIT)],
        actor: UUID | None = None,
        action: _Filter = None,
        subject_kind: _Filter = None,
        subject_id: _Filter = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Page[AuditEventView]:
        """Acts recorded in this service, newest first. 审计记录。"""
        query = select(*(getattr(AuditEvent, name) for name in AuditEventView.model_fields))
        for column, value in (
            (AuditEvent.actor, actor),
            (AuditEvent.action, action),
            (AuditEvent.subject_kind, subject_kind),
            (AuditEvent.subject_id, subject_id),
        ):
            if value is not None:
                query = query.where(column == value)
        if since is not None:
            query = query.where(AuditEvent.at >= since)
        if until is not None:
            query = query.where(AuditEvent.at < until)
        rows = (await session.execute(page.apply(query, AuditEvent.id, descending=True))).all()
        return page.page(
            rows,
            lambda row: (row.id,),
            lambda row: AuditEventView.model_validate(row, from_attributes=True),
        )

    return router
