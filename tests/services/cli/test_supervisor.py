"""Children that die are started again, and given up when none of their lives is long."""

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from services.cli.speech import CannotGoOn
from services.cli.supervisor import Child, Supervisor


def _child(folder: Path, code: str) -> Child:
    log = folder / "child.log"
    return Child("worker", [sys.executable, "-S", "-c", code], environment={}, log=log)


def _ticking(seconds: float) -> Iterator[float]:
    return count(0.0, seconds)


def test_a_child_that_never_lives_long_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    clock = _ticking(20.0)
    child = _child(tmp_path, "print('no database')")
    supervisor = Supervisor([child], clock=lambda: next(clock))
    with pytest.raises(CannotGoOn, match="no database"):
        supervisor.watch()


def test_a_child_that_dies_now_and_then_is_started_again_every_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    clock = _ticking(31.0)
    child = _child(tmp_path, "print('again')")
    supervisor = Supervisor([child], clock=lambda: next(clock))
    supervisor.watch(until=lambda: child.log.exists() and child.log.read_text().count("again") > 7)
    supervisor.stop()
    assert "The process worker ended unexpectedly and was started again." in capsys.readouterr().out
