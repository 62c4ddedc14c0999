"""Queries of the community-building report; each fills one part of the facts."""

from datetime import date

from sqlalchemy import and_, func, or_, select

from services.workstation.facilities.public import (
    Facility,
    Project,
    area_on,
    investments,
    open_on,
)
from services.workstation.personnel.public import people
from services.workstation.posts.public.records import Post, at_latest_election, in_force
from services.workstation.registry.public import Adjustment, Community, Street, existing_on
from services.workstation.reporting.models import SurveyFinding, VolunteerTeam
from shared.db.base import Rows
from shared.db.districts import District

__all__ = ["at_latest_election", "investments", "people"]


def district(code: str) -> Rows:
    """The district's names."""
    return select(District.name, District.prefecture, District.province).where(
        District.code == code
    )


def streets() -> Rows:
    """Streets and townships in their official order."""
    return select(Street.id, Street.name, Street.kind).order_by(Street.code)


def communities(day: date) -> Rows:
    """Communities of the day: posts approved, area of the premises, whether they have a one-stop
    hall."""
    posts = (
        select(Post.community_id, func.count().label("posts"))
        .where(in_force(day))
        .group_by(Post.community_id)
        .subquery()
    )
    one_stop = (
        select(1)
        .where(
            Facility.district == Community.district,
            Facility.community_id == Community.id,
            Facility.kind == "one_stop_hall",
            open_on(day),
        )
        .correlate(Community)
        .exists()
    )
    return (
        select(
            Community.name,
            Community.kind,
            Community.street_id,
            Community.household_count,
            func.coalesce(posts.c.posts, 0).label("posts"),
            area_on(day).label("area"),
            one_stop.label("one_stop"),
        )
        .outerjoin(posts, posts.c.community_id == Community.id)
        .where(existing_on(day))
        .order_by(Community.code)
    )


def history(day: date) -> Rows:
    """Communities on the eve of the first adjustment, and rounds of adjustment up to the day."""
    first = select(func.min(Adjustment.decided_on)).scalar_subquery()
    before = (
        select(func.count())
        .select_from(Community)
        .where(
            Community.established_on < first,
            or_(Community.ended_on.is_(None), Community.ended_on >= first),
        )
        .scalar_subquery()
    )
    return select(
        first.label("first"),
        before.label("before_reform"),
        func.count(func.distinct(Adjustment.round)).label("rounds"),
    ).where(Adjustment.decided_on <= day)


def proposed() -> Rows:
    """Communities whose founding has been applied for."""
    return select(Community.name).where(Community.state == "proposed").order_by(Community.code)


def projects(day: date) -> Rows:
    """Projects of the day by kind and street: finished, and planned with their budgets in fen."""
    finished = Project.finished_on <= day
    planned = and_(
        Project.planned_on <= day, or_(Project.finished_on.is_(None), Project.finished_on > day)
    )
    return (
        select(
            Project.kind,
            Street.name.label("street_name"),
            func.count().filter(finished).label("finished"),
            func.count(func.distinct(Project.community_id)).filter(planned).label("communities"),
            func.coalesce(func.sum(Project.budget).filter(planned), 0).label("budget"),
        )
        .join(Street, (Street.district == Project.district) & (Street.id == Project.street_id))
        .group_by(Project.kind, Street.code, Street.name)
        .order_by(Street.code)
    )


def service_points(day: date) -> Rows:
    """Facilities in use on the day, counted by kind."""
    return (
        select(Facility.kind, func.count().label("number"))
        .where(open_on(day))
        .group_by(Facility.kind)
        .order_by(Facility.kind)
    )


def volunteer_teams(day: date) -> Rows:
    """Volunteer teams of the day."""
    return (
        select(VolunteerTeam.name)
        .where(
            VolunteerTeam.founded_on <= day,
            or_(VolunteerTeam.ended_on.is_(None), VolunteerTeam.ended_on > day),
        )
        .order_by(VolunteerTeam.code)
    )


def survey(day: date) -> Rows:
    """The latest finding of each indicator up to the day."""
    return (
        select(
            SurveyFinding.indicator,
            SurveyFinding.value,
            SurveyFinding.approximation,
            SurveyFinding.items,
        )
        .where(SurveyFinding.surveyed_on <= day)
        .distinct(SurveyFinding.indicator)
        .order_by(SurveyFinding.indicator, SurveyFinding.surveyed_on.desc())
    )
