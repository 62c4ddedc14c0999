"""Figures `indicators.*`: the four problems of the survey report, and what has changed.

A mixed post (混岗) is held by someone who works elsewhere, seconded to a street or the district;
an empty post (空岗) is an approved post without a person on duty in its community, whether
vacant, lent out or off post.
"""

from services.workstation.reporting.domain import (
    Figure,
    ReportRules,
    Source,
    Unit,
    ratio,
    yuan,
)
from services.workstation.reporting.facts import (
    CommunityBuildingFacts,
    CommunityFacts,
    Whereabouts,
)
from services.workstation.reporting.figures.burden import surveyed
from services.workstation.reporting.figures.facilities import below_standard
from services.workstation.reporting.figures.posts import approved_posts
from services.workstation.reporting.figures.staff import ON_APPROVED_POSTS, by_street, persons
from shared.kernel.text import Text

LENT = frozenset({Whereabouts.SECONDED_TO_STREET, Whereabouts.SECONDED_TO_DISTRICT})


def indicator_figures(facts: CommunityBuildingFacts, rules: ReportRules) -> tuple[Figure, ...]:
    """Problems one to four in the report's order, then growth and reduction."""
    survey = facts.survey
    return (
        surveyed(
            "indicators.tasks.delegated",
            Text("每社区承接的部门工作", "Tasks handed down to a community"),
            survey.tasks,
            Unit.TASKS,
        ),
        surveyed(
            "indicators.tasks.unfunded",
            Text("其中未拨付经费的工作", "Of them without money"),
            survey.unfunded_tasks,
            Unit.TASKS,
        ),
        *_posts(facts),
        *_standards(facts, rules),
        *_pay(facts),
        *_changes(facts),
    )


def posts_due(facts: CommunityBuildingFacts, rules: ReportRules, street: str | None = None) -> int:
    """Posts due by the quota to the communities whose posts are approved."""
    return sum(
        rules.posts_due(community.households) or 0
        for community in _with_posts(facts)
        if street is None or community.street == street
    )


def empty_posts(facts: CommunityBuildingFacts, street: str | None = None) -> int:
    """Approved posts without a person on duty in the community."""
    return approved_posts(facts, street) - persons(facts, {Whereabouts.ON_DUTY}, street)


def pay_spreads(facts: CommunityBuildingFacts) -> tuple[int, ...]:
    """Per step, the highest pay of a street less the lowest, in fen; of the steps all pay."""
    paid = [street.fen for street in facts.pay.by_street]
    return tuple(max(step) - min(step) for step in zip(*paid, strict=False))


def seconded_among(facts: CommunityBuildingFacts, street: str) -> tuple[int, int]:
    """People of a street's approved posts seconded to the street, and all on these posts."""
    return (
        persons(facts, {Whereabouts.SECONDED_TO_STREET}, street),
        persons(facts, ON_APPROVED_POSTS, street),
    )


def communities_below_quota(facts: CommunityBuildingFacts, rules: ReportRules) -> int:
    """Of the communities with approved posts, those that have fewer than are due to them."""
    return sum(
        community.approved_posts < (rules.posts_due(community.households) or 0)
        for community in _with_posts(facts)
    )


