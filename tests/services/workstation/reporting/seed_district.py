"""The district of the seed report as counted facts, its numbers spread over streets."""

from datetime import date
from decimal import Decimal
from itertools import cycle, islice

from services.workstation.posts.public import QuotaBand
from services.workstation.reporting.domain import Report, ReportRules
from services.workstation.reporting.facts import (
    Approximation,
    BaseSteps,
    CommunityBuildingFacts,
    CommunityFacts,
    CommunityKind,
    DistrictFacts,
    FacilitiesFacts,
    FundingRatesFacts,
    HistoryFacts,
    Insurance,
    Investment,
    MoneySource,
    PayFacts,
    PlannedProjects,
    PostsFacts,
    Rate,
    RateChange,
    RoomGroup,
    ServicePointCount,
    ServicePointKind,
    ServicesFacts,
    StaffCount,
    StreetFacts,
    StreetKind,
    StreetPay,
    SurveyFacts,
    SurveyValue,
    Whereabouts,
)
from services.workstation.reporting.figures import figures_of
from shared.kernel.issue import RuleApplied

ON = date(2012, 6, 30)
RAISED = date(2011, 7, 1)
FORMERLY = date(2009, 1, 1)
STREETS = ("解放", "崇文", "中山", "胜利", "朝阳")
TOWNSHIP = "立新乡"

RULES = ReportRules(
    premises_min_m2=250,
    quota=(QuotaBand(0, 2000, 4), QuotaBand(2000, 3001, 5), QuotaBand(3001, None, 6)),
    applied=(
        RuleApplied("facilities.premises_min_m2", 250, "调研报告第一部分第三条", RAISED, "report"),
        RuleApplied("posts.workstation_quota", [], "调研报告第三部分第三条", RAISED, "report"),
    ),
)


def _kinds() -> list[tuple[str, CommunityKind, str]]:
    """Street, kind and name of each community: 68 urban, 7 factory, 2 + 6 village ones."""
    found = [
        (street, CommunityKind.URBAN, f"{street}第{number}社区")
        for street, count in zip(STREETS, (12, 14, 14, 15, 13), strict=True)
        for number in range(1, count + 1)
    ]
    found += [
        (street, CommunityKind.FACTORY, f"{street}{number}厂")
        for street, count in (("解放", 4), ("胜利", 1), ("朝阳", 2))
        for number in range(1, count + 1)
    ]
    found += [("朝阳", CommunityKind.VILLAGE_CONVERTED, name) for name in ("五星三村", "柳林洲村")]
    found += [
        (TOWNSHIP, CommunityKind.VILLAGE_CONVERTED, f"立新{number}村") for number in range(1, 7)
    ]
    return found


def _communities() -> tuple[CommunityFacts, ...]:
    places = _kinds()
    posts = [
        total // count + (at < total % count)
        for total, count in zip((69, 62, 65, 69, 63), (12, 14, 14, 15, 13), strict=True)
        for at in range(count)
    ] + [0] * 15
    areas = [Decimal(320)] * 50 + [Decimal("262.5")] * 7 + [Decimal(140)] * 26
    households = [2500, *islice(cycle((1700, 3300)), 82)]
    return tuple(
        CommunityFacts(
            name=name,
            street=street,
            kind=kind,
            households=households[at],
            approved_posts=posts[at],
            premises_m2=areas[at * 17 % 83],
            one_stop=at * 17 % 83 < 51,
        )
        for at, (street, kind, name) in enumerate(places)
    )


def _staff() -> tuple[StaffCount, ...]:
    by_street = {
        Whereabouts.ON_DUTY: (50, 50, 50, 51, 50),
        Whereabouts.SECONDED_TO_STREET: (15, 10, 12, 14, 11),
        Whereabouts.OFF_POST: (3, 2, 2, 3, 2),
        Whereabouts.SECONDED_TO_DISTRICT: (1, 0, 1, 1, 0),
        Whereabouts.SELF_HIRED: (8, 12, 15, 26, 10),
    }
    return tuple(
        StaffCount(street=street, whereabouts=where, persons=persons)
        for where, numbers in by_street.items()
        for street, persons in zip(STREETS, numbers, strict=True)
    )


def _rate(yuan: int, since: date, *, inferred: bool = False) -> Rate:
    return Rate(fen=yuan * 100, since=since, inferred=inferred)


