"""Figures `facilities.*`: money invested, centres, premises and their areas, projects, rooms."""

from dataclasses import dataclass
from decimal import Decimal

from services.workstation.reporting.domain import Figure, ReportRules, Source, Unit, wan_yuan
from services.workstation.reporting.facts import CommunityBuildingFacts, MoneySource
from shared.kernel.text import Text

MONEY_SOURCES: dict[MoneySource, Text] = {
    MoneySource.CITY_AND_ABOVE: Text("市级以上财政", "City and above"),
    MoneySource.DISTRICT: Text("区级财政配套", "District"),
    MoneySource.STREET_AND_COMMUNITY: Text("街道社区自筹", "Streets and communities"),
}


@dataclass(frozen=True, slots=True)
class AreaClass:
    """The premises of `at_least` <= m² < `below`, without an upper end where that is None."""

    at_least: int
    below: int | None

    @property
    def key(self) -> str:
        """`premises_over_300_m2`, `premises_250_to_300_m2`."""
        if self.below is None:
            return f"premises_over_{self.at_least}_m2"
        return f"premises_{self.at_least}_to_{self.below}_m2"

    @property
    def name(self) -> Text:
        """The class as it is read."""
        if self.below is None:
            return Text(f"{self.at_least}平方米以上", f"{self.at_least} m² and more")
        if self.at_least == 0:
            return Text(f"不足{self.below}平方米", f"less than {self.below} m²")
        return Text(f"{self.at_least}至{self.below}平方米", f"{self.at_least} to {self.below} m²")

    @property
    def limits(self) -> Text:
        """Which of its limits belong to the class."""
        if self.below is None:
            return Text(f"含{self.at_least}平方米", f"{self.at_least} m² included")
        return Text(
            f"含{self.at_least}、不含{self.below}平方米",
            f"{self.at_least} m² included, {self.below} m² not",
        )


def area_classes(rules: ReportRules) -> tuple[AreaClass, ...]:
    """The classes of areas from the largest to the smallest, that from 0 m² included."""
    limits = (0, *rules.premises_classes_m2)
    return tuple(
        AreaClass(at_least, below)
        for at_least, below in zip(
            reversed(limits), (None, *reversed(rules.premises_classes_m2)), strict=True
        )
    )


def facility_figures(facts: CommunityBuildingFacts, rules: ReportRules) -> tuple[Figure, ...]:
    """Works done and planned, and who meets the standard of premises."""
    return (
        *_invested(facts),
        *_works(facts),
        *_premises(facts, rules),
        *_planned(facts),
        *(
            Figure(
                key=f"facilities.rooms.{group.name}",
                label=Text(f"“{group.name}”", f"“{group.name}”"),
                value=group.rooms,
                unit=Unit.NAMES,
                source=Source.FACILITIES,
            )
            for group in facts.facilities.rooms
        ),
        Figure(
            key="facilities.one_stop_communities",
            label=Text("推行一站式服务的社区", "Communities with one-stop service"),
            value=sum(community.one_stop for community in facts.communities)
            if facts.communities
            else None,
            unit=Unit.COMMUNITIES,
            source=Source.COMMUNITIES,
        ),
    )


def premises_between(facts: CommunityBuildingFacts, at_least: int, below: int | None = None) -> int:
    """The communities with recorded premises of `at_least` <= m² < `below`."""
    return sum(at_least <= area and (below is None or area < below) for area in _recorded(facts))


def below_standard(facts: CommunityBuildingFacts, minimum_m2: int) -> int:
    """The communities that do not show premises of the minimum: smaller, or none recorded."""
    return len(facts.communities) - premises_between(facts, minimum_m2)


def invested_fen(facts: CommunityBuildingFacts, source: MoneySource | None = None) -> int:
    """The money invested, of one source or of all, in fen."""
    return sum(
        investment.fen
        for investment in facts.facilities.investments
        if source is None or investment.source is source
    )


def _recorded(facts: CommunityBuildingFacts) -> list[Decimal]:
    return [
        community.premises_m2
        for community in facts.communities
        if community.premises_m2 is not None
    ]


