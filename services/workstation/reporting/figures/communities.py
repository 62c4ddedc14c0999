"""Figures `communities.*`: how many there are, of which kinds, and which have no approved posts.

An urban community (城市社区) is one under a street, of whatever kind: a street's factory and
village communities are among them, as civil affairs counts them.
"""

from services.workstation.reporting.domain import Figure, Source, Unit, divided
from services.workstation.reporting.facts import (
    CommunityBuildingFacts,
    CommunityFacts,
    CommunityKind,
    StreetKind,
)
from services.workstation.reporting.figures.district import street_names
from shared.kernel.text import Text


def community_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """Counts by kind and approval, the history, and the average size."""
    if not facts.communities:
        return (*_unrecorded(), *_history(facts), average_households(facts))
    urban = urban_communities(facts)
    villages = _of_townships(facts, CommunityKind.VILLAGE_CONVERTED)
    funded = [community for community in urban if community.approved_posts > 0]
    return (
        _count("total", _TOTAL, len(facts.communities)),
        _count("urban", _URBAN, len(urban), note=_UNDER_STREETS),
        _count(
            "village_converted",
            _VILLAGES,
            len(villages),
            note=_places(villages),
        ),
        _count(
            "funded_with_approved_posts",
            _FUNDED,
            len(funded),
        ),
        *_not_approved(facts),
        *_history(facts),
        average_households(facts),
    )


def urban_communities(facts: CommunityBuildingFacts) -> tuple[CommunityFacts, ...]:
    """The communities under a street, not under a township."""
    streets = street_names(facts, StreetKind.STREET)
    return tuple(community for community in facts.communities if community.street in streets)


def without_posts(
    facts: CommunityBuildingFacts, *kinds: CommunityKind
) -> tuple[CommunityFacts, ...]:
    """The urban communities of these kinds whose posts were never approved; all kinds for none."""
    return tuple(
        community
        for community in urban_communities(facts)
        if community.approved_posts == 0 and (not kinds or community.kind in kinds)
    )


def average_households(facts: CommunityBuildingFacts) -> Figure:
    """The official number of households a community, rounded to whole households."""
    households = sum(community.households for community in facts.communities)
    return Figure(
        key="communities.average_households",
        label=Text("平均每个社区户数", "Households a community, on average"),
        value=divided(households, len(facts.communities)),
        unit=Unit.HOUSEHOLDS,
        source=Source.COMMUNITIES,
        numerator=households if facts.communities else None,
        denominator=len(facts.communities) or None,
        note=Text(
            "按民政统计户数平均，四舍五入取整", "official households; rounded to a whole one"
        ),
    )


def _unrecorded() -> tuple[Figure, ...]:
    """The counts of a district that has no community on record."""
    return tuple(
        _count(key, label, None)
        for key, label in {
            "total": _TOTAL,
            "urban": _URBAN,
            "village_converted": _VILLAGES,
            "funded_with_approved_posts": _FUNDED,
            "not_approved.total": _NOT_APPROVED,
        }.items()
    )


def _not_approved(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    factories = without_posts(facts, CommunityKind.FACTORY)
    others = without_posts(facts, CommunityKind.URBAN, CommunityKind.SUBURBAN)
    by_street = tuple(
        _count(
            f"not_approved.factory.{street}",
            Text(f"未核定岗位的厂居：{street}街道", f"Factory, no approved posts: {street}"),
            number,
        )
        for street in street_names(facts, StreetKind.STREET)
        if (number := sum(community.street == street for community in factories))
    )
    return (
        _count(
            "not_approved.total",
            _NOT_APPROVED,
            len(without_posts(facts)),
        ),
        *by_street,
        _names(
            "not_approved.village",
            Text("未核定岗位的村", "Villages without approved posts"),
            without_posts(facts, CommunityKind.VILLAGE_CONVERTED),
        ),
        _names(
            "not_approved.other",
            Text("未核定岗位的其他社区", "Others without approved posts"),
            others,
        ),
    )


def _history(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    history = facts.history
    return (
        _count(
            "before_reform",
            Text("改革前居委会", "Residents' committees before the reform"),
            history.before_reform,
            source=Source.HISTORY,
        ),
        _count(
            "adjustments",
            Text("调整轮次", "Rounds of adjustment"),
            history.adjustments,
            unit=Unit.TIMES,
            source=Source.HISTORY,
            note=Text("合并、撤销、新建", "merged, abolished or newly founded"),
        ),
        Figure(
            key="communities.about_to_be_approved",
            label=Text("即将批准成立的社区", "Communities about to be approved"),
            value=history.about_to_be_approved,
            unit=Unit.NAMES,
            source=Source.HISTORY,
        ),
    )


_TOTAL = Text("社区总数", "Communities")
_URBAN = Text("城市社区", "Urban communities")
_UNDER_STREETS = Text("街道所辖社区，含厂居", "communities under a street, factory ones included")
_VILLAGES = Text("村改居社区", "Converted villages")
_FUNDED = Text("核定岗位并拨付经费的城市社区", "Urban communities with approved, funded posts")
_NOT_APPROVED = Text("未核定岗位的城市社区", "Urban communities without approved posts")


def _of_townships(facts: CommunityBuildingFacts, kind: CommunityKind) -> tuple[CommunityFacts, ...]:
    townships = street_names(facts, StreetKind.TOWNSHIP)
    return tuple(
        community
        for community in facts.communities
        if community.kind is kind and community.street in townships
    )


def _places(communities: tuple[CommunityFacts, ...]) -> Text | None:
    places = "、".join(dict.fromkeys(community.street for community in communities))
    return Text(f"分布在{places}", f"in {places}") if places else None


def _count(
    key: str,
    label: Text,
    value: int | None,
    *,
    unit: Unit = Unit.COMMUNITIES,
    source: Source = Source.COMMUNITIES,
    note: Text | None = None,
) -> Figure:
    return Figure(
        key=f"communities.{key}", label=label, value=value, unit=unit, source=source, note=note
    )


def _names(key: str, label: Text, communities: tuple[CommunityFacts, ...]) -> Figure:
    return Figure(
        key=f"communities.{key}",
        label=label,
        value=tuple(community.name for community in communities),
        unit=Unit.NAMES,
        source=Source.COMMUNITIES,
    )
