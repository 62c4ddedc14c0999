"""Write use cases of residents, and what is shown of them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry import repository
from services.workstation.registry.domain import Departure, Residence
from services.workstation.registry.models import Household, Resident
from services.workstation.registry.schemas import (
    DisclosureView,
    ExtractedResident,
    ResidentView,
)
from services.workstation.registry.sealing import bound
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.identity_number import IdentityNumber, read_identity_number
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.masking import mask_identity_number, mask_name, mask_phone
from shared.kernel.text import Text
from shared.privacy.cipher import PersonalData

EXTRACTED = 200
PERSONAL = frozenset({"name", "phone", "id_number"})


def masked_view(row: Any, personal: PersonalData) -> ResidentView:
    """A resident as everyone entitled sees them: name, ID number and phone masked."""
    number = personal.decrypt(row.id_number, bound_to=bound(row.district, row.id, "id_number"))
    phone = (
        None
        if row.phone is None
        else personal.decrypt(row.phone, bound_to=bound(row.district, row.id, "phone"))
    )
    return ResidentView(
        id=row.id,
        community_id=row.community_id,
        household_id=row.household_id,
        name=mask_name(row.name),
        sex=row.sex,
        born_on=row.born_on,
        id_number=mask_identity_number(number),
        phone=None if phone is None else mask_phone(phone),
        residence=row.residence,
        left_on=row.left_on,
        left_because=row.left_because,
    )


async def household_within(session: AsyncSession, reach: Reach, id: UUID) -> Household:
    """The household. Raises NotFound when it is out of reach."""
    found = await session.scalar(select(Household).where(Household.id == id))
    if found is None:
        raise NotFound
    street = await repository.street_of(session, found.community_id)
    reach.require(Place(street=street, community=found.community_id))
    return found


async def resident_within(session: AsyncSession, reach: Reach, id: UUID) -> Resident:
    """The resident under a row lock. Raises NotFound when out of reach."""
    found = await session.scalar(select(Resident).where(Resident.id == id).with_for_update())
    if found is None:
        raise NotFound
    street = await repository.street_of(session, found.community_id)
    reach.require(Place(street=street, community=found.community_id))
    return found


async def register(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    personal: PersonalData,
    *,
    household_id: UUID,
    name: str,
    id_number: str,
    phone: str | None,
    residence: Residence,
    today: date,
) -> Resident:
    """Register a resident. Raises NotFound for the household, Invalid for the ID number with every
    fault, Conflict when the person is registered in the district already."""
    household = await household_within(session, reach, household_id)
    number = read_identity_number(id_number, today, pointer="/id_number")
    if not isinstance(number, IdentityNumber):
        raise Invalid(issues=number)
    made_id = new_id()
    made: Resident | None = await session.scalar(
        insert(Resident)
        .values(
            district=actor.district,
            id=made_id,
            community_id=household.community_id,
            household_id=household_id,
            name=name,
            sex=number.sex,
            born_on=number.born,
            id_number=personal.encrypt(
                number.number, bound_to=bound(actor.district, made_id, "id_number")
            ),
            id_hash=personal.lookup(actor.district, number.number),
            phone=_sealed_phone(personal, actor.district, made_id, phone),
            residence=residence.value,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Resident)
    )
    if made is None:
        raise Conflict(
            code="resident_registered",
            detail=Text(
                zh="该身份证号已在本区登记。请先按身份证号查询；如已迁来，请由原社区办理迁出。",
                en="This ID number is registered in the district already. Search for it; if the "
                "person has moved here, have the former community record the departure first.",
            ),
        )
    await record(
        session,
        actor,
        "resident.registered",
        ("resident", made.id),
        after={"household_id": str(household_id), "residence": residence.value},
    )
    return made


async def change(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    personal: PersonalData,
    resident: Resident,
    *,
    name: str | None,
    phone: str | None,
    residence: Residence | None,
    household_id: UUID | None,
) -> None:
    """Change a resident that the caller has locked; None leaves a value alone."""
    before = _facts(resident)
    if household_id is not None:
        household = await household_within(session, reach, household_id)
        resident.household_id, resident.community_id = household.id, household.community_id
    if name is not None:
        resident.name = name
    if residence is not None:
        resident.residence = residence.value
    if phone is not None:
        resident.phone = _sealed_phone(personal, resident.district, resident.id, phone)
    resident.version += 1
    await session.flush()
    await record(
        session,
        actor,
        "resident.changed",
        ("resident", resident.id),
        before=before,
        after=_facts(resident),
        personal=PERSONAL,
    )


async def depart(
    session: AsyncSession, actor: Actor, resident: Resident, *, on: date, because: Departure
) -> None:
    """End a resident's registration. Raises Conflict when it has ended, Invalid when the day lies
    before the birth."""
    if resident.left_on is not None:
        raise Conflict(
            code="resident_left",
            detail=Text(
                zh="该居民已办理离开。", en="This resident's departure is recorded already."
            ),
        )
    if on < resident.born_on:
        raise Invalid(
            issues=(
                Issue(
                    code="left_before_birth",
                    pointer="/left_on",
                    detail=Text(zh="离开日期早于出生日期。", en="The day lies before the birth."),
                    remedy=Text(zh="请更正日期。", en="Mend the date."),
                ),
            )
        )
    resident.left_on, resident.left_because = on, because.value
    resident.version += 1
    await session.flush()
    await record(
        session,
        actor,
        "resident.departed",
        ("resident", resident.id),
        after={"left_on": on.isoformat(), "because": because.value},
    )


async def disclose(
    session: AsyncSession, actor: Actor, personal: PersonalData, resident: Resident, purpose: str
) -> DisclosureView:
    """The full data of a resident; that it was seen, by whom and what for, stands in the audit
    (个人信息保护法 54)."""
    household = await session.get(Household, (resident.district, resident.household_id))
    await record(session, actor, "resident.disclosed", ("resident", resident.id), purpose=purpose)
    place = (resident.district, resident.id)
    return DisclosureView(
        id=resident.id,
        name=resident.name,
        id_number=personal.decrypt(resident.id_number, bound_to=bound(*place, "id_number")),
        phone=None
        if resident.phone is None
        else personal.decrypt(resident.phone, bound_to=bound(*place, "phone")),
        address=household.address if household else "",
    )


async def extract(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    personal: PersonalData,
    *,
    community_id: UUID,
    purpose: str,
    after: UUID | None,
) -> tuple[list[ExtractedResident], UUID | None]:
    """Names and ID numbers of a community's residents for a statutory list, `EXTRACTED` at a time,
    and after whom to go on. Every request stands in the audit with its purpose (个人信息保护法 54).
    Raises NotFound when the community is out of reach."""
    street = await repository.street_of(session, community_id)
    if street is None:
        raise NotFound
    reach.require(Place(street=street, community=community_id))
    query = (
        select(Resident, Household.code)
        .join(
            Household,
            (Household.district == Resident.district) & (Household.id == Resident.household_id),
        )
        .where(Resident.community_id == community_id, Resident.left_on.is_(None))
        .order_by(Resident.id)
        .limit(EXTRACTED + 1)
    )
    if after is not None:
        query = query.where(Resident.id > after)
    rows = (await session.execute(query)).all()
    shown = [(row.Resident, row.code) for row in rows[:EXTRACTED]]
    await record(
        session,
        actor,
        "residents.extracted",
        ("community", community_id),
        after={"count": len(shown), "after": str(after) if after else None},
        purpose=purpose,
    )
    items = [
        ExtractedResident(
            id=one.id,
            name=one.name,
            id_number=personal.decrypt(
                one.id_number, bound_to=bound(one.district, one.id, "id_number")
            ),
            residence=Residence(one.residence),
            household=code,
        )
        for one, code in shown
    ]
    return items, items[-1].id if len(rows) > EXTRACTED else None


def _sealed_phone(
    personal: PersonalData, district: str, id: UUID, phone: str | None
) -> bytes | None:
    return None if phone is None else personal.encrypt(phone, bound_to=bound(district, id, "phone"))


def _facts(resident: Resident) -> dict[str, Any]:
    return {
        "name": resident.name,
        "residence": resident.residence,
        "household_id": str(resident.household_id),
        "phone": None if resident.phone is None else resident.phone.hex(),
    }
