"""Posts and people of a day, by community, street or district."""

from collections import defaultdict
from datetime import date
from enum import StrEnum
from typing import Any

from services.workstation.personnel import repository
from services.workstation.personnel.domain import Counts
from services.workstation.personnel.schemas import CountsView, PlaceCounts, PostCounts
from services.workstation.posts.public import posts_due, quota_on
from shared.db.database import ReadSession
from shared.rulebook.errors import NoRuleInForce
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView


class By(StrEnum):
    """How counts are grouped."""

    COMMUNITY = "community"
    STREET = "street"


async def post_counts(
    session: ReadSession, rulebook: Rulebook, district: str, day: date, by: By
) -> PostCounts:
    """Quota, approved, occupied, on duty, seconded, off post, vacant and self-hired on a day.

    People whom a street hired for itself belong to no community: they show by street and in total.
    """
    try:
        bands, rule = quota_on(rulebook, district, day)
        rules = [RuleView.of(rule.applied)]
    except NoRuleInForce:
        bands, rules = (), []
    posts = {row.community_id: row.posts for row in await session.execute(repository.approved(day))}
    people: defaultdict[Any, dict[str, int]] = defaultdict(dict)
    of_streets: dict[Any, Counts] = {}
    for row in await session.execute(repository.people(day)):
        if row.community_id is None:
            kept = of_streets.get(row.street_id, Counts(quota=0))
            of_streets[row.street_id] = kept.plus(Counts(quota=0, **{row.whereabouts: row.persons}))
        else:
            people[row.community_id][row.whereabouts] = row.persons
    total = Counts(quota=0)
    for counts in of_streets.values():
        total = total.plus(counts)
    places: list[PlaceCounts] = []
    streets: dict[Any, Counts] = {}
    names: dict[Any, str] = {}
    for row in await session.execute(repository.communities(day)):
        counts = Counts(
            quota=posts_due(row.household_count, bands),
            approved=posts.get(row.id, 0),
            **people[row.id],
        )
        total = total.plus(counts)
        names[row.street_id] = row.street_name
        start = of_streets.get(row.street_id, Counts(quota=0))
        streets[row.street_id] = streets.get(row.street_id, start).plus(counts)
        if by is By.COMMUNITY:
            places.append(
                PlaceCounts(
                    street_id=row.street_id,
                    street_name=row.street_name,
                    community_id=row.id,
                    community_name=row.name,
                    counts=CountsView.of(counts),
                )
            )
    if by is By.STREET:
        places = [
            PlaceCounts(
                street_id=id,
                street_name=names[id],
                community_id=None,
                community_name=None,
                counts=CountsView.of(counts),
            )
            for id, counts in streets.items()
        ]
    return PostCounts(on=day, total=CountsView.of(total), items=places, rules=rules)
