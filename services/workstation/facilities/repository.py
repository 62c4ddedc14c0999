"""Queries of facilities."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.workstation.facilities.models import Facility, Premises, Project, ProjectMoney
from services.workstation.registry.public import Community, Street, existing_on
from shared.db.base import Rows


def open_on(day: date) -> ColumnElement[bool]:
    """Facilities in use on the day."""
    return and_(
        Facility.opened_on <= day, or_(Facility.closed_on.is_(None), Facility.closed_on > day)
    )


def facilities() -> Rows:
    """Facilities with the names of their places."""
    return (
        select(
            Facility.id,
            Facility.code,
            Facility.kind,
            Facility.name,
            Facility.street_id,
            Street.name.label("street_name"),
            Facility.community_id,
            Community.name.label("community_name"),
            Facility.opened_on,
            Facility.closed_on,
        )
        .join(Street, (Street.district == Facility.district) & (Street.id == Facility.street_id))
        .outerjoin(
            Community,
            (Community.district == Facility.district) & (Community.id == Facility.community_id),
        )
    )


def area_on(day: date) -> Any:
    """The area of a community's premises as last measured up to the day."""
    return (
        select(Premises.area)
        .where(
            Premises.district == Community.district,
            Premises.community_id == Community.id,
            Premises.measured_on <= day,
        )
        .order_by(Premises.measured_on.desc())
        .limit(1)
        .correlate(Community)
        .scalar_subquery()
    )


def premises(day: date, *, street_id: UUID | None = None) -> Rows:
    """Communities of the day with the area of their premises."""
    query: Rows = (
        select(
            Community.id.label("community_id"),
            Community.code,
            Community.name.label("community_name"),
            Community.street_id,
            Street.name.label("street_name"),
            area_on(day).label("area"),
        )
        .join(Street, (Street.district == Community.district) & (Street.id == Community.street_id))
        .where(existing_on(day))
    )
    return query if street_id is None else query.where(Community.street_id == street_id)


def projects() -> Rows:
    """Projects with the names of their places and all the money they were given."""
    given = (
        select(func.coalesce(func.sum(ProjectMoney.amount), 0))
        .where(ProjectMoney.district == Project.district, ProjectMoney.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )
    return (
        select(
            Project.id,
            Project.code,
            Project.kind,
            Project.street_id,
            Street.name.label("street_name"),
            Project.community_id,
            Community.name.label("community_name"),
            Project.planned_on,
            Project.finished_on,
            Project.budget.label("budget_fen"),
            given.label("given_fen"),
        )
        .join(Street, (Street.district == Project.district) & (Street.id == Project.street_id))
        .outerjoin(
            Community,
            (Community.district == Project.district) & (Community.id == Project.community_id),
        )
    )


def investments(day: date) -> Rows:
    """Money given to projects finished by the day, by source, in fen."""
    return (
        select(ProjectMoney.source, func.sum(ProjectMoney.amount).label("fen"))
        .join(
            Project,
            (Project.district == ProjectMoney.district) & (Project.id == ProjectMoney.project_id),
        )
        .where(Project.finished_on <= day)
        .group_by(ProjectMoney.source)
    )