def _posts(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    if not facts.staff:
        return ()
    approved, occupied = approved_posts(facts), persons(facts, ON_APPROVED_POSTS)
    empty, self_hired = empty_posts(facts), persons(facts, {Whereabouts.SELF_HIRED})
    mixed = persons(facts, LENT)
    everyone = occupied + self_hired
    return (
        _posts_figure("occupied", Text("已聘用的核定岗位", "Occupied posts"), occupied),
        _posts_figure("vacant", Text("缺额岗位", "Vacant posts"), approved - occupied),
        _posts_figure("mixed", Text("混岗", "Mixed posts"), mixed, _MIXED),
        _posts_figure("empty", Text("空岗", "Empty posts"), empty, _EMPTY),
        _share("posts.empty_rate", Text("空岗率", "Share of empty posts"), empty, approved),
        _share(
            "posts.self_hired_rate",
            Text("自聘人员占比", "Share of self-hired"),
            self_hired,
            everyone,
        ),
        *by_street(
            facts,
            "indicators.posts.seconded_by_street",
            Text("借调街道", "Seconded to the street"),
            Whereabouts.SECONDED_TO_STREET,
        ),
        *(
            _share(
                f"posts.secondment_rate_by_street.{street.name}",
                Text(f"借调率：{street.name}", f"Secondment rate: {street.name}"),
                *among,
            )
            for street in facts.streets
            if (among := seconded_among(facts, street.name))[1]
        ),
    )


_MIXED = Text(
    "占用社区岗位而借调街道、区直的人员", "people on a community's post who are seconded elsewhere"
)
_EMPTY = Text(
    "核定岗位减在岗人员（含缺额、借调、离岗退养）",
    "approved posts less people on duty: vacant, seconded or off post",
)


def _standards(facts: CommunityBuildingFacts, rules: ReportRules) -> tuple[Figure, ...]:
    if not facts.communities:
        return ()
    due, approved = posts_due(facts, rules), approved_posts(facts)
    return (
        _posts_figure(
            "quota",
            Text("按户数标准应核定岗位", "Posts due by households"),
            due,
            Text("仅计已核定岗位的社区", "communities with approved posts only"),
            Source.COMMUNITIES,
        ),
        _posts_figure(
            "above_quota",
            Text("核定岗位与标准之差", "Approved posts less quota"),
            approved - due,
            source=Source.COMMUNITIES,
        ),
        _share(
            "posts.below_quota_rate",
            Text("核定岗位低于标准的社区占比", "Share of communities with fewer posts than due"),
            communities_below_quota(facts, rules),
            len(_with_posts(facts)),
            Source.COMMUNITIES,
        ),
        _share(
            "premises.below_standard_rate",
            Text("用房未达标的社区占比", "Share of communities below the standard of premises"),
            below_standard(facts, rules.premises_min_m2),
            len(facts.communities),
            Source.COMMUNITIES,
        ),
    )


def _pay(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    paid, spreads = facts.pay.by_street, pay_spreads(facts)
    return (
        Figure(
            key="indicators.pay.standards",
            label=Text("各街道执行的工资标准数", "Different pay standards of the streets"),
            value=len({street.fen for street in paid}) if paid else None,
            unit=Unit.STANDARDS,
            source=Source.PAY,
            note=Text(f"{len(paid)}个街道有记录", f"{len(paid)} streets recorded"),
        ),
        Figure(
            key="indicators.pay.widest_spread",
            label=Text("同档月工资最大差额", "Widest spread of the same step"),
            value=yuan(max(spreads)) if spreads else None,
            unit=Unit.YUAN_PER_MONTH,
            source=Source.PAY,
        ),
    )


def _changes(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    now, communities = approved_posts(facts), len(facts.communities)
    reform, election = facts.history.before_reform, facts.posts
    changes: list[Figure] = []
    if reform is not None and communities:
        changes.append(
            _share(
                "changes.communities",
                Text("社区数较改革前增减", "Change in communities since the reform"),
                communities - reform,
                reform,
                Source.HISTORY,
            )
        )
    if election is not None and communities:
        changes.append(
            _share(
                "changes.posts",
                Text("核定岗位较换届时增减", "Change in posts since the election"),
                now - election.at_election,
                election.at_election,
                Source.POSTS,
            )
        )
    return tuple(changes)


def _with_posts(facts: CommunityBuildingFacts) -> tuple[CommunityFacts, ...]:
    return tuple(community for community in facts.communities if community.approved_posts > 0)


def _posts_figure(
    key: str, label: Text, value: int, note: Text | None = None, source: Source = Source.STAFF
) -> Figure:
    return Figure(
        key=f"indicators.posts.{key}",
        label=label,
        value=value,
        unit=Unit.POSTS,
        source=source,
        note=note,
    )


def _share(key: str, label: Text, part: int, whole: int, source: Source = Source.STAFF) -> Figure:
    return Figure(
        key=f"indicators.{key}",
        label=label,
        value=ratio(part, whole),
        unit=Unit.RATIO,
        source=source,
        numerator=part,
        denominator=whole,
    )
