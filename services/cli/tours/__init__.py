"""Tours: stories played on the running platform over HTTP, told as they go."""

from collections.abc import Awaitable, Callable, Mapping

from services.cli.tours import assessment, election, hall, work
from services.cli.tours.stage import Stage

Play = Callable[[Stage], Awaitable[None]]
TOURS: Mapping[str, Play] = {
    "assessment": assessment.play,
    "election": election.play,
    "hall": hall.play,
    "work": work.play,
}
"""Every tour by its name."""
