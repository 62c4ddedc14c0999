"""How often one person may do something: counted in the database, so that it holds whichever
process serves them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text

from services.committee.hall.domain import seconds_to_wait
from services.committee.hall.models.matters import Act as Counted
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.kernel.clock import Clock
from shared.kernel.errors import TooMany
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act

RAISING = ("raise", "hall.raised_per_day", timedelta(days=1))
SPEAKING = ("speak", "hall.said_per_hour", timedelta(hours=1))
_LONGEST = timedelta(days=1)


async def count_against(act: Act, account: UUID, limited: tuple[str, str, timedelta]) -> None:
    """Count one use of what is limited. Raises TooMany with the rule and the seconds to wait.

    Two requests of one person wait for each other here, so that both cannot be the last one.
    """
    what, key, window = limited
    rule = act.rulebook.lookup(key, act.actor.district, act.today)
    await act.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"),
        {"what": f"{act.actor.district} {account} {what}"},
    )
    row = (
        await act.session.execute(
            select(func.count(), func.min(Counted.at)).where(
                Counted.account_id == account, Counted.act == what, Counted.at > act.now - window
            )
        )
    ).one()
    if row[0] >= rule.integer():
        wait = seconds_to_wait(row[1], window, act.now)
        hours = window // timedelta(hours=1)
        raise TooMany(
            code="too_often",
            detail=Text(
                zh=f"{hours} 小时内最多 {rule.integer()} 次，本次未提交。"
                f"请在 {wait} 秒后重试；紧急事项请直接致电社区。",
                en=f"At most {rule.integer()} in {hours} h; this one was not taken. Try again in "
                f"{wait} s, or call the community if it is urgent.",
            ),
            rules=(rule.applied,),
            retry_after=wait,
        )
    act.session.add(
        Counted(district=act.actor.district, id=new_id(), account_id=account, act=what, at=act.now)
    )
    await act.session.flush()


async def forget_acts(database: Database, clock: Clock) -> None:
    """Delete what no window holds any more, in every district."""
    for district in await district_codes(database):
        async with database.transaction(district) as session:
            await session.execute(delete(Counted).where(Counted.at < clock.now() - _LONGEST))
