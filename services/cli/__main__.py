"""The command line: `./shequ COMMAND`."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.cli.home import Home
from services.cli.speech import CannotGoOn, give_up

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shequ 社区: run a district's urban communities. 运行一个区的城市社区平台。",
)
GatewayUrl = Annotated[
    str,
    typer.Option(
        envvar="SHEQU_GATEWAY_URL",
        default_factory=lambda: Home.find().gateway_url(),
        show_default="where `up` runs",
        help="Where the gateway is reached",
    ),
]
Scale = Annotated[float, typer.Option(min=0.01, max=1.0, help="Share of households in the demo")]
Login = Annotated[
    str | None, typer.Option(envvar="SHEQU_LOGIN", help="Login; on a demo, civil affairs")
]
Password = Annotated[
    str | None, typer.Option(envvar="SHEQU_PASSWORD", help="Asked for when left out")
]
ServiceName = Literal["gateway", "workstation", "committee"]


class ImportMode(StrEnum):
    """Take all rows or none, or take the good ones."""

    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ROWS = "good_rows"


class ReportFormat(StrEnum):
    """Forms of a report."""

    JSON = "json"
    DOCX = "docx"
    PDF = "pdf"


@app.command()
def up(
    port: Annotated[
        int, typer.Option(min=1, max=65533, help="Gateway's port; two more follow")
    ] = 8000,
    reset: Annotated[bool, typer.Option("--reset", help="Delete all data first (asks)")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    scale: Scale = 0.02,
    demo: Annotated[bool, typer.Option(help="Load the demo district on the first start")] = True,
) -> None:
    """Start everything on this machine and keep it running. 启动并运行整套平台。"""
    from services.cli.up import run

    run(port=port, reset=reset, sure=yes, scale=scale, demo=demo)


@app.command()
def serve(
    service: Annotated[ServiceName, typer.Argument(help="Which service")],
    host: Annotated[
        str, typer.Option(envvar="SHEQU_HOST", help="Address to listen on")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(envvar="SHEQU_PORT", min=1, max=65535, help="Port to listen on")
    ] = 8000,
) -> None:
    """Run one service in this process. 运行单个服务。"""
    from services.cli.serve import serve as run

    run(service, host=host, port=port)


@app.command()
def worker() -> None:
    """Run background work of all services. 运行后台任务。"""
    from services.cli.worker import run

    run()


@app.command()
def migrate(
    owner_url: Annotated[
        str, typer.Option(envvar="SHEQU_DATABASE_URL_OWNER", help="asyncpg URL of shequ_owner")
    ],
) -> None:
    """Bring every service's schema up to date. 升级数据库结构。"""
    from services.cli.migrate import migrate as run

    run(owner_url)


@app.command()
def district(
    code: Annotated[str, typer.Argument(help="GB/T 2260 code, six digits")],
    name: Annotated[str, typer.Option(help="沙市区")],
    prefecture: Annotated[str, typer.Option(help="荆州市")],
    province: Annotated[str, typer.Option(help="湖北省")],
    administrator: Annotated[str, typer.Option(help="Login of its first administrator")],
    password: Annotated[
        str,
        typer.Option(
            envvar="SHEQU_ADMINISTRATOR_PASSWORD",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
        ),
    ],
) -> None:
    """Add a district and its first administrator. 添加一个区县及其首个管理员。"""
    from services.cli.commands import add_district_from_environment as run

    run(code, name, prefecture, province, administrator, password)


@app.command()
def reencrypt() -> None:
    """Move personal data to the newest key. 用最新密钥重新加密个人信息。"""
    from services.cli.reencrypt import run

    run()


@app.command()
def demo(
    gateway_url: GatewayUrl,
    scale: Scale = 0.02,
) -> None:
    """Load the demo districts through the API. 加载演示数据。"""
    from services.cli.commands import load_demo as run

    run(gateway_url, scale)


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="Kind of file, such as residents")],
    file: Annotated[Path, typer.Argument(help="CSV or XLSX", exists=True, dir_okay=False)],
    mode: Annotated[
        ImportMode, typer.Option(help="Take all rows or none, or take the good ones")
    ] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check without changing")] = False,
    *,
    gateway_url: GatewayUrl,
    login: Login = None,
    password: Password = None,
) -> None:
    """Import a file and show what was wrong with it. 导入文件。"""
    from services.cli.commands import import_file as run

    run(gateway_url, login, password, kind, file, mode.value, dry_run=dry_run)


@app.command()
def report(
    format: Annotated[ReportFormat, typer.Option(help="Form of the report")] = ReportFormat.JSON,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day; today if left out")
    ] = None,
    language: Annotated[Literal["zh", "en"], typer.Option(help="Language of the report")] = "zh",
    output: Annotated[
        Path | None, typer.Option(help="File to write; JSON goes to the terminal without one")
    ] = None,
    *,
    gateway_url: GatewayUrl,
    login: Login = None,
    password: Password = None,
) -> None:
    """Write the community-building report. 生成社区建设情况报告。"""
    from services.cli.commands import write_report as run

    run(gateway_url, login, password, format.value, language, on.date() if on else None, output)


@app.command()
def tour(
    name: Annotated[str, typer.Argument(help="Which story: assessment, election, hall or work")],
    gateway_url: GatewayUrl,
) -> None:
    """Play a story of the demo on the running platform. 在运行中的演示平台上演示一个流程。"""
    from services.cli.commands import play_tour as run

    run(gateway_url, name)


@app.command("verify-election")
def verify_election(
    file: Annotated[Path, typer.Argument(help="The exported log", exists=True, dir_okay=False)],
    head: Annotated[
        str | None, typer.Option(help="The hash that was posted with the result")
    ] = None,
) -> None:
    """Check an election's log without the platform. 独立核对选举日志。"""
    from services.cli.verify_election import main as run

    raise typer.Exit(run([str(file), *(["--head", head] if head else [])]))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run lint, types, import rules and all tests. 运行全部检查与测试。"""
    from services.cli.test import run_checks

    raise typer.Exit(run_checks(context.args))


def main() -> None:
    """Run a command; what it cannot do is said in plain words with status 1."""
    try:
        app(prog_name="./shequ")
    except CannotGoOn as error:
        give_up(error)


if __name__ == "__main__":
    main()