def seed_facts() -> CommunityBuildingFacts:
    """What the seed district's records count to."""
    return CommunityBuildingFacts(
        on=ON,
        district=DistrictFacts(
            code="421002", name="沙市区", province="湖北省", prefecture="荆州市"
        ),
        streets=(
            *(StreetFacts(name=name, kind=StreetKind.STREET) for name in STREETS),
            StreetFacts(name=TOWNSHIP, kind=StreetKind.TOWNSHIP),
        ),
        communities=_communities(),
        history=HistoryFacts(
            before_reform=132, adjustments=3, about_to_be_approved=("景湖", "银湖")
        ),
        posts=PostsFacts(at_election=287, elected_on=date(2010, 9, 28)),
        staff=_staff(),
        funding_rates=FundingRatesFacts(
            per_post=RateChange(
                before=_rate(10_000, FORMERLY, inferred=True), after=_rate(15_600, RAISED)
            ),
            per_community=RateChange(
                before=_rate(20_000, FORMERLY, inferred=True),
                after=_rate(20_000, RAISED, inferred=True),
            ),
            per_factory_community=RateChange(
                before=_rate(15_000, FORMERLY), after=_rate(20_000, RAISED, inferred=True)
            ),
        ),
        pay=PayFacts(
            before=BaseSteps(fen=(60_000, 70_000, 80_000), since=FORMERLY),
            after=BaseSteps(fen=(110_000, 120_000, 130_000), since=RAISED),
            insurances=(Insurance.PENSION, Insurance.MEDICAL, Insurance.UNEMPLOYMENT),
            by_street=tuple(
                StreetPay(
                    street=street, fen=tuple(110_000 + 10_000 * step + more for step in (0, 1, 2))
                )
                for street, more in zip(STREETS, (0, 5_000, 5_000, 12_000, 2_000), strict=True)
            ),
        ),
        facilities=FacilitiesFacts(
            investments=(
                Investment(source=MoneySource.CITY_AND_ABOVE, fen=645_000_000),
                Investment(source=MoneySource.DISTRICT, fen=426_000_000),
                Investment(source=MoneySource.STREET_AND_COMMUNITY, fen=230_000_000),
            ),
            centres_new=("解放",),
            centres_rebuilt=("胜利",),
            premises_new=27,
            premises_rebuilt=18,
            planned=PlannedProjects(communities=28, fen=760_000_000, reward_fund_fen=100_000_000),
            rooms=(
                RoomGroup(name="四室", rooms=("图书阅览室", "文体活动室", "日间照料室", "警务室")),
                RoomGroup(name="两厅", rooms=("一站式服务大厅", "居民说事厅")),
                RoomGroup(name="一校", rooms=("居民学校",)),
                RoomGroup(name="一点", rooms=("慈善捐赠点",)),
            ),
        ),
        services=ServicesFacts(
            series=("家政", "养老", "托幼", "计生", "民调", "卫生", "社保", "保安", "法律", "中介"),
            points=tuple(
                ServicePointCount(kind=kind, count=count)
                for kind, count in {
                    ServicePointKind.STREET_SERVICE_CENTRE: 2,
                    ServicePointKind.SERVICE_STATION: 51,
                    ServicePointKind.POLICE_ROOM: 83,
                    ServicePointKind.ACTIVITY_CENTRE: 51,
                    ServicePointKind.LIBRARY: 48,
                    ServicePointKind.RESIDENTS_SCHOOL: 83,
                }.items()
            ),
            volunteer_teams=("沙市老姨妈服务队", '胜利街办"365"社区服务', "彭国珍服务队"),
        ),
        survey=SurveyFacts(
            regular_inspections=SurveyValue(value=20, approximation=Approximation.MORE_THAN),
            inspection_subjects=("党建", "综合治理", "就业再就业", "低保", "计生", "卫生", "经济"),
            campaign_subjects=(
                "平安社区",
                "卫生社区",
                "党建示范社区",
                "充分就业社区",
                "文明社区",
                "绿色社区",
            ),
            family_planning_levels=("省", "市", "区"),
            family_planning_rounds=("季度", "半年", "全年目标", "党政"),
            plaques=SurveyValue(value=20, approximation=Approximation.NEARLY),
            ledger_books=SurveyValue(value=60),
            secondment_per_mille=165,
        ),
    )


def empty_facts() -> CommunityBuildingFacts:
    """A district that has recorded nothing but its own name."""
    return CommunityBuildingFacts(
        on=ON,
        district=DistrictFacts(code="990001", name="新设区", province="某省", prefecture="某市"),
        streets=(),
        communities=(),
    )


def report_of(facts: CommunityBuildingFacts, rules: ReportRules = RULES) -> Report:
    """The report as the district's civil affairs bureau would sign it."""
    return Report(
        facts=facts,
        rules=rules,
        figures=figures_of(facts, rules),
        prepared_by=f"{facts.district.name}民政局",
        prepared_on=date(2012, 7, 5),
    )
