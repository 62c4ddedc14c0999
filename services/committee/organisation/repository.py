"""Queries of organisation."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from services.committee.organisation.domain import Kinship, KinshipState
from services.committee.organisation.models import (
    Committee,
    Community,
    Handover,
    KinshipDeclaration,
    Member,
    Renewal,
    Representative,
    ResidentGroup,
    SubCommittee,
    SubCommitteeMember,
    Supervisor,
    Term,
)
from shared.auth.policy import Place, Reach
from shared.db.base import Rows
from shared.db.reading import the_row

Session = AsyncConnection | AsyncSession
TERM_END = func.coalesce(Term.ended_on, Term.ends_on)
MEMBER_BEGAN = func.coalesce(Member.began_on, Term.starts_on)
COMMUNITY = and_(Community.district == Committee.district, Community.id == Committee.community_id)


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
            day >= MEMBER_BEGAN,
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
            Community.household_count,
            Term.id.label("term_id"),
            Term.number.label("term_number"),
            Term.starts_on,
            Term.ends_on,
            Term.ended_on.label("term_ended_on"),
            Term.ended_because.label("term_ended_because"),
            members.label("member_count"),
        )
        .join(Community, COMMUNITY)
        .outerjoin(
            Term,
            (Term.district == Committee.district)
            & (Term.committee_id == Committee.id)
            & (Term.starts_on <= day)
            & (day < TERM_END),
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
    return select(
        Term.id, Term.number, Term.starts_on, Term.ends_on, Term.ended_on, Term.ended_because
    ).where(Term.committee_id == committee_id)


async def latest_start(session: Session, committee_id: UUID) -> date | None:
    """When a committee's latest term began, or will."""
    query = select(func.max(Term.starts_on)).where(Term.committee_id == committee_id)
    found: date | None = (await session.execute(query)).scalar_one()
    return found


