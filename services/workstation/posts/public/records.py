"""Posts as the other capabilities of the workstation may query them."""

from services.workstation.posts.models import Post
from services.workstation.posts.repository import at_latest_election, in_force

__all__ = ["Post", "at_latest_election", "in_force"]
