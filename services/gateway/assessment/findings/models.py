"""Tables of findings, their evidence, and residents' ratings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy import func as sql
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.assessment.campaigns.models import Campaign, Visit
from services.gateway.assessment.standards.models import DepartmentItem, StandardItem
from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Finding(DistrictKey, Versioned, Base):
    """What an assessor found on a visit, of the standard's item or of a department's own.

    `received_at` is the platform's, `observed_at` the device's; `late` ones came after the limit.
    """

    __tablename__ = "finding"
    __table_args__ = (
        ForeignKeyConstraint(["district", "visit_id"], [Visit.district, Visit.id]),
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(["district", "item_id"], [StandardItem.district, StandardItem.id]),
        ForeignKeyConstraint(
            ["district", "department_item_id"], [DepartmentItem.district, DepartmentItem.id]
        ),
        ForeignKeyConstraint(["district", "replaces_id"], ["finding.district", "finding.id"]),
        CheckConstraint("(item_id IS NULL) <> (department_item_id IS NULL)", name="item"),
        CheckConstraint(
            "state IN ('awaiting_second', 'established', 'contested', 'superseded')", name="state"
        ),
        CheckConstraint("second_by IS NULL OR second_by <> recorded_by", name="two_persons"),
        CheckConstraint("value >= 0", name="value"),
        Index(
            "finding_live_idx",
            "district",
            "campaign_id",
            "community_id",
            "item_id",
            "department_item_id",
            unique=True,
            postgresql_where=text("state IN ('awaiting_second', 'established')"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("finding_visit_idx", "district", "visit_id", "id"),
    )

    visit_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    community_id: Mapped[UUID]
    item_id: Mapped[UUID | None]
    department_item_id: Mapped[UUID | None]
    value: Mapped[int]
    note: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date | None]
    observed_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=sql.now())
    late: Mapped[bool]
    recorded_by: Mapped[UUID]
    second_by: Mapped[UUID | None]
    second_at: Mapped[datetime | None]
    second_reason: Mapped[str | None]
    replaces_id: Mapped[UUID | None]


class VisitEvidence(DistrictKey, Base):
    """A file of a visit, cited by any number of findings; append-only. Its key in the store is
    named by its content."""

    __tablename__ = "visit_evidence"
    __table_args__ = (
        UniqueConstraint("district", "visit_id", "sha256"),
        ForeignKeyConstraint(["district", "visit_id"], [Visit.district, Visit.id]),
        CheckConstraint("size > 0", name="size"),
    )

    visit_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    scanned: Mapped[bool]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime] = mapped_column(server_default=sql.now())


class Citation(DistrictKey, Base):
    """Evidence of a finding: a file of its visit, or an entry of the ledger; append-only."""

    __tablename__ = "finding_citation"
    __table_args__ = (
        ForeignKeyConstraint(["district", "finding_id"], [Finding.district, Finding.id]),
        ForeignKeyConstraint(
            ["district", "evidence_id"], [VisitEvidence.district, VisitEvidence.id]
        ),
        CheckConstraint(
            "(evidence_id IS NULL) <> (entry_id IS NULL) AND "
            "(entry_id IS NULL) = (element IS NULL)",
            name="one_kind",
        ),
        Index("finding_citation_finding_idx", "district", "finding_id"),
    )

    finding_id: Mapped[UUID]
    evidence_id: Mapped[UUID | None]
    element: Mapped[str | None]
    entry_id: Mapped[UUID | None]


class Rating(DistrictKey, Timestamps, Base):
    """A resident's rating of an item in their community, one a campaign; who rated is never
    shown."""

    __tablename__ = "item_rating"
    __table_args__ = (
        UniqueConstraint(
            "district", "campaign_id", "item_id", "rater", name="item_rating_rater_key"
        ),
        ForeignKeyConstraint(["district", "campaign_id"], [Campaign.district, Campaign.id]),
        ForeignKeyConstraint(["district", "community_id"], ["community.district", "community.id"]),
        ForeignKeyConstraint(["district", "item_id"], [StandardItem.district, StandardItem.id]),
        Index("item_rating_community_idx", "district", "campaign_id", "community_id", "item_id"),
    )

    campaign_id: Mapped[UUID]
    community_id: Mapped[UUID]
    item_id: Mapped[UUID]
    rater: Mapped[UUID]
    value: Mapped[int]
