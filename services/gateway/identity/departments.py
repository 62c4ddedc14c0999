"""For which department somebody acts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity.models import Department
from shared.auth.policy import Reach
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text


async def department_for(session: AsyncSession, reach: Reach, id: UUID | None) -> Department:
    """The department that the caller acts for. Raises Invalid when several are possible and none
    is named, NotFound when it is out of reach."""
    if id is None and not reach.whole_district and len(reach.departments) == 1:
        id = next(iter(reach.departments))
    if id is None:
        raise Invalid(issues=(_department_missing(),))
    found = await session.scalar(select(Department).where(Department.id == id))
    if found is None or not (reach.whole_district or id in reach.departments):
        raise NotFound
    return found


def _department_missing() -> Issue:
    return Issue(
        code="department_missing",
        pointer="/department_id",
        detail=Text(zh="未指明部门。", en="No department is named."),
        remedy=Text(zh="请在 department_id 中填写部门编号。", en="Give its id in department_id."),
    )
