"""The joint assessment from a refused request to shared results: one standard, one ledger, one
visit, by a clock of its own. Can be played again and again."""

from services.cli.tours.assessment.asking import ask
from services.cli.tours.assessment.assessing import assess
from services.cli.tours.assessment.planning import plan
from services.cli.tours.assessment.play import Play, begin, end
from services.cli.tours.assessment.ranking import rank_and_reward
from services.cli.tours.assessment.sharing import share
from services.cli.tours.stage import Stage

__all__ = ["Play", "play"]


async def play(stage: Stage) -> None:
    """Play it as departments, their systems, the Leading Group, communities and residents."""
    here = await begin(stage)
    await ask(here)
    await plan(here)
    await assess(here)
    await rank_and_reward(here)
    await share(here)
    await end(here)
