"""Queries of organisation."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from services.committee.organisation.models import Committee, Community, Member, Term
from shared.db.base import Rows


def committees(
    day: date,
    *,
    id: UUID | None = None,
    street_id: UUID | None = None,
    community_id: UUID | None = None,
    q: str | None = None,
) -> Rows:
    """Committees of the day with their community and the term then running, if any."""
    members = (
        select(func.count())
        .where(
            Member.district == Term.district,
            Member.term_id == Term.id,
            or_(Member.left_on.is_(None), Member.left_on > day),
        )
        .scalar_subquery()
    )
    query: Rows = (
        select(
            Committee.id,
            Committee.code,
            Committee.name,
            Committee.established_on,
            Committee.ended_on,
            Committee.community_id,
            Community.name.label("community_name"),
            Community.street_id,
            Community.street_name,
            Term.id.label("term_id"),
            Term.number.label("term_number"),
            Term.starts_on,
            Term.ends_on,
            members.label("member_count"),
        )
        .join(
            Community,
            (Community.district == Committee.district) & (Community.id == Committee.community_id),
        )
        .outerjoin(
            Term,
            (Term.district == Committee.district)
            & (Term.committee_id == Committee.id)
            & (Term.starts_on <= day)
            & (Term.ends_on > day),
        )
        .where(
            Committee.established_on <= day,
            or_(Committee.ended_on.is_(None), Committee.ended_on > day),
        )
    )
    if id is not None:
        query = query.where(Committee.id == id)
    if street_id is not None:
        query = query.where(Community.street_id == street_id)
    if community_id is not None:
        query = query.where(Committee.community_id == community_id)
    return query.where(Committee.name.contains(q, autoescape=True)) if q else query


def terms(committee_id: UUID) -> Rows:
    """Terms of a committee."""
    return select(Term.id, Term.number, Term.starts_on, Term.ends_on).where(
        Term.committee_id == committee_id
    )


def members(committee_id: UUID) -> Rows:
    """Everyone who held office in a committee, with their term."""
    return (
        select(
            Member.id,
            Member.number,
            Member.name,
            Member.sex,
            Member.position,
            Member.left_on,
            Member.left_because,
            Term.number.label("term_number"),
            Term.starts_on,
            Term.ends_on,
        )
        .join(Term, (Term.district == Member.district) & (Term.id == Member.term_id))
        .where(Term.committee_id == committee_id)
    )


def in_office(query: Rows, day: date) -> Rows:
    """Of `members`, those in office on the day."""
    return query.where(
        Term.starts_on <= day,
        Term.ends_on > day,
        or_(Member.left_on.is_(None), Member.left_on > day),
    )
