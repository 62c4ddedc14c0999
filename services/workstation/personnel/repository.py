"""Queries of personnel."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.workstation.personnel.models import Placement, Staff
from services.workstation.posts.public.records import Post, in_force
from services.workstation.registry.public import Community, Street, existing_on
from shared.db.base import Rows


def placed_on(day: date) -> ColumnElement[bool]:
    """Placements of the day."""
    return and_(
        Placement.starts_on <= day, or_(Placement.ends_on.is_(None), Placement.ends_on > day)
    )


def staff(day: date) -> Rows:
    """Staff of the day and where they are."""
    return (
        select(
            Staff.id,
            Staff.code,
            Staff.name,
            Staff.sex,
            Staff.hired_on,
            Placement.whereabouts,
            Placement.host,
            Placement.starts_on.label("there_since"),
            Placement.street_id,
            Street.name.label("street_name"),
            Placement.community_id,
            Community.name.label("community_name"),
            Post.code.label("post_code"),
        )
        .join(Placement, (Placement.district == Staff.district) & (Placement.staff_id == Staff.id))
        .join(Street, (Street.district == Staff.district) & (Street.id == Placement.street_id))
        .outerjoin(
            Community,
            (Community.district == Staff.district) & (Community.id == Placement.community_id),
        )
        .outerjoin(Post, (Post.district == Staff.district) & (Post.id == Placement.post_id))
        .where(placed_on(day), or_(Staff.left_on.is_(None), Staff.left_on > day))
    )


def communities(day: date) -> Rows:
    """Communities of the day with their street."""
    return (
        select(
            Community.id,
            Community.name,
            Community.household_count,
            Community.street_id,
            Street.name.label("street_name"),
        )
        .join(Street, (Street.district == Community.district) & (Street.id == Community.street_id))
        .where(existing_on(day))
        .order_by(Street.code, Community.code)
    )


def approved(day: date) -> Rows:
    """Approved posts of the day by community."""
    return (
        select(Post.community_id, func.count().label("posts"))
        .where(in_force(day))
        .group_by(Post.community_id)
    )


def people(day: date) -> Rows:
    """People of the day by street, community and whereabouts."""
    return (
        select(
            Placement.street_id,
            Placement.community_id,
            Placement.whereabouts,
            func.count().label("persons"),
        )
        .where(placed_on(day))
        .group_by(Placement.street_id, Placement.community_id, Placement.whereabouts)
    )
