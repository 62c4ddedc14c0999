"""What the other capabilities of the workstation may ask of posts: the quota (here, without any
I/O) and the records (`records`)."""

from datetime import date
from typing import Any

from services.workstation.posts.domain import QuotaBand, posts_due
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook

__all__ = ["QuotaBand", "posts_due", "quota_on"]


def quota_on(
    rulebook: Rulebook, district: str, day: date
) -> tuple[tuple[QuotaBand, ...], RuleValue]:
    """The bands of the quota in force on a day, and the rule. Raises NoRuleInForce."""
    rule = rulebook.lookup("posts.workstation_quota", district, day)
    return tuple(_band(entry) for entry in rule.sequence()), rule


def _band(entry: Any) -> QuotaBand:
    return QuotaBand(entry["households_from"], entry.get("households_below"), entry["posts"])
