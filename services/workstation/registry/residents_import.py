"""The residents' file: encrypted row by row, written many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry.domain import Residence
from services.workstation.registry.imports import COMMUNITY, NOTHING, community_ids
from services.workstation.registry.models import Household, Resident
from services.workstation.registry.sealing import bound
from shared.audit.record import Actor
from shared.imports.bulk import insert_rows
from shared.imports.parsing import choice, code, text
from shared.imports.records import rejected, unknown
from shared.imports.table import BadCell, Column, Counts, Rejected, Template
from shared.kernel.clock import Clock
from shared.kernel.identity_number import IdentityNumber, read_identity_number
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.privacy.cipher import PersonalData

RESIDENCES = {
    "户籍": Residence.REGISTERED.value,
    "常住": Residence.USUAL.value,
    "户籍且常住": Residence.BOTH.value,
}
_COLUMNS = {
    "district": "char(6)",
    "id": "uuid",
    "community_id": "uuid",
    "household_id": "uuid",
    "name": "text",
    "sex": "text",
    "born_on": "date",
    "id_number": "bytea",
    "id_hash": "bytea",
    "phone": "bytea",
    "residence": "text",
    "version": "integer",
}


class ResidentRow(NamedTuple):
    """A checked row of the residents' file."""

    household: tuple[UUID, str]
    name: str
    number: IdentityNumber
    phone: str | None
    residence: str


@dataclass(slots=True)
class _Context:
    district: str
    communities: dict[str, UUID]
    seen: set[str] = field(default_factory=set)


def phone_number(cell: str) -> str:
    """A telephone number: 7 to 15 digits; blanks, dashes and +86 are dropped."""
    plain = cell.replace(" ", "").replace("-", "").removeprefix("+86")
    if not (plain.isascii() and plain.isdigit() and 7 <= len(plain) <= 15):
        raise BadCell(
            "phone_malformed",
            Text(zh="电话号码格式不正确。", en="The phone number is malformed."),
            Text(zh="请填写 7–15 位数字。", en="Give 7 to 15 digits."),
        )
    return plain


