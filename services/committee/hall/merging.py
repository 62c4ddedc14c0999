"""Write use cases of merging: a matter into its like, and its undoing."""

from uuid import UUID

from sqlalchemy import func, select

from services.committee.hall import repository
from services.committee.hall.domain import ENDED, MATTER, MERGEABLE
from services.committee.hall.models.matters import Matter
from services.committee.hall.raising import ended, step
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act


async def merge(act: Act, reach: Reach, id: UUID, into: UUID) -> Matter:
    """Merge a matter into another of its community, whose supporters then count as its own.

    Raises Invalid for itself, Conflict when either cannot be merged. Returns the merged one.
    """
    if id == into:
        await repository.locked(act.session, reach, id)
        raise Invalid(issues=(_into_itself(),))
    matter, target = await repository.locked_two(act.session, reach, id, into)
    has_merged = await act.session.scalar(
        select(func.count()).select_from(Matter).where(Matter.merged_into == id)
    )
    if has_merged or matter.community_id != target.community_id or target.state in ENDED:
        raise Conflict(
            code="cannot_be_merged",
            detail=Text(
                zh="只能合并到同一社区、尚未办结的事项，且被合并的事项自身不能已并入其他事项。"
                "请换一个目标，或先取消已有的合并。",
                en="A matter is merged into an open one of the same community, and none may have "
                "been merged into it before. Choose another target, or unmerge first.",
            ),
        )
    if matter.state in MERGEABLE:
        matter.merged_into = target.id
    matter.first_answered_at = matter.first_answered_at or act.now
    await step(act, matter, "merging", told={"into": str(target.id)})
    await repository.count_supporters(act.session, target)
    return matter


async def unmerge(act: Act, reach: Reach, id: UUID) -> Matter:
    """Undo a merging: both matters have their own supporters again."""
    merged_into = await act.session.scalar(select(Matter.merged_into).where(Matter.id == id))
    if merged_into is None:
        matter = await repository.locked(act.session, reach, id)
        MATTER.step(matter.state, "unmerging", by=act.roles, reason=None)
        raise ended(matter)
    matter, target = await repository.locked_two(act.session, reach, id, merged_into)
    if matter.merged_into == target.id:
        matter.merged_into = None
    await step(act, matter, "unmerging")
    await repository.count_supporters(act.session, matter)
    await repository.count_supporters(act.session, target)
    return matter


def _into_itself() -> Issue:
    return Issue(
        code="into_itself",
        pointer="/into",
        detail=Text(zh="不能并入自身。", en="A matter cannot be merged into itself."),
        remedy=Text(zh="请填写另一事项的编号。", en="Give the id of another matter."),
    )
