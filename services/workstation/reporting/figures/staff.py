"""Figures `staff.*`: who there is, and where they really are."""

from collections.abc import Collection

from services.workstation.reporting.domain import Figure, Source, Unit, percent, ratio
from services.workstation.reporting.facts import (
    CommunityBuildingFacts,
    StreetKind,
    Whereabouts,
)
from shared.kernel.text import Text

WHEREABOUTS: dict[Whereabouts, Text] = {
    Whereabouts.ON_DUTY: Text("在岗", "On duty"),
    Whereabouts.SECONDED_TO_STREET: Text("借调街道", "Seconded to the street"),
    Whereabouts.OFF_POST: Text("离岗退养", "Off post, retiring"),
    Whereabouts.SECONDED_TO_DISTRICT: Text("借调区直", "Seconded to the district"),
    Whereabouts.SELF_HIRED: Text("街道社区自聘", "Self-hired"),
}
ON_APPROVED_POSTS = frozenset(Whereabouts) - {Whereabouts.SELF_HIRED}

_KEYS = {
    Whereabouts.ON_DUTY: "staff.on_duty",
    Whereabouts.SECONDED_TO_STREET: "staff.seconded_to_street",
    Whereabouts.OFF_POST: "staff.off_post_retired",
    Whereabouts.SECONDED_TO_DISTRICT: "staff.seconded_to_district",
    Whereabouts.SELF_HIRED: "staff.self_hired",
}


def staff_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """Everyone by whereabouts, the self-hired by street, and the secondment rate."""
    if not facts.staff:
        return (
            _persons("staff.total", _STAFF, None),
            *(_persons(_KEYS[where], label, None) for where, label in WHEREABOUTS.items()),
            secondment_rate(facts),
        )
    on_posts, self_hired = persons(facts, ON_APPROVED_POSTS), persons(facts, _SELF_HIRED)
    return (
        _persons(
            "staff.total",
            _STAFF,
            on_posts + self_hired,
            Text(
                f"核定岗位{on_posts}人，自聘{self_hired}人",
                f"{on_posts} on approved posts, {self_hired} self-hired",
            ),
        ),
        *(
            _persons(_KEYS[where], label, persons(facts, {where}))
            for where, label in WHEREABOUTS.items()
        ),
        *self_hired_by_street(facts),
        secondment_rate(facts),
    )


def self_hired_by_street(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """One figure a street; a township only where it has self-hired people."""
    return by_street(
        facts, "staff.self_hired.by_street", Text("自聘", "Self-hired"), Whereabouts.SELF_HIRED
    )


def by_street(
    facts: CommunityBuildingFacts, key: str, label: Text, where: Whereabouts
) -> tuple[Figure, ...]:
    """The people of that whereabouts, one figure a street, a township only where it has any."""
    return tuple(
        _persons(
            f"{key}.{street.name}",
            Text(f"{label.zh}：{street.name}", f"{label.en}: {street.name}"),
            number,
        )
        for street in facts.streets
        if (number := persons(facts, {where}, street.name)) or street.kind is StreetKind.STREET
    )


def secondment_rate(facts: CommunityBuildingFacts) -> Figure:
    """People seconded to streets among those on approved posts."""
    seconded = persons(facts, {Whereabouts.SECONDED_TO_STREET})
    on_posts = persons(facts, ON_APPROVED_POSTS)
    return Figure(
        key="staff.secondment_rate",
        label=Text("街道借调率", "Secondment rate"),
        value=ratio(seconded, on_posts),
        unit=Unit.RATIO,
        source=Source.STAFF,
        numerator=seconded if facts.staff else None,
        denominator=on_posts if facts.staff else None,
        note=_rate_note(facts, seconded, on_posts) if facts.staff else None,
    )


def persons(
    facts: CommunityBuildingFacts, where: Collection[Whereabouts], street: str | None = None
) -> int:
    """How many people are there, in the district or on one street."""
    return sum(
        count.persons
        for count in facts.staff
        if count.whereabouts in where and (street is None or count.street == street)
    )


_SELF_HIRED = {Whereabouts.SELF_HIRED}
_STAFF = Text("社区工作人员总数", "Community staff")


def _rate_note(facts: CommunityBuildingFacts, seconded: int, on_posts: int) -> Text:
    everyone = on_posts + persons(facts, _SELF_HIRED)
    of_posts = f"{seconded}/{on_posts}={percent(seconded, on_posts) or '—'}"
    of_all = f"{seconded}/{everyone}={percent(seconded, everyone) or '—'}"
    ways_zh = f"按核定岗位人员计算为{of_posts}，按全部工作人员计算为{of_all}"
    ways_en = f"of those on approved posts {of_posts}, of all staff {of_all}"
    published = facts.survey.secondment_per_mille
    if published is None:
        return Text(f"{ways_zh}，本报告采用前者", f"{ways_en}; this report uses the former")
    told = percent(published, 1000)
    reached = {percent(seconded, on_posts), percent(seconded, everyone)}
    if told in reached:
        return Text(f"{ways_zh}；此前报告为{told}", f"{ways_en}; published earlier: {told}")
    return Text(
        f"{ways_zh}，均不能得出此前报告公布的{told}；本报告采用前者",
        f"{ways_en}; neither gives the {told} published earlier; this report uses the former",
    )


def _persons(key: str, label: Text, value: int | None, note: Text | None = None) -> Figure:
    return Figure(
        key=key, label=label, value=value, unit=Unit.PERSONS, source=Source.STAFF, note=note
    )
