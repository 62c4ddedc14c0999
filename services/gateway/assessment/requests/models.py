"""Tables of inspection requests. What was screened stays as it was screened: a request that is
sent again gets new rows under its next `submission`."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.assessment.standards.models import DepartmentItem, Standard, StandardItem
from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Request(DistrictKey, Timestamps, Versioned, Base):
    """An inspection request; its window runs from `starts_on` to the day before `ends_on`."""

    __tablename__ = "inspection_request"
    __table_args__ = (
        UniqueConstraint("district", "department_id", "reference"),
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        ForeignKeyConstraint(["district", "standard_id"], [Standard.district, Standard.id]),
        CheckConstraint(
            "kind IN ('inspection', 'assessment', 'acceptance', 'campaign')", name="kind"
        ),
        CheckConstraint("level IN ('province', 'city', 'district')", name="level"),
        CheckConstraint(
            "state IN ('draft', 'returned', 'with_leading_group', 'rejected', 'approved', "
            "'withdrawn')",
            name="state",
        ),
        CheckConstraint("ends_on > starts_on", name="window"),
        CheckConstraint("minutes_on_site > 0 AND inspectors_per_day > 0", name="team"),
        CheckConstraint(
            "state <> 'approved' OR (submission >= 1 AND legal_basis <> '' AND coalesce(document, '') <> '' "
            "AND coalesce(decided_on < ends_on, false))",
            name="approved",
        ),
        Index("inspection_request_department_idx", "district", "department_id", "id"),
        Index("inspection_request_state_idx", "district", "state", "id"),
    )

    department_id: Mapped[UUID]
    reference: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    comprehensive: Mapped[bool]
    level: Mapped[str]
    legal_basis: Mapped[str]
    standard_id: Mapped[UUID | None]
    asked: Mapped[list[Any]]
    targets: Mapped[dict[str, Any]]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    minutes_on_site: Mapped[int]
    inspectors_per_day: Mapped[int]
    team: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date | None]
    submission: Mapped[int] = mapped_column(default=0)
    submitted_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    document: Mapped[str | None]
    screening: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_by: Mapped[UUID | None]


class RequestItem(DistrictKey, Base):
    """An item of a submission, resolved to a unified item or to the department's own; append-only."""

    __tablename__ = "inspection_item"
    __table_args__ = (
        UniqueConstraint("district", "request_id", "submission", "code"),
        ForeignKeyConstraint(
            ["district", "request_id"], ["inspection_request.district", "inspection_request.id"]
        ),
        ForeignKeyConstraint(
            ["district", "department_item_id"], [DepartmentItem.district, DepartmentItem.id]
        ),
        ForeignKeyConstraint(["district", "item_id"], [StandardItem.district, StandardItem.id]),
        CheckConstraint("(department_item_id IS NULL) <> (item_id IS NULL)", name="resolved"),
    )

    request_id: Mapped[UUID]
    submission: Mapped[int]
    position: Mapped[int]
    code: Mapped[str]
    title: Mapped[str]
    department_item_id: Mapped[UUID | None]
    item_id: Mapped[UUID | None]
    veto: Mapped[bool]
    material: Mapped[bool]


class RequestTarget(DistrictKey, Base):
    """A community of a submission; append-only. `visit`: some item needs a visit there."""

    __tablename__ = "inspection_target"
    __table_args__ = (
        UniqueConstraint(
            "district",
            "request_id",
            "submission",
            "community_id",
            name="inspection_target_community_key",
        ),
        ForeignKeyConstraint(
            ["district", "request_id"], ["inspection_request.district", "inspection_request.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        Index("inspection_target_community_idx", "district", "community_id", "request_id"),
    )

    request_id: Mapped[UUID]
    submission: Mapped[int]
    community_id: Mapped[UUID]
    visit: Mapped[bool]


class ScreeningVerdict(DistrictKey, Base):
    """What becomes of one item in one community, by which rule; append-only. `source_id` is the
    result or the ledger's entry that answers it."""

    __tablename__ = "screening_verdict"
    __table_args__ = (
        UniqueConstraint("district", "request_item_id", "community_id"),
        ForeignKeyConstraint(
            ["district", "request_id"], ["inspection_request.district", "inspection_request.id"]
        ),
        ForeignKeyConstraint(
            ["district", "request_item_id"], ["inspection_item.district", "inspection_item.id"]
        ),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        CheckConstraint(
            "verdict IN ('shared', 'from_ledger', 'needs_visit', 'refused')", name="verdict"
        ),
        Index("screening_verdict_request_idx", "district", "request_id", "submission", "id"),
    )

    request_id: Mapped[UUID]
    submission: Mapped[int]
    request_item_id: Mapped[UUID]
    community_id: Mapped[UUID]
    verdict: Mapped[str]
    reason: Mapped[str]
    rule: Mapped[str | None]
    source_id: Mapped[UUID | None]
    valid_until: Mapped[date | None]
