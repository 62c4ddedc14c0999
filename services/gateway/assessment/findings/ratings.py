"""Residents rate items in their own community, each item once a campaign; they may change their
mind until the results are published."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.gateway.assessment.campaigns.public import (
    CAMPAIGN,
    CampaignState,
    acting_on,
)
from services.gateway.assessment.findings.models import Rating
from services.gateway.assessment.standards.domain import Verification
from services.gateway.assessment.standards.repository import items_of
from shared.audit.record import record
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act


async def rate(act: Act, campaign_id: UUID, community_id: UUID, ratings: Mapping[str, int]) -> int:
    """Give or change ratings by item code; how many are given.

    Raises NotFound before the campaign is announced, Conflict after, Invalid naming every item
    that residents do not rate and every value out of its scale.
    """
    act, campaign = await acting_on(act, campaign_id, shared=True)
    if campaign.state == CampaignState.DRAFT:
        raise NotFound
    if campaign.state != CampaignState.ANNOUNCED:
        state = CAMPAIGN.states[campaign.state]
        raise Conflict(
            code="ratings_closed",
            detail=Text(
                zh=f"本次综合考核的状态是“{state.zh}”，评价已结束。",
                en=f"The campaign is “{state.en}”; ratings have ended.",
            ),
        )
    items = {
        one.item.code: one
        for one in await items_of(act.session, campaign.standard_id)
        if one.item.verification is Verification.RESIDENTS
    }
    issues = []
    for at, (code, value) in enumerate(ratings.items()):
        item = items.get(code)
        ends = (0, 0) if item is None else sorted((item.item.zero_at, item.item.full_at))
        if item is None or not ends[0] <= value <= ends[1]:
            issues.append(_refused(at, code, known=item is not None, least=ends[0], most=ends[1]))
    if issues:
        raise Invalid(issues=issues)
    for code, value in ratings.items():
        await act.session.execute(
            insert(Rating)
            .values(
                district=act.actor.district,
                id=new_id(),
                campaign_id=campaign_id,
                community_id=community_id,
                item_id=items[code].id,
                rater=act.actor.id,
                value=value,
                updated_at=act.now,
            )
            .on_conflict_do_update(
                constraint="item_rating_rater_key",
                set_={"value": value, "updated_at": act.now},
            )
        )
    await record(
        act.session, act.actor, "campaign.rated", ("campaign", campaign_id),
        after={"items": sorted(ratings)},
    )  # fmt: skip
    return len(ratings)


def _refused(at: int, code: str, *, known: bool, least: int, most: int) -> Issue:
    if not known:
        return Issue(
            code="item_not_rated",
            pointer=f"/ratings/{at}/code",
            detail=Text(
                zh=f"{code} 不是由居民评价的项目。", en=f"{code} is not rated by residents."
            ),
            remedy=Text(zh="请去掉这一项。", en="Leave it out."),
        )
    return Issue(
        code="value_out_of_range",
        pointer=f"/ratings/{at}/value",
        detail=Text(
            zh=f"{code} 的评分应在 {least} 至 {most} 之间。",
            en=f"{code} is rated from {least} to {most}.",
        ),
        remedy=Text(zh="请更正。", en="Mend it."),
    )
