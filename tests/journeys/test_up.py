"""`up` as its user meets it: what goes wrong is said, nothing is left behind, nothing is lost."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.installation import (
    Installation,
    children_of,
    free_ports,
    start_up,
    stop,
    until,
)


def _up(home: Path, port: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "up", "--port", str(port), *arguments],
        env={**os.environ, "SHEQU_HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_says_where_the_gateway_and_the_accounts_are(installation: Installation) -> None:
    until(lambda: any("resident" in line for line in installation.lines))
    said = "".join(installation.lines)
    assert installation.url in said
    assert f"{installation.url}/docs" in said
    for login in ("admin", "civil", "street", "clerk", "leading"):
        assert login in said


def test_other_commands_find_the_gateway_of_the_same_home(installation: Installation) -> None:
    environment = {**os.environ, "SHEQU_HOME": str(installation.home), "LANG": "C.UTF-8"}
    environment.pop("SHEQU_GATEWAY_URL", None)
    told = subprocess.run(
        [sys.executable, "-m", "services.cli", "report"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert '"figures"' in told.stdout


def test_the_documentation_needs_nothing_from_elsewhere(installation: Installation) -> None:
    page = httpx.get(f"{installation.url}/docs")
    assert page.status_code == 200
    assert "http://" not in page.text.replace(installation.url, "")
    assert "https://" not in page.text
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert asset in page.text
        assert httpx.get(f"{installation.url}/docs/assets/{asset}").status_code == 200


def test_a_second_up_in_the_same_home_is_refused(installation: Installation) -> None:
    told = _up(installation.home, free_ports())
    assert told.returncode == 1
    assert "Another `./shequ up` is running" in told.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        told = _up(tmp_path / "home", port)
    assert told.returncode == 1
    assert f"Port {port + 1} (workstation) is in use" in told.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    told = _up(closed / "home", free_ports())
    assert told.returncode == 1
    assert "cannot be written" in told.stderr


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    told = _up(tmp_path / "home", free_ports())
    assert told.returncode == 1
    assert "cannot be written" in told.stderr


def test_reset_asks_before_it_deletes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    kept = home / "data" / "kept"
    kept.touch()
    told = subprocess.run(
        [sys.executable, "-m", "services.cli", "up", "--port", str(free_ports()), "--reset"],
        env={**os.environ, "SHEQU_HOME": str(home), "LANG": "C.UTF-8"},
        input="n\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert "Nothing was changed" in told.stderr
    assert kept.exists()


@pytest.mark.parametrize("name", ["committee", "workstation", "worker", "gateway"])
def test_a_process_killed_once_is_started_again_while_the_others_stay_up(
    installation: Installation, name: str
) -> None:
    before = children_of(installation.process.pid)
    os.kill(before[name], signal.SIGKILL)
    until(lambda: children_of(installation.process.pid).get(name) not in {None, before[name]})
    after = children_of(installation.process.pid)
    assert {key: after[key] for key in after if key != name} == {
        key: before[key] for key in before if key != name
    }

    def answers() -> bool:
        try:
            listed = httpx.get(f"{installation.url}/v1/committee/committees?district=421002")
            ready = httpx.get(f"{installation.url}/readyz")
            map_ = installation.get("/v1/workstation/streets", "civil")
        except httpx.TransportError:
            return False
        return {listed.status_code, ready.status_code, map_.status_code} == {200}

    until(answers)


def test_what_was_acknowledged_before_the_database_was_killed_is_still_there(
    installation: Installation,
) -> None:
    headers = installation.headers("civil")
    made = []
    for number in range(20):
        answer = httpx.post(
            f"{installation.url}/v1/workstation/streets",
            json={"code": f"kill-{number}", "name": f"临时{number}街道", "kind": "street"},
            headers=headers,
        )
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    pid = int((installation.home / "data/postgres/postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)

    def answers() -> bool:
        try:
            return installation.get("/v1/workstation/streets", "civil").status_code == 200
        except httpx.TransportError:
            return False

    until(answers)
    listed = installation.get("/v1/workstation/streets?limit=200", "civil").json()["items"]
    assert set(made) <= {street["id"] for street in listed}


def test_ctrl_c_stops_every_process(own_folder: Path) -> None:
    process, port = start_up(own_folder / "home", "--no-demo")
    url = f"http://127.0.0.1:{port}/readyz"

    def ready() -> bool:
        try:
            return httpx.get(url).status_code == 200
        except httpx.TransportError:
            return False

    until(ready)
    children = list(children_of(process.pid).values())
    postgres = int((own_folder / "home/data/postgres/postmaster.pid").read_text().split()[0])
    assert len(children) == 4
    until((own_folder / "home/gateway-url").exists)
    assert stop(process) == 0
    assert not (own_folder / "home/gateway-url").exists()
    for pid in (*children, postgres):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert process.stdout is not None
    process.stdout.close()


def test_a_child_that_dies_again_and_again_ends_up_with_a_message(own_folder: Path) -> None:
    home = own_folder / "home"
    process, _ = start_up(home, "--no-demo")
    try:
        until(lambda: "worker" in children_of(process.pid))

        def kill_worker() -> bool:
            pid = children_of(process.pid).get("worker")
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            return process.poll() is not None

        until(kill_worker)
        assert process.stdout is not None
        assert "dies again and again" in process.stdout.read()
        assert process.returncode == 1
        assert not (home / "data/postgres/postmaster.pid").exists()
    finally:
        stop(process)
        assert process.stdout is not None
        process.stdout.close()
