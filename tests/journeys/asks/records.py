"""Posts, staff, facilities and the report."""

from tests.journeys.asks.asking import Ask, At, W, has, listing


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    where = f"community_id={at['community']}"
    return {
        "personnel_post_counts": listing(
            f"{W}/posts/counts?on=2023-12-31", has("community_id", at["community"])
        ),
        "personnel_staff": listing(f"{W}/staff?on=2023-12-31&{where}"),
        "posts_posts": listing(f"{W}/posts?{where}"),
        "facilities_facilities": listing(f"{W}/facilities?{where}"),
        "facilities_compliance": listing(
            f"{W}/facilities/compliance?on=2023-12-31", has("community_id", at["community"])
        ),
        "facilities_projects": listing(
            f"{W}/projects?limit=200", has("community_id", at["community"])
        ),
        "reporting_community_building": Ask("GET", f"{W}/reports/community-building?on=2023-12-31"),
    }
