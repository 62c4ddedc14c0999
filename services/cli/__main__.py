"""The command line: `./shequ COMMAND`."""

from typing import Annotated, Literal

import typer

from services.cli.speech import CannotGoOn, give_up

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shequ 社区: run a district's urban communities. 运行一个区的城市社区平台。",
)
ServiceName = Literal["gateway", "workstation", "committee"]


@app.command()
def up(
    port: Annotated[
        int, typer.Option(min=1, max=65533, help="Gateway's port; two more follow")
    ] = 8000,
    reset: Annotated[bool, typer.Option("--reset", help="Delete all data first (asks)")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    scale: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Share of households in the demo")
    ] = 0.02,
    demo: Annotated[bool, typer.Option(help="Load the demo district on the first start")] = True,
) -> None:
    """Start everything on this machine and keep it running. 启动并运行整套平台。"""
    from services.cli.up import run

    run(port=port, reset=reset, sure=yes, scale=scale, demo=demo)


@app.command()
def serve(
    service: Annotated[ServiceName, typer.Argument(help="Which service")],
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on")] = 8000,
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


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run lint, types, import rules and all tests. 运行全部检查与测试。"""
    from services.cli.test import run_checks

    raise typer.Exit(run_checks(context.args))


def main() -> None:
    """Run a command; what it cannot do is said in plain words with status 1."""
    try:
        app()
    except CannotGoOn as error:
        give_up(error)


if __name__ == "__main__":
    main()
