"""The districts of this installation; each service keeps its own list (no row-level security)."""

from datetime import datetime

from sqlalchemy import CHAR, CheckConstraint, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import PlatformBase, checked_district
from shared.db.database import Database


class District(PlatformBase):
    """A district that this installation serves."""

    __tablename__ = "district"
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),)

    code: Mapped[str] = mapped_column(CHAR(6), primary_key=True)
    name: Mapped[str]
    prefecture: Mapped[str]
    province: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


async def register_district(
    database: Database, code: str, *, name: str, prefecture: str, province: str
) -> None:
    """Add a district to the service's list, or give it its new names; the same again is nothing.

    Raises ValueError when the code is not a GB/T 2260 code of six digits.
    """
    names = {"name": name, "prefecture": prefecture, "province": province}
    async with database.installation() as session:
        await session.execute(
            insert(District)
            .values(code=checked_district(code), **names)
            .on_conflict_do_update(index_elements=[District.code], set_=names)
        )


async def district_codes(database: Database) -> list[str]:
    """Every district's code, in order."""
    async with database.installation() as session:
        return list(await session.scalars(select(District.code).order_by(District.code)))
