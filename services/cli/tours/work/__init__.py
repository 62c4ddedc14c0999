"""Work enters only with authority and money: a department's item from its refusal to its payment,
and a form that nobody has to fill in. Can be played again and again."""

from services.cli.demo.stories.work.people import rows_of
from services.cli.tours.stage import Stage
from services.cli.tours.work.admitting import apply
from services.cli.tours.work.asking import ask
from services.cli.tours.work.doing import dispatch_and_pay
from services.cli.tours.work.told import Told, sum_up


async def play(stage: Stage) -> None:
    """Play it as the health bureau's system, a clerk, the Leading Group and the finance bureau."""
    rows = rows_of("departments")
    name = next(row["name"] for row in rows if row["code"] == "health")
    told = Told()
    system = await stage.act_as_system(f"{name}业务系统")
    await apply(stage, system, told)
    await dispatch_and_pay(stage, system, told)
    await ask(stage, system, told)
    await sum_up(stage, told)
