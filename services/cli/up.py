"""`up`: the whole district on this machine, behind one gateway."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import FrameType

import typer
from rich.console import Console

from services.cli.embedded_postgres import EmbeddedPostgres
from services.cli.home import PROJECT, Home
from services.cli.migrate import migrate
from services.cli.processes import port_is_free, spawn, stop
from services.cli.speech import CannotGoOn, say, terminal_language
from services.cli.supervisor import Child, Supervisor
from shared.kernel.text import Text

PORTS = {"gateway": 0, "workstation": 1, "committee": 2}


def _check_ports(port: int) -> None:
    for service, offset in PORTS.items():
        if not port_is_free(port + offset):
            raise CannotGoOn(
                Text(
                    zh=f"端口 {port + offset}（{service}）已被占用。请停止占用它的程序，"
                    f"或换一组端口：./shequ up --port {port + 10}",
                    en=f"Port {port + offset} ({service}) is in use. Stop what uses it, or choose "
                    f"others: ./shequ up --port {port + 10}",
                )
            )


def _reset(home: Home, *, sure: bool) -> None:
    if not home.data.exists():
        return
    if not sure:
        question = Text(
            zh=f"将删除 {home.data} 中的全部数据，无法恢复。确定吗？",
            en=f"This deletes all data in {home.data} for good. Are you sure?",
        )
        if not typer.confirm(question.in_language(terminal_language())):
            raise CannotGoOn(Text(zh="未做任何更改。", en="Nothing was changed."))
    shutil.rmtree(home.data)


def _environment(
    home: Home, postgres: EmbeddedPostgres, port: int, *, demo: bool
) -> dict[str, str]:
    secrets = home.secrets()
    url = f"http://127.0.0.1:{port}"
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "MPLCONFIGDIR": str(home.folder / "matplotlib"),
        "SHEQU_GATEWAY_URL": url,
        "SHEQU_ISSUER": url,
        "SHEQU_WORKSTATION_URL": f"http://127.0.0.1:{port + 1}",
        "SHEQU_COMMITTEE_URL": f"http://127.0.0.1:{port + 2}",
        "SHEQU_DATABASE_URL_GATEWAY": postgres.url("shequ_gateway"),
        "SHEQU_DATABASE_URL_WORKSTATION": postgres.url("shequ_workstation"),
        "SHEQU_DATABASE_URL_COMMITTEE": postgres.url("shequ_committee"),
        "SHEQU_FILES_URL": home.files.as_uri(),
        "SHEQU_PERSONAL_DATA_KEYS": secrets["personal_data_keys"],
        "SHEQU_LOOKUP_KEY": secrets["lookup_key"],
        "SHEQU_SIGNING_KEY_SECRET": secrets["signing_key_secret"],
        "SHEQU_DEMO_ELECTIONS": str(demo).lower(),
        "SHEQU_DEMO_ASSESSMENTS": str(demo).lower(),
    }


def _children(home: Home, environment: Mapping[str, str], port: int) -> list[Child]:
    python = [sys.executable, "-m", "services.cli"]
    children = [
        Child(
            name=service,
            arguments=[*python, "serve", service, "--port", str(port + offset)],
            environment=environment,
            log=home.logs / f"{service}.log",
            ready_url=f"http://127.0.0.1:{port + offset}/readyz",
        )
        for service, offset in PORTS.items()
    ]
    worker = Child(
        name="worker",
        arguments=[*python, "worker"],
        environment=environment,
        log=home.logs / "worker.log",
    )
    return [*children, worker]


def up(*, port: int, reset: bool, sure: bool, scale: float, demo: bool) -> None:
    """Start everything, load the demo district on the first start, and keep it running.

    Raises CannotGoOn with nothing left running; returns after Ctrl-C or SIGTERM.
    """
    began = time.monotonic()
    os.chdir(PROJECT)
    home = Home.find()
    home.prepare()
    lock = home.lock()
    _check_ports(port)
    if reset:
        _reset(home, sure=sure)
        home.prepare()
    with ExitStack() as exits:
        exits.callback(os.close, lock)
        _stop_on_signals(exits)
        postgres = EmbeddedPostgres(home.postgres)
        exits.callback(postgres.stop)
        say(Text(zh="正在启动数据库……", en="Starting the database …"))
        postgres.start()
        migrate(postgres.url("shequ_owner"))
        environment = _environment(home, postgres, port, demo=demo)
        supervisor = Supervisor(_children(home, environment, port), beneath=postgres.keep_running)
        exits.callback(supervisor.stop)
        say(Text(zh="正在启动服务……", en="Starting the services …"))
        supervisor.start()
        home.address.write_text(environment["SHEQU_GATEWAY_URL"])
        exits.callback(home.address.unlink, missing_ok=True)
        if demo:
            _load_demo(home, environment, port, scale, supervisor)
        _announce(port, time.monotonic() - began)
        supervisor.watch()


class _Stopped(BaseException):
    """Ctrl-C or SIGTERM: leave every `with` in order."""


def _stop_on_signals(exits: ExitStack) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN if number == signal.SIGTERM else signal.SIG_DFL)
        raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        exits.callback(signal.signal, number, signal.signal(number, stop))


def run(*, port: int, reset: bool, sure: bool, scale: float, demo: bool) -> None:
    """`up` for the command line: Ctrl-C is a clean end."""
    try:
        up(port=port, reset=reset, sure=sure, scale=scale, demo=demo)
    except _Stopped:
        say(Text(zh="已全部停止，数据已保存。", en="Everything is stopped; your data is kept."))


def _load_demo(
    home: Home, environment: Mapping[str, str], port: int, scale: float, supervisor: Supervisor
) -> None:
    """Load the demo on the first start, while the children are watched over."""
    loaded = home.data / "demo-loaded"
    if loaded.exists():
        return
    arguments = [sys.executable, "-m", "services.cli", "demo", "--scale", str(scale)]
    arguments += ["--gateway-url", f"http://127.0.0.1:{port}"]
    loading = spawn(arguments, log=None, environment=environment)
    try:
        supervisor.watch(until=lambda: loading.poll() is not None)
    finally:
        stop(loading, signal.SIGTERM)
    if loading.returncode != 0:
        raise CannotGoOn(
            Text(
                zh="演示数据未能全部加载，已全部停止。再次运行 ./shequ up 会从中断处继续。",
                en="The demo was not loaded to its end; everything was stopped. Run ./shequ up "
                "again and it goes on from there.",
            )
        )
    loaded.touch()


def _announce(port: int, seconds: float) -> None:
    from services.cli.demo.accounts import table_of_accounts

    url = f"http://127.0.0.1:{port}"
    console = Console()
    say(
        Text(
            zh=f"\n社区平台已就绪（{seconds:.1f} 秒）。\n  网关地址：{url}\n"
            f"  接口文档：{url}/docs\n  停止：Ctrl-C\n",
            en=f"\nShequ is ready ({seconds:.1f} s).\n  Gateway: {url}\n  API documentation: "
            f"{url}/docs\n  Stop: Ctrl-C\n",
        )
    )
    console.print(table_of_accounts(terminal_language()))
