"""A year of inspections: more than twenty asked of each community, few visits made; and the plaques
that hung there."""

from collections.abc import Callable

from services.cli.api import Api
from services.cli.demo.stories.assessment.asking import tell_requests
from services.cli.demo.stories.assessment.plaques import tell_plaques
from services.cli.demo.stories.assessment.standard import tell_standard


async def load(person: Callable[[str], Api]) -> None:
    """Tell it through the public API; what was told already stays as it is."""
    await tell_plaques(person)
    standard = await tell_standard(person)
    if standard is not None:
        await tell_requests(person, standard)
