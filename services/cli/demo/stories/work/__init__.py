"""A year of delegated work: the departments, what they may ask, what was refused, what was done."""

import asyncio
from collections.abc import Callable

from services.cli.api import Api
from services.cli.demo.stories.work.catalogue import tell_catalogue
from services.cli.demo.stories.work.course import tell_course
from services.cli.demo.stories.work.ledger import tell_ledger
from services.cli.demo.stories.work.people import tell_people


async def load(person: Callable[[str], Api]) -> None:
    """Tell it through the public API; what was told already stays as it is."""
    district = await tell_people(person)
    await asyncio.gather(tell_ledger(person, district), tell_catalogue(person, district))
    await tell_course(person, district)
