"""Committees and volunteers."""

from tests.journeys.asks.asking import PUBLIC, Ask, At, C, listing


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    where = f"community_id={at['community']}"
    return {
        "organisation_committees": listing(f"{C}/committees?{PUBLIC}&{where}"),
        "organisation_committee": Ask("GET", f"{C}/committees/{at['committee']}?{PUBLIC}"),
        "organisation_terms": Ask("GET", f"{C}/committees/{at['committee']}/terms?{PUBLIC}"),
        "organisation_members": Ask("GET", f"{C}/committees/{at['committee']}/members?{PUBLIC}"),
        "volunteers_teams": Ask("GET", f"{C}/volunteers/teams?{PUBLIC}"),
    }