def _invested(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    def amount(source: MoneySource | None = None) -> int | None:
        return invested_fen(facts, source) if facts.facilities.investments else None

    return (
        _money("invested_wan_yuan.total", Text("投入合计", "Invested in all"), amount()),
        *(
            _money(
                f"invested_wan_yuan.{source}",
                Text(f"其中：{label.zh}", f"of it: {label.en}"),
                amount(source),
            )
            for source, label in MONEY_SOURCES.items()
        ),
    )


def _works(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    done = facts.facilities
    return (
        _count(
            "street_service_centres.new",
            Text("新建街道社区服务中心", "Street service centres built"),
            len(done.centres_new),
            unit=Unit.PLACES,
            note=_named(done.centres_new),
        ),
        _count(
            "street_service_centres.rebuilt",
            Text("改扩建街道社区服务中心", "Street service centres rebuilt"),
            len(done.centres_rebuilt),
            unit=Unit.PLACES,
            note=_named(done.centres_rebuilt),
        ),
        _count(
            "office_premises.new",
            Text("新建社区办公服务用房", "Premises built"),
            done.premises_new,
            unit=Unit.PLACES,
        ),
        _count(
            "office_premises.rebuilt",
            Text("改扩建社区办公服务用房", "Premises rebuilt"),
            done.premises_rebuilt,
            unit=Unit.PLACES,
        ),
    )


def _premises(facts: CommunityBuildingFacts, rules: ReportRules) -> tuple[Figure, ...]:
    known = bool(facts.communities)
    return (
        *(
            _count(
                area.key,
                Text(
                    f"用房面积{area.name.zh}的社区", f"Communities with premises of {area.name.en}"
                ),
                premises_between(facts, area.at_least, area.below) if known else None,
                source=Source.COMMUNITIES,
                note=area.limits,
            )
            for area in area_classes(rules)
            if area.at_least > 0
        ),
        _count(
            "below_standard",
            Text("用房未达标的社区", "Communities below the standard of premises"),
            below_standard(facts, rules.premises_min_m2) if known else None,
            source=Source.COMMUNITIES,
            note=_standard(facts, rules.premises_min_m2),
        ),
    )


def _standard(facts: CommunityBuildingFacts, minimum_m2: int) -> Text:
    unrecorded = len(facts.communities) - len(_recorded(facts))
    zh, en = f"达标面积为{minimum_m2}平方米", f"the standard is {minimum_m2} m²"
    if unrecorded == 0:
        return Text(zh, en)
    return Text(
        f"{zh}；其中{unrecorded}个社区没有面积记录，按未达标计",
        f"{en}; {unrecorded} of them have no recorded area and count as below it",
    )


def _planned(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    planned = facts.facilities.planned
    return (
        _count(
            "planned_projects.communities",
            Text("申报建设项目涉及社区", "Communities with planned projects"),
            None if planned is None else planned.communities,
        ),
        _money(
            "planned_projects.wan_yuan",
            Text("申报建设项目计划投入", "Planned investment"),
            None if planned is None else planned.fen,
        ),
        _money(
            "planned_projects.reward_fund_wan_yuan",
            Text("“以奖代补”专项资金", "Reward-for-subsidy fund"),
            None if planned is None else planned.reward_fund_fen,
        ),
    )


def _named(streets: tuple[str, ...]) -> Text | None:
    names = "、".join(streets)
    return Text(f"{names}街道", names) if names else None


def _money(key: str, label: Text, fen: int | None) -> Figure:
    return Figure(
        key=f"facilities.{key}",
        label=label,
        value=None if fen is None else wan_yuan(fen),
        unit=Unit.WAN_YUAN,
        source=Source.FACILITIES,
    )


def _count(
    key: str,
    label: Text,
    value: int | None,
    *,
    unit: Unit = Unit.COMMUNITIES,
    source: Source = Source.FACILITIES,
    note: Text | None = None,
) -> Figure:
    return Figure(
        key=f"facilities.{key}", label=label, value=value, unit=unit, source=source, note=note
    )
