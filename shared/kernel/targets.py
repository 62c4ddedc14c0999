"""Which communities something is asked of."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class CommunityFacts:
    """A community of the district as whoever asks something of it needs to know it."""

    id: UUID
    name: str
    kind: str
    street_id: UUID
    active: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """Which communities something is for: those named, else all of the kinds and streets named."""

    communities: frozenset[UUID] = frozenset()
    kinds: frozenset[str] = frozenset()
    streets: frozenset[UUID] = frozenset()

    def cover(self, community: CommunityFacts) -> bool:
        """Whether the community is among them."""
        if self.communities:
            return community.id in self.communities
        return (not self.kinds or community.kind in self.kinds) and (
            not self.streets or community.street_id in self.streets
        )


def target_issues(targets: Targets, communities: Mapping[UUID, CommunityFacts]) -> list[Issue]:
    """What is wrong with targets among a district's communities: outside, ended, or none fits."""
    outside = [id for id in targets.communities if id not in communities]
    ended = [
        communities[id].name
        for id in targets.communities
        if id in communities and not communities[id].active
    ]
    issues = []
    if outside:
        issues.append(
            Issue(
                code="target_outside_district",
                pointer="/targets/communities",
                detail=Text(
                    zh=f"有 {len(outside)} 个目标社区不在本区：{'、'.join(map(str, outside[:5]))}。",
                    en=f"{len(outside)} of the communities are not in this district: "
                    f"{', '.join(map(str, outside[:5]))}.",
                ),
                remedy=Text(
                    zh="请从本区社区列表中选择。", en="Choose from the district's communities."
                ),
            )
        )
    if ended:
        issues.append(
            Issue(
                code="target_not_active",
                pointer="/targets/communities",
                detail=Text(
                    zh=f"以下社区尚未成立或已撤并：{'、'.join(ended[:5])}。",
                    en=f"These communities do not exist yet or any more: {', '.join(ended[:5])}.",
                ),
                remedy=Text(zh="请去掉它们。", en="Leave them out."),
            )
        )
    nobody = not any(targets.cover(one) for one in communities.values() if one.active)
    if not issues and nobody:
        issues.append(
            Issue(
                code="target_empty",
                pointer="/targets",
                detail=Text(zh="没有符合条件的社区。", en="No community fits."),
                remedy=Text(zh="请放宽类型或街道。", en="Widen the kinds or streets."),
            )
        )
    return issues
