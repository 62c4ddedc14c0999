"""Raising matters, and what the committee first does with them."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.committee.hall import access, merging, raising, repository
from services.committee.hall.models.matters import Matter
from services.committee.hall.routes.matters import shown
from services.committee.hall.schemas.matters import (
    AcceptanceRequest,
    DisclosureRequest,
    MatterChange,
    MatterRequest,
    MatterView,
    MergingRequest,
    PublicReasonRequest,
    RaiserView,
)
from shared.audit.record import record
from shared.auth.policy import Policy, Reach
from shared.procedures.acting import Act, Acting
from shared.web.authentication import permits
from shared.web.preconditions import ExpectedVersion, require_version
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee/hall", tags=["hall"], route_class=UnitOfWorkRoute)
Raise = Annotated[Reach, permits(access.RAISE)]
Judge = Annotated[Reach, permits(access.JUDGE)]
Work = Annotated[Reach, permits(access.WORK)]
Use = Callable[[Act, Reach, UUID], Awaitable[Matter]]


@router.post("/matters", operation_id="hall_raise", status_code=201)
async def raise_matter(
    body: MatterRequest, act: Acting, request: Request, response: Response, reach: Raise
) -> MatterView:
    """Raise a matter in one's community. A text with an identity or telephone number is refused
    (422, each place named) unless `mask_personal_data` asks for its masking. 说事。"""
    made = await raising.raise_matter(
        act, reach,
        community_id=body.community_id, channel=body.channel, anonymous=body.anonymous,
        contact=body.contact.model_dump(), category=body.category.value,
        texts={"title": body.title, "content": body.content, "place": body.place},
        mask=body.mask_personal_data,
    )  # fmt: skip
    return await shown(act, made.id, request, response)


@router.patch("/matters/{id}", operation_id="hall_change_matter")
async def change(
    id: UUID,
    body: MatterChange,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    reach: Judge,
) -> MatterView:
    """Mend one's own matter before it is dealt with. 修改说事。"""
    values = body.model_dump(exclude_unset=True, exclude={"mask_personal_data"}, mode="json")
    await raising.change(
        act, reach, id, values, mask=body.mask_personal_data,
        expected=lambda version: require_version(version, expected),
    )  # fmt: skip
    return await shown(act, id, request, response)


@router.post("/matters/{id}/disclosure", operation_id="hall_disclose_raiser")
async def disclose(
    id: UUID,
    body: DisclosureRequest,
    act: Acting,
    reach: Annotated[Reach, permits(access.READ_RAISER)],
) -> RaiserView:
    """How the committee reaches who raised a matter; the reader and the purpose are recorded.
    查看说事人联系方式。"""
    matter = await repository.locked(act.session, reach, id)
    found = await repository.raiser_of(act.session, matter)
    await record(act.session, act.actor, "matter.raiser_read", ("matter", id), purpose=body.purpose)
    return RaiserView.model_validate(found, from_attributes=True)


@router.post("/matters/{id}/acceptance", operation_id="hall_accept")
async def accept(
    id: UUID,
    body: AcceptanceRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Work,
) -> MatterView:
    """The committee accepts and classifies a matter. 受理。"""
    category = body.category.value if body.category else None
    await raising.accept(act, reach, id, category)
    return await shown(act, id, request, response)


@router.post("/matters/{id}/declining", operation_id="hall_decline")
async def decline(
    id: UUID,
    body: PublicReasonRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Work,
) -> MatterView:
    """The committee declines a matter; the reason is its result and open to judgement.
    不予受理。"""
    await raising.decline(act, reach, id, body.reason, mask=body.mask_personal_data)
    return await shown(act, id, request, response)


@router.post("/matters/{id}/merging", operation_id="hall_merge")
async def merge(
    id: UUID, body: MergingRequest, act: Acting, request: Request, response: Response, reach: Work
) -> MatterView:
    """Merge a matter into its like; who raised and supported it counts as supporting that.
    合并事项。"""
    await merging.merge(act, reach, id, body.into)
    return await shown(act, id, request, response)


def _simple(path: str, name: str, policy: Policy, told: str, use: Use) -> None:
    async def take(
        id: UUID,
        act: Acting,
        request: Request,
        response: Response,
        reach: Annotated[Reach, permits(policy)],
    ) -> MatterView:
        await use(act, reach, id)
        return await shown(act, id, request, response)

    router.add_api_route(
        f"/matters/{{id}}/{path}",
        take,
        methods=["POST"],
        operation_id=f"hall_{name}",
        description=told,
        summary=told.partition(".")[0],
    )


async def _no_longer(act: Act, reach: Reach, id: UUID) -> Matter:
    return await raising.support(act, reach, id, withdrawn=True)


_simple(
    "withdrawal",
    "withdraw",
    access.JUDGE,
    "Take one's own matter back. 撤回说事。",
    raising.withdraw,
)
_simple(
    "support", "support", access.SUPPORT, "Support a matter; twice is once. 附议。", raising.support
)
_simple(
    "support/withdrawal", "withdraw_support", access.SUPPORT,
    "Support it no longer. 取消附议。", _no_longer,
)  # fmt: skip
_simple("unmerging", "unmerge", access.WORK, "Undo a merging. 取消合并。", merging.unmerge)
