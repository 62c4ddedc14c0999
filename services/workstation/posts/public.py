"""What the other capabilities of the workstation may ask of posts."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.posts.domain import QuotaBand, posts_due
from services.workstation.posts.models import Post
from services.workstation.posts.repository import at_latest_election, in_force
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook

__all__ = [
    "Post",
    "QuotaBand",
    "at_latest_election",
    "in_force",
    "post_ids",
    "posts_due",
    "quota_on",
]


async def post_ids(session: AsyncSession) -> dict[str, Any]:
    """Ids of the district's posts by code."""
    rows = await session.execute(select(Post.code, Post.id))
    return {row.code: row.id for row in rows}


def quota_on(
    rulebook: Rulebook, district: str, day: date
) -> tuple[tuple[QuotaBand, ...], RuleValue]:
    """The bands of the quota in force on a day, and the rule. Raises NoRuleInForce."""
    rule = rulebook.lookup("posts.workstation_quota", district, day)
    return tuple(_band(entry) for entry in rule.sequence()), rule


def _band(entry: Any) -> QuotaBand:
    return QuotaBand(entry["households_from"], entry.get("households_below"), entry["posts"])
