"""Figures `posts.*`: approved posts at the election and now."""

from services.workstation.reporting.domain import Figure, Source, Unit
from services.workstation.reporting.facts import CommunityBuildingFacts
from shared.kernel.text import Text


def post_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """Approved posts on the day of the latest election and on the report's day."""
    election = facts.posts
    elected = None if election is None else election.elected_on.isoformat()
    now = approved_posts(facts)
    return (
        Figure(
            key="posts.at_election",
            label=Text("换届选举时核定岗位", "Approved posts at the election"),
            value=None if election is None else election.at_election,
            unit=Unit.POSTS,
            source=Source.POSTS,
            note=None if elected is None else Text(f"{elected} 换届选举", f"elected on {elected}"),
        ),
        Figure(
            key="posts.approved_now",
            label=Text("现核定岗位", "Approved posts now"),
            value=now if facts.communities else None,
            unit=Unit.POSTS,
            source=Source.COMMUNITIES,
            note=None
            if election is None or not facts.communities
            else _added(election.at_election, now),
        ),
    )


def approved_posts(facts: CommunityBuildingFacts, street: str | None = None) -> int:
    """The approved posts of the district, or of one street's communities, on the day."""
    return sum(
        community.approved_posts
        for community in facts.communities
        if street is None or community.street == street
    )


def _added(before: int, now: int) -> Text:
    change = f"{before}{'+' if now >= before else '-'}{abs(now - before)}"
    return Text(f"{change}={now}", f"{change} = {now}")
