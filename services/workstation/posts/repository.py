"""Queries of posts."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.workstation.posts.models import Post
from shared.db.base import Rows


def in_force(day: date) -> ColumnElement[bool]:
    """Posts that were approved on the day."""
    return and_(Post.approved_on <= day, or_(Post.ended_on.is_(None), Post.ended_on > day))


def latest_election(day: date) -> Any:
    """The latest day, up to `day`, on which posts were approved with an election."""
    return (
        select(func.max(Post.approved_on))
        .where(Post.basis == "election", Post.approved_on <= day)
        .scalar_subquery()
    )


def at_latest_election(day: date) -> Rows:
    """That day, and how many posts were approved on it; null and 0 where there was none."""
    elected_on = latest_election(day)
    counted = (
        select(func.count())
        .where(
            Post.approved_on <= elected_on,
            or_(Post.ended_on.is_(None), Post.ended_on > elected_on),
        )
        .scalar_subquery()
    )
    return select(elected_on.label("elected_on"), counted.label("posts"))