class Residents:
    """Residents by ID number: a person is in the district once."""

    def __init__(self, personal: PersonalData, clock: Clock) -> None:
        self._personal = personal
        self._clock = clock
        self.template = Template(
            "residents",
            Text(zh="居民", en="residents"),
            (
                Column(
                    "community_code",
                    Text(zh="社区代码", en="Community code"),
                    code(),
                    "421002001001",
                    NOTHING,
                ),
                Column(
                    "household_code",
                    Text(zh="户编号", en="Household code"),
                    code(),
                    "000001",
                    NOTHING,
                ),
                Column(
                    "name", Text(zh="姓名", en="Name"), text(60), "张晓梅", NOTHING, personal=True
                ),
                Column(
                    "id_number",
                    Text(zh="身份证号", en="ID number"),
                    self._identity_number,
                    "11010519491231002X",
                    Text(
                        zh="18 位，性别和出生日期由此得出", en="18 signs; gives sex and birth date"
                    ),
                    personal=True,
                ),
                Column(
                    "phone",
                    Text(zh="电话", en="Phone"),
                    phone_number,
                    "13800001234",
                    NOTHING,
                    required=False,
                    personal=True,
                ),
                Column(
                    "residence",
                    Text(zh="居住类别", en="Residence"),
                    choice(RESIDENCES),
                    "户籍且常住",
                    NOTHING,
                ),
            ),
        )
        self._today = date.min

    def _identity_number(self, cell: str) -> IdentityNumber:
        read = read_identity_number(cell, self._today)
        if isinstance(read, IdentityNumber):
            return read
        first = read[0]
        raise BadCell(first.code, first.detail, first.remedy)

    async def prepare(self, session: AsyncSession, district: str) -> _Context:
        """The district's communities; households are looked up chunk by chunk."""
        self._today = self._clock.today()
        return _Context(district, await community_ids(session))

    def check(self, values: Mapping[str, Any], context: _Context) -> ResidentRow | Rejected:
        """The row, unless its community is unknown or the person stands in the file twice."""
        community = context.communities.get(values["community_code"])
        if community is None:
            return unknown("community_code", COMMUNITY, values["community_code"])
        number: IdentityNumber = values["id_number"]
        if number.number in context.seen:
            return rejected(
                "id_number",
                "repeated_in_file",
                Text(zh="本文件中已有此身份证号。", en="This ID number stands twice in the file."),
                Text(zh="请核对并删除重复的行。", en="Check, and delete the repeated row."),
            )
        context.seen.add(number.number)
        return ResidentRow(
            (community, values["household_code"]),
            values["name"],
            number,
            values["phone"],
            values["residence"],
        )

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[ResidentRow], context: _Context
    ) -> Counts:
        """Insert who is new, update who has changed. A household that is not registered yet is
        added with its code."""
        households = await self._households(session, actor.district, rows)
        hashes = [self._personal.lookup(actor.district, row.number.number) for row in rows]
        found = await session.scalars(
            select(Resident).where(Resident.id_hash.in_(hashes), Resident.left_on.is_(None))
        )
        existing = {item.id_hash: item for item in found}
        counts = Counts()
        fresh = []
        for row, digest in zip(rows, hashes, strict=True):
            item = existing.get(digest)
            if item is None:
                fresh.append(self._new(actor.district, row, digest, households[row.household]))
                counts.created += 1
            elif self._changed(item, row, households[row.household]):
                counts.updated += 1
            else:
                counts.unchanged += 1
        await insert_rows(session, "resident", _COLUMNS, fresh)
        await session.flush()
        return counts

    async def _households(
        self, session: AsyncSession, district: str, rows: Sequence[ResidentRow]
    ) -> dict[tuple[UUID, str], UUID]:
        wanted = {row.household for row in rows}
        by_community: dict[UUID, set[str]] = {}
        for community, household in wanted:
            by_community.setdefault(community, set()).add(household)
        known: dict[tuple[UUID, str], UUID] = {}
        found = await session.execute(
            select(Household.community_id, Household.code, Household.id).where(
                Household.community_id.in_(by_community),
                Household.code.in_({code for _, code in wanted}),
            )
        )
        for item in found:
            known[item.community_id, item.code] = item.id
        missing = {key: new_id() for key in wanted if key not in known}
        await insert_rows(
            session,
            "household",
            {
                "district": "char(6)",
                "id": "uuid",
                "community_id": "uuid",
                "code": "text",
                "address": "text",
                "version": "integer",
            },
            [(district, made, key[0], key[1], "", 1) for key, made in missing.items()],
        )
        return known | missing

    def _new(
        self, district: str, row: ResidentRow, digest: bytes, household: UUID
    ) -> tuple[Any, ...]:
        made = new_id()
        encrypt = self._personal.encrypt
        phone = row.phone
        return (
            district,
            made,
            row.household[0],
            household,
            row.name,
            row.number.sex,
            row.number.born,
            encrypt(row.number.number, bound_to=bound(district, made, "id_number")),
            digest,
            None if phone is None else encrypt(phone, bound_to=bound(district, made, "phone")),
            row.residence,
            1,
        )

    def _changed(self, item: Resident, row: ResidentRow, household: UUID) -> bool:
        place = bound(item.district, item.id, "phone")
        phone = None if item.phone is None else self._personal.decrypt(item.phone, bound_to=place)
        new_phone = phone if row.phone is None else row.phone
        before = (item.name, item.household_id, item.residence, phone)
        if before == (row.name, household, row.residence, new_phone):
            return False
        item.name, item.household_id, item.residence = row.name, household, row.residence
        item.community_id = row.household[0]
        if new_phone is not None and new_phone != phone:
            item.phone = self._personal.encrypt(new_phone, bound_to=place)
        item.version += 1
        return True
