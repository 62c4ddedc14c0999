"""`reencrypt`: move stored personal data to the newest key, with a progress bar."""

import asyncio

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.speech import CannotGoOn, say
from services.workstation.registry.public import reencrypt
from services.workstation.settings import Settings
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.kernel.text import Text
from shared.privacy.cipher import PersonalData


def run() -> None:
    """Work through all districts of the workstation that the environment names.

    Ctrl-C stops it after the rows in hand; run again it goes on. Raises CannotGoOn when settings
    are missing, or when rows were left because their key is not configured.
    """
    try:
        settings = Settings()
        personal = PersonalData(
            settings.personal_data_keys.get_secret_value(), settings.lookup_key.get_secret_value()
        )
    except (ValidationError, ValueError):
        raise CannotGoOn(
            Text(
                zh="请设置环境变量 SHEQU_DATABASE_URL_WORKSTATION、SHEQU_PERSONAL_DATA_KEYS 和 "
                "SHEQU_LOOKUP_KEY，与工作站服务相同。",
                en="Set SHEQU_DATABASE_URL_WORKSTATION, SHEQU_PERSONAL_DATA_KEYS and "
                "SHEQU_LOOKUP_KEY as for the workstation service.",
            )
        ) from None
    try:
        moved, unreadable = asyncio.run(_all_districts(settings.database_url, personal))
    except KeyboardInterrupt:
        raise CannotGoOn(
            Text(zh="已停止。再次运行将从停下处继续。", en="Stopped. Run it again and it goes on.")
        ) from None
    say(
        Text(zh=f"{moved} 名居民已换用最新密钥。", en=f"{moved} residents moved to the newest key.")
    )
    if unreadable:
        raise CannotGoOn(
            Text(
                zh=f"另有 {unreadable} 名居民所用的密钥未配置，未作更改。请把该密钥加到 "
                "SHEQU_PERSONAL_DATA_KEYS 末尾后重新运行。",
                en=f"{unreadable} residents were left alone: their key is not configured. Add it "
                "at the end of SHEQU_PERSONAL_DATA_KEYS and run this again.",
            )
        )


async def _all_districts(url: str, personal: PersonalData) -> tuple[int, int]:
    database = Database(url, schema="workstation", pool_size=1)
    moved = unreadable = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
            for district in await district_codes(database):
                bar = progress.add_task(district, total=None)
                async for chunk in reencrypt(database, district, personal):
                    moved, unreadable = moved + chunk.moved, unreadable + chunk.unreadable
                    progress.update(bar, total=chunk.total, advance=chunk.moved + chunk.unreadable)
                progress.update(bar, total=progress.tasks[bar].completed)
    finally:
        await database.close()
    return moved, unreadable
