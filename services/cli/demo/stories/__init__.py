"""What happens in the demo district beyond its records, played through the public API."""

from collections.abc import Awaitable, Callable

from services.cli.api import Api
from services.cli.demo.stories import assessment, elections, hall, recall, work

Story = Callable[[Callable[[str], Api]], Awaitable[None]]
"""Takes what gives somebody of the demo by login; does nothing where it was told already."""
STORIES: tuple[Story, ...] = (work.load, assessment.load, recall.load, elections.load, hall.load)
