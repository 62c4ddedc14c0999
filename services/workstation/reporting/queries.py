"""From the district's records to the facts of its report: a fixed number of reads."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.workstation.posts.public import quota_on
from services.workstation.reporting import repository
from services.workstation.reporting.domain import FEN_PER_YUAN, Report, ReportRules
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
    SurveyFacts,
    SurveyValue,
    Whereabouts,
)
from services.workstation.reporting.figures import figures_of
from shared.db.database import ReadSession
from shared.db.reading import the_row
from shared.rulebook.errors import NoRuleInForce
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook

_ON_RECORD = frozenset(ServicePointKind)


async def community_building_report(
    session: ReadSession, rulebook: Rulebook, district: str, day: date, *, today: date
) -> Report:
    """The report of a day. Raises NoRuleInForce where no standard held then, NotFound where the
    installation does not know the district."""
    bands, quota = quota_on(rulebook, district, day)
    premises = rulebook.lookup("facilities.premises_min_m2", district, day)
    facts = await community_building_facts(session, rulebook, district, day)
    rules = ReportRules(
        premises_min_m2=premises.integer(),
        quota=bands,
        applied=(premises.applied, quota.applied),
    )
    return Report(
        facts=facts,
        rules=rules,
        figures=figures_of(facts, rules),
        prepared_by=f"{facts.district.name}民政局",
        prepared_on=today,
    )


async def community_building_facts(
    session: ReadSession, rulebook: Rulebook, district: str, day: date
) -> CommunityBuildingFacts:
    """Everything that the report counts, as the records give it for the day."""
    named = await the_row(session, repository.district(district))
    all_streets = {row.id: row for row in await session.execute(repository.streets())}
    names = {id: _short(row.name) for id, row in all_streets.items()}
    rows = (await session.execute(repository.communities(day))).all()
    peopled = {row.street_id for row in rows}
    return CommunityBuildingFacts(
        on=day,
        district=DistrictFacts(
            code=district, name=named.name, province=named.province, prefecture=named.prefecture
        ),
        streets=tuple(
            StreetFacts(name=names[id], kind=StreetKind(row.kind))
            for id, row in all_streets.items()
            if id in peopled
        ),
        communities=tuple(
            CommunityFacts(
                name=row.name,
                street=names[row.street_id],
                kind=CommunityKind(row.kind),
                households=row.household_count,
                approved_posts=row.posts,
                premises_m2=None if row.area is None else Decimal(row.area).scaleb(-2),
                one_stop=row.one_stop,
            )
            for row in rows
        ),
        history=await _history(session, day),
        posts=await _posts(session, day),
        staff=await _staff(session, day, names),
        funding_rates=FundingRatesFacts(
            per_post=_change(rulebook, "funding.per_post_per_year", district, day),
            per_community=_change(rulebook, "funding.per_community_per_year", district, day),
            per_factory_community=_change(
                rulebook, "funding.per_factory_community_per_year", district, day
            ),
        ),
        pay=_pay(rulebook, district, day),
        facilities=await _facilities(session, rulebook, district, day),
        services=await _services(session, rulebook, district, day),
        survey=await _survey(session, day),
    )


def _short(street: str) -> str:
    return street.removesuffix("街道办事处").removesuffix("街道")


async def _history(session: ReadSession, day: date) -> HistoryFacts:
    row = (await session.execute(repository.history(day))).one()
    proposed = await session.scalars(repository.proposed())
    begun = row.first is not None and row.first <= day
    return HistoryFacts(
        before_reform=row.before_reform if begun else None,
        adjustments=row.rounds if begun else None,
        about_to_be_approved=tuple(name.removesuffix("社区") for name in proposed),
    )


async def _posts(session: ReadSession, day: date) -> PostsFacts | None:
    row = (await session.execute(repository.at_latest_election(day))).one()
    if row.elected_on is None:
        return None
    return PostsFacts(at_election=row.posts, elected_on=row.elected_on)


async def _staff(
    session: ReadSession, day: date, names: Mapping[Any, str]
) -> tuple[StaffCount, ...]:
    counted: dict[tuple[str, str], int] = {}
    for row in await session.execute(repository.people(day)):
        key = (names[row.street_id], row.whereabouts)
        counted[key] = counted.get(key, 0) + row.persons
    order = list(names.values())
    return tuple(
        StaffCount(street=street, whereabouts=Whereabouts(where), persons=persons)
        for (street, where), persons in sorted(
            counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )


def _rule(rulebook: Rulebook, key: str, district: str, day: date) -> RuleValue | None:
    try:
        return rulebook.lookup(key, district, day)
    except NoRuleInForce:
        return None


def _now_and_before(
    rulebook: Rulebook, key: str, district: str, day: date
) -> tuple[RuleValue | None, RuleValue | None]:
    after = _rule(rulebook, key, district, day)
    if after is None:
        return None, None
    return after, _rule(rulebook, key, district, after.in_force_from - timedelta(days=1))


def _change(rulebook: Rulebook, key: str, district: str, day: date) -> RateChange:
    after, before = _now_and_before(rulebook, key, district, day)
    return RateChange(before=_rate(before), after=_rate(after))


def _rate(rule: RuleValue | None) -> Rate | None:
    if rule is None:
        return None
    return Rate(
        fen=rule.integer() * FEN_PER_YUAN, since=rule.in_force_from, inferred=not rule.verified
    )


def _texts(rule: RuleValue | None) -> tuple[str, ...]:
    return () if rule is None else tuple(str(item) for item in rule.sequence())


def _pay(rulebook: Rulebook, district: str, day: date) -> PayFacts:
    after, before = _now_and_before(rulebook, "reporting.monthly_base_yuan", district, day)
    insurances = _texts(_rule(rulebook, "reporting.insurances", district, day))
    return PayFacts(
        before=_steps(before),
        after=_steps(after),
        insurances=tuple(Insurance(item) for item in insurances),
    )


def _steps(rule: RuleValue | None) -> BaseSteps | None:
    if rule is None:
        return None
    fen = []
    for step in rule.sequence():
        assert isinstance(step, int)
        fen.append(step * FEN_PER_YUAN)
    return BaseSteps(fen=tuple(fen), since=rule.in_force_from)


async def _facilities(
    session: ReadSession, rulebook: Rulebook, district: str, day: date
) -> FacilitiesFacts:
    money = (await session.execute(repository.investments(day))).all()
    projects = (await session.execute(repository.projects(day))).all()
    fund = _rule(rulebook, "facilities.reward_fund_yuan", district, day)
    rooms = _rule(rulebook, "facilities.rooms", district, day)
    return FacilitiesFacts(
        investments=tuple(
            Investment(source=MoneySource(row.source), fen=int(row.fen)) for row in money
        ),
        centres_new=_where_finished(projects, "centre_new"),
        centres_rebuilt=_where_finished(projects, "centre_rebuilt"),
        premises_new=_finished(projects, "premises_new"),
        premises_rebuilt=_finished(projects, "premises_rebuilt"),
        planned=_planned(projects, fund),
        rooms=_rooms(rooms),
    )


def _where_finished(projects: Sequence[Any], kind: str) -> tuple[str, ...]:
    return tuple(
        _short(row.street_name) for row in projects if row.kind == kind and row.finished > 0
    )


def _finished(projects: Sequence[Any], kind: str) -> int:
    return sum(row.finished for row in projects if row.kind == kind)


def _planned(projects: Sequence[Any], fund: RuleValue | None) -> PlannedProjects | None:
    communities = sum(row.communities for row in projects)
    if communities == 0:
        return None
    return PlannedProjects(
        communities=communities,
        fen=int(sum(row.budget for row in projects)),
        reward_fund_fen=0 if fund is None else fund.integer() * FEN_PER_YUAN,
    )


def _rooms(rule: RuleValue | None) -> tuple[RoomGroup, ...]:
    if rule is None:
        return ()
    groups = []
    for name, rooms in rule.mapping().items():
        assert isinstance(rooms, Sequence)
        groups.append(RoomGroup(name=name, rooms=tuple(str(room) for room in rooms)))
    return tuple(groups)


async def _services(
    session: ReadSession, rulebook: Rulebook, district: str, day: date
) -> ServicesFacts:
    points = await session.execute(repository.service_points(day))
    teams = await session.scalars(repository.volunteer_teams(day))
    return ServicesFacts(
        series=_texts(_rule(rulebook, "reporting.service_series", district, day)),
        points=tuple(
            ServicePointCount(kind=ServicePointKind(row.kind), count=row.number)
            for row in points
            if row.kind in _ON_RECORD
        ),
        volunteer_teams=tuple(teams),
    )


async def _survey(session: ReadSession, day: date) -> SurveyFacts:
    found: dict[str, Any] = {}
    for row in await session.execute(repository.survey(day)):
        if row.items is not None:
            found[row.indicator] = tuple(
                item for item in row.items.replace("；", ";").split(";") if item
            )
        elif row.indicator == "secondment_per_mille":
            found[row.indicator] = row.value
        else:
            found[row.indicator] = SurveyValue(
                value=row.value,
                approximation=Approximation(row.approximation) if row.approximation else None,
            )
    return SurveyFacts(**found)