def members(committee_id: UUID) -> Rows:
    """Everyone who held office in a committee, with their term."""
    return (
        select(
            Member.id,
            Member.number,
            Member.name,
            Member.sex,
            Member.position,
            Member.person_id,
            MEMBER_BEGAN.label("began_on"),
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
        day >= MEMBER_BEGAN,
        day < TERM_END,
        or_(Member.left_on.is_(None), Member.left_on > day),
    )


async def place_of(session: Session, reach: Reach, committee_id: UUID) -> Place:
    """Where a committee lies. Raises NotFound when it is out of reach or over."""
    query = (
        select(Community.street_id, Community.id)
        .join(Committee, COMMUNITY)
        .where(Committee.id == committee_id, Committee.ended_on.is_(None))
    )
    found = await the_row(session, query)
    place = Place(street=found.street_id, community=found.id)
    reach.require(place)
    return place


def within(query: Rows, reach: Reach) -> Rows:
    """Of rows joined with Community, those within reach."""
    if reach.whole_district:
        return query
    return query.where(
        or_(Community.street_id.in_(reach.streets), Community.id.in_(reach.communities))
    )


async def kinships_of(session: Session, committee_id: UUID) -> list[Kinship]:
    """What is declared or confirmed of a committee's people."""
    rows = await session.execute(
        select(
            KinshipDeclaration.one_id, KinshipDeclaration.other_id, KinshipDeclaration.state
        ).where(
            KinshipDeclaration.committee_id == committee_id,
            KinshipDeclaration.state.in_((KinshipState.DECLARED, KinshipState.CONFIRMED)),
        )
    )
    return [Kinship(row.one_id, row.other_id, row.state == KinshipState.CONFIRMED) for row in rows]


def sub_committees(committee_id: UUID) -> Rows:
    """Sub-committees of a committee with how many sit in them."""
    sitting = (
        select(func.count())
        .where(
            SubCommitteeMember.district == SubCommittee.district,
            SubCommitteeMember.sub_committee_id == SubCommittee.id,
            SubCommitteeMember.left_on.is_(None),
        )
        .scalar_subquery()
    )
    return select(*SubCommittee.__table__.columns, sitting.label("member_count")).where(
        SubCommittee.committee_id == committee_id
    )


def sub_committee_members(sub_committee_id: UUID) -> Rows:
    """Who sits or sat in a sub-committee."""
    return select(*SubCommitteeMember.__table__.columns).where(
        SubCommitteeMember.sub_committee_id == sub_committee_id
    )


def groups() -> Rows:
    """Residents' groups with their committee, and how many represent and lead them."""
    sitting = (
        select(
            func.count().label("representatives"),
            func.count().filter(Representative.leader).label("leaders"),
        )
        .where(
            Representative.district == ResidentGroup.district,
            Representative.group_id == ResidentGroup.id,
            Representative.left_on.is_(None),
        )
        .lateral("sitting")
    )
    return (
        select(
            *ResidentGroup.__table__.columns,
            Committee.community_id,
            sitting.c.representatives.label("representative_count"),
            sitting.c.leaders.label("leader_count"),
        )
        .join(
            Committee,
            and_(
                Committee.district == ResidentGroup.district,
                Committee.id == ResidentGroup.committee_id,
            ),
        )
        .join(sitting, true())
    )


def representatives() -> Rows:
    """Representatives with their group and community."""
    return (
        select(
            *Representative.__table__.columns,
            ResidentGroup.name.label("group_name"),
            ResidentGroup.committee_id,
            Committee.community_id,
        )
        .join(
            ResidentGroup,
            and_(
                ResidentGroup.district == Representative.district,
                ResidentGroup.id == Representative.group_id,
            ),
        )
        .join(
            Committee,
            and_(
                Committee.district == ResidentGroup.district,
                Committee.id == ResidentGroup.committee_id,
            ),
        )
    )


def supervisors(committee_id: UUID) -> Rows:
    """Who supervises or supervised a committee."""
    return select(*Supervisor.__table__.columns).where(Supervisor.committee_id == committee_id)


def kinships(reach: Reach) -> Rows:
    """Declared kinships within reach, with the two names."""
    one, other = aliased(Member), aliased(Member)
    one_s, other_s = aliased(Supervisor), aliased(Supervisor)
    query: Rows = (
        select(
            *KinshipDeclaration.__table__.columns,
            func.coalesce(one.name, one_s.name).label("one_name"),
            func.coalesce(other.name, other_s.name).label("other_name"),
        )
        .join(
            Committee,
            and_(
                Committee.district == KinshipDeclaration.district,
                Committee.id == KinshipDeclaration.committee_id,
            ),
        )
        .join(Community, COMMUNITY)
    )
    for person, column in ((one, "one_id"), (one_s, "one_id"), (other, "other_id")):
        query = query.outerjoin(person, _is(person, column))
    query = query.outerjoin(other_s, _is(other_s, "other_id"))
    return within(query, reach)


def _is(person: Any, column: str) -> Any:
    return and_(
        person.district == KinshipDeclaration.district,
        person.id == getattr(KinshipDeclaration, column),
    )


def handovers(reach: Reach) -> Rows:
    """Handovers within reach, with their committee."""
    query: Rows = (
        select(
            *Handover.__table__.columns,
            Committee.name.label("committee_name"),
            Community.id.label("community_id"),
            Term.number.label("term_number"),
        )
        .join(
            Committee,
            and_(Committee.district == Handover.district, Committee.id == Handover.committee_id),
        )
        .join(Community, COMMUNITY)
        .join(Term, and_(Term.district == Handover.district, Term.id == Handover.term_id))
    )
    return within(query, reach)


def last_terms() -> Rows:
    """The last term of every committee that is not over, with what was raised of its end."""
    later = aliased(Term)
    return (
        select(
            Committee.id.label("committee_id"),
            Committee.name.label("committee_name"),
            Community.id.label("community_id"),
            Community.name.label("community_name"),
            Community.street_id,
            Term.id.label("term_id"),
            Term.number.label("term_number"),
            Term.ends_on,
            Renewal.raised_on,
            Renewal.overdue_on,
        )
        .join(Community, COMMUNITY)
        .join(Term, and_(Term.district == Committee.district, Term.committee_id == Committee.id))
        .outerjoin(Renewal, and_(Renewal.district == Term.district, Renewal.term_id == Term.id))
        .where(
            Committee.ended_on.is_(None),
            ~exists().where(
                later.district == Term.district,
                later.committee_id == Term.committee_id,
                later.number > Term.number,
            ),
        )
    )
