"""Commands that work through the API: import, report, demo, and adding a district."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.api import Api, client_of
from services.cli.demo.accounts import PASSWORD as DEMO_PASSWORD
from services.cli.home import Home
from services.cli.speech import CannotGoOn, say, terminal_language
from shared.kernel.errors import DomainError
from shared.kernel.text import Text

DEMO_LOGIN = "civil"
ACCEPT = {
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
FAULTS_SHOWN = 20


def _credentials(login: str | None, password: str | None) -> tuple[str, str]:
    """Who asks: what was given, else the demo's civil affairs where a demo is, else ask."""
    if login is None and (Home.find().data / "demo-loaded").exists():
        return DEMO_LOGIN, DEMO_PASSWORD
    login = login or typer.prompt(Text(zh="登录名", en="Login").in_language(terminal_language()))
    if password is None:
        question = Text(zh="密码", en="Password").in_language(terminal_language())
        password = typer.prompt(question, hide_input=True)
    return login, password


def _with_api(
    gateway_url: str, login: str | None, password: str | None, use: Callable[[Api], Awaitable[None]]
) -> None:
    who = _credentials(login, password)

    async def main() -> None:
        async with client_of(gateway_url) as client:
            api = Api(client, *who)
            await api.log_in()
            await use(api)

    asyncio.run(main())


def import_file(
    gateway_url: str,
    login: str | None,
    password: str | None,
    kind: str,
    file: Path,
    mode: str,
    *,
    dry_run: bool,
) -> None:
    """Import a file with a progress bar. Raises CannotGoOn with the faults when it was refused."""

    async def use(api: Api) -> None:
        service = await api.service_of(kind)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
            bar = progress.add_task(file.name, total=None)
            found = await api.import_file(
                service,
                kind,
                file,
                mode=mode,
                dry_run=dry_run,
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
        faults = await api.findings(service, found["id"]) if found["finding_counts"] else []
        for fault in faults[:FAULTS_SHOWN]:
            column, detail, remedy = (fault[name] for name in ("column_title", "detail", "remedy"))
            row = fault["row"]
            say(
                Text(
                    zh=f"  第 {row} 行{f' {column} 列' if column else ''}：{detail}{remedy}",
                    en=f"  Row {row}{f', column {column}' if column else ''}: {detail} {remedy}",
                )
            )
        _tell(found, faults)

    _with_api(gateway_url, login, password, use)


def _tell(found: dict[str, Any], faults: list[dict[str, Any]]) -> None:
    counts = Text(
        zh=f"新增 {found['created']}，更新 {found['updated']}，未变 {found['unchanged']}，"
        f"有误 {found['rejected']} 行。",
        en=f"{found['created']} created, {found['updated']} updated, {found['unchanged']} "
        f"unchanged, {found['rejected']} rows with faults.",
    )
    if len(faults) > FAULTS_SHOWN:
        more = len(faults) - FAULTS_SHOWN
        say(Text(zh=f"  ……另有 {more} 处", en=f"  … and {more} more"))
    if found["state"] != "succeeded":
        raise CannotGoOn(
            Text(zh=f"未导入。{counts.zh}", en=f"The file was not taken in: {counts.en}")
        )
    say(counts)


def write_report(
    gateway_url: str,
    login: str | None,
    password: str | None,
    format: str,
    language: str,
    on: date | None,
    output: Path | None,
) -> None:
    """Write the report to a file, or JSON to the terminal."""

    async def use(api: Api) -> None:
        answer = await api.request(
            "GET",
            "/v1/workstation/reports/community-building",
            params={"on": on.isoformat()} if on else {},
            headers={"Accept": ACCEPT[format], "Accept-Language": language},
            timeout=120,
        )
        if output is None and format == "json":
            print(answer.text)
            return
        path = output or Path(f"community-building-{on or 'today'}.{format}")
        try:
            await asyncio.to_thread(path.write_bytes, answer.content)
        except OSError as error:
            raise CannotGoOn(
                Text(
                    zh=f"无法写入 {path}（{error.strerror}）。请用 --output 指定别处。",
                    en=f"{path} cannot be written ({error.strerror}). Name another in --output.",
                )
            ) from None
        say(Text(zh=f"已写入 {path}", en=f"Written to {path}"))

    _with_api(gateway_url, login, password, use)


def load_demo(gateway_url: str, scale: float) -> None:
    """Load the demo districts; needs the services' database URLs in the environment."""
    from services.cli.demo.load import load

    _need_database_urls()
    asyncio.run(load(gateway_url, environment=os.environ, scale=scale, console=Console()))


def add_district_from_environment(
    code: str, name: str, prefecture: str, province: str, administrator: str, password: str
) -> None:
    """Add a district to the databases that the environment names."""
    from services.cli.districts import add_district

    _need_database_urls()
    try:
        made = asyncio.run(
            add_district(
                os.environ,
                code,
                name=name,
                prefecture=prefecture,
                province=province,
                administrator=administrator,
                password=password,
            )
        )
    except (ValueError, DomainError) as error:
        detail = error.detail if isinstance(error, DomainError) else Text(str(error), str(error))
        raise CannotGoOn(detail) from None
    if made:
        say(Text(zh=f"已添加 {name}（{code}）。", en=f"{name} ({code}) was added."))
    else:
        say(
            Text(
                zh=f"{name}（{code}）已更新；登录名 {administrator} 已存在，未作更改。",
                en=f"{name} ({code}) is up to date; the login {administrator} existed already.",
            )
        )


def _need_database_urls() -> None:
    missing = [
        name
        for service in ("GATEWAY", "WORKSTATION", "COMMITTEE")
        if (name := f"SHEQU_DATABASE_URL_{service}") not in os.environ
    ]
    if missing:
        raise CannotGoOn(
            Text(
                zh=f"缺少环境变量：{'、'.join(missing)}。",
                en=f"Set these environment variables: {', '.join(missing)}.",
            )
        )


def play_tour(gateway_url: str, name: str) -> None:
    """Play a tour. Raises CannotGoOn when there is none of that name, or a step was refused."""
    from services.cli.tours import TOURS
    from services.cli.tours.stage import Stage

    if name not in TOURS:
        raise CannotGoOn(
            Text(
                zh=f"没有名为“{name}”的演示。可选：{'、'.join(TOURS)}。",
                en=f"There is no tour “{name}”. Choose one of: {', '.join(TOURS)}.",
            )
        )

    async def main() -> None:
        async with client_of(gateway_url) as client:
            await TOURS[name](Stage(client, Console()))

    asyncio.run(main())
