"""What is missing or wrong in the environment is named before a process starts."""

import pytest

from services.cli.configuration import SETTINGS, check_settings
from services.cli.speech import CannotGoOn


def test_variables_that_are_missing_are_named_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in ("GATEWAY", "WORKSTATION", "COMMITTEE"):
        monkeypatch.delenv(f"SHEQU_DATABASE_URL_{service}", raising=False)
    with pytest.raises(CannotGoOn) as told:
        check_settings(*SETTINGS)
    lines = str(told.value).splitlines()[1:]
    assert [line.split(":")[0].strip() for line in lines] == [
        "SHEQU_DATABASE_URL_GATEWAY",
        "SHEQU_DATABASE_URL_WORKSTATION",
        "SHEQU_DATABASE_URL_COMMITTEE",
    ]


def test_a_faulty_value_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEQU_DATABASE_URL_GATEWAY", "postgresql+asyncpg://a:secret@b/c")
    monkeypatch.setenv("SHEQU_POOL_SIZE", "many-secret")
    with pytest.raises(CannotGoOn, match="SHEQU_POOL_SIZE") as told:
        check_settings("gateway")
    assert "secret" not in str(told.value)


def test_a_list_that_is_no_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEQU_DATABASE_URL_GATEWAY", "postgresql+asyncpg://a:secret@b/c")
    monkeypatch.setenv("SHEQU_TRUSTED_PROXIES", "10.0.0.0/8")
    with pytest.raises(CannotGoOn, match="trusted_proxies"):
        check_settings("gateway")


def test_a_service_asks_for_its_own_variables_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEQU_DATABASE_URL_COMMITTEE", "postgresql+asyncpg://a:b@c/d")
    monkeypatch.delenv("SHEQU_DATABASE_URL_GATEWAY", raising=False)
    check_settings("committee")
