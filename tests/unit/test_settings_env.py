"""A wrong value in the environment stops the start with one sentence that names the variable."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from parkinglot.env import (
    allowed_hosts,
    count,
    database,
    log_level,
    port,
    redis_url,
    secret_key,
    switch,
    time_zone,
    var_dir,
    whole_days,
)

BASE = Path(__file__).resolve().parents[2]


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> environ.Env:
    for name in ("PORT", "VAR_DIR", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DEMO", "LOG_LEVEL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return environ.Env()


def sentence(error: pytest.ExceptionInfo[ImproperlyConfigured], name: str) -> None:
    text = str(error.value)
    assert name in text
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize("value", ["", "0", "65536", "-1", "80.5", "http", "８０", " 80", "1e3"])
def test_a_port_is_a_number(env: environ.Env, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(ImproperlyConfigured) as error:
        port(env)
    sentence(error, "PORT")


@pytest.mark.parametrize(("value", "number"), [(None, 8000), ("1", 1), ("65535", 65535)])
def test_good_ports(env: environ.Env, monkeypatch: pytest.MonkeyPatch, value: str | None, number: int) -> None:
    if value:
        monkeypatch.setenv("PORT", value)
    assert port(env) == number


def test_the_folder_is_made_or_refused(env: environ.Env, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert var_dir(env, tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    for bad in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("VAR_DIR", str(bad))
        with pytest.raises(ImproperlyConfigured) as error:
            var_dir(env, tmp_path)
        sentence(error, "VAR_DIR")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "²"])
def test_a_number_of_things_that_is_none(env: environ.Env, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.delenv("PUBLICATIONS_KEPT", raising=False)
    assert count(env, "PUBLICATIONS_KEPT", default=50) == 50
    monkeypatch.setenv("PUBLICATIONS_KEPT", "7")
    assert count(env, "PUBLICATIONS_KEPT", default=50) == 7
    monkeypatch.setenv("PUBLICATIONS_KEPT", text)
    with pytest.raises(ImproperlyConfigured) as error:
        count(env, "PUBLICATIONS_KEPT", default=50)
    sentence(error, "PUBLICATIONS_KEPT")


def test_a_secret_key_is_made_once_and_readable_by_its_owner_only(env: environ.Env, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        made = secret_key(env, tmp_path)
    finally:
        os.umask(old)
    assert len(made) >= 50
    assert secret_key(env, tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_given_secret_key_is_used_and_not_kept(
    env: environ.Env, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert secret_key(env, tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_secret_key_that_cannot_be_kept(env: environ.Env, tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(ImproperlyConfigured) as error:
        secret_key(env, tmp_path)
    sentence(error, "SECRET_KEY")


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:p@h/n", "postgres://h:port/n", "postgres://u:p@h", "://", "oracle://x/y"]
)
def test_a_database_that_is_not_understood(
    env: environ.Env, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured) as error:
        database(env, tmp_path)
    sentence(error, "DATABASE_URL")
    assert "u:p@" not in str(error.value), "passwords are not repeated"


def test_databases(env: environ.Env, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = database(env, tmp_path)
    assert small["NAME"] == str(tmp_path / "parkinglot.sqlite3")
    assert small["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    monkeypatch.setenv("DATABASE_URL", "postgres://user:p%40ss@host:5433/name")
    big = database(env, tmp_path)
    assert (big["USER"], big["PASSWORD"], big["HOST"], big["PORT"], big["NAME"]) == (
        *("user", "p@ss", "host"),
        *(5433, "name"),
    )
    assert big["OPTIONS"]["pool"]
    assert small["CONN_MAX_AGE"] == big["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize("value", ["maybe", "2", "yess"])
def test_a_switch_is_on_or_off(env: environ.Env, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEMO", value)
    with pytest.raises(ImproperlyConfigured) as error:
        switch(env, "DEMO", default=True)
    sentence(error, "DEMO")


@pytest.mark.parametrize(
    ("value", "is_on"), [("on", True), ("1", True), ("True", True), ("off", False), ("0", False), ("no", False)]
)
def test_good_switches(env: environ.Env, monkeypatch: pytest.MonkeyPatch, value: str, is_on: bool) -> None:
    assert [switch(env, "DEMO", default=default) for default in (True, False)] == [True, False]
    monkeypatch.setenv("DEMO", "")
    assert switch(env, "DEMO", default=True), "empty is not said"
    monkeypatch.setenv("DEMO", value)
    assert switch(env, "DEMO", default=not is_on) is is_on


def test_a_log_level_is_one_of_logging(env: environ.Env, monkeypatch: pytest.MonkeyPatch) -> None:
    assert log_level(env) == "INFO"
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert log_level(env) == "DEBUG"
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(ImproperlyConfigured) as error:
        log_level(env)
    sentence(error, "LOG_LEVEL")


def test_redis_is_an_address(env: environ.Env, monkeypatch: pytest.MonkeyPatch) -> None:
    assert redis_url(env) == ""
    for good in ("redis://h:6379/0", "rediss://:p@h", "unix:///run/redis.sock"):
        monkeypatch.setenv("REDIS_URL", good)
        assert redis_url(env) == good
    for bad in ("h:6379", "http://h", "redis:"):
        monkeypatch.setenv("REDIS_URL", bad)
        with pytest.raises(ImproperlyConfigured) as error:
            redis_url(env)
        sentence(error, "REDIS_URL")


def test_hosts_are_added_to_this_machines_own(env: environ.Env, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "parking.example,10.0.0.1")
    assert {"localhost", "127.0.0.1", "0.0.0.0", "parking.example", "10.0.0.1"} <= set(allowed_hosts(env, "0.0.0.0"))
    assert "*" not in allowed_hosts(env, "0.0.0.0")


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("serve", "DATABASE_URL", "nonsense"),
        ("bridge", "DATABASE_URL", "nonsense"),
        ("migrate", "DATABASE_URL", "nonsense"),
        ("check", "PORT", "http"),
        ("serve", "LOG_LEVEL", "loud"),
        ("serve", "LOG_FORMAT", "loud"),
    ],
)
def test_the_command_line_says_it_in_one_line(tmp_path: Path, command: str, name: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("parkinglot: ")
    assert name in line


@pytest.mark.parametrize(("value", "days"), [(None, 0), ("", 0), ("0", 0), ("1", 1), ("36500", 36500)])
def test_days_the_past_is_kept(env: environ.Env, monkeypatch: pytest.MonkeyPatch, value: str | None, days: int) -> None:
    if value is not None:
        monkeypatch.setenv("HISTORY_DAYS", value)
    assert whole_days(env, "HISTORY_DAYS") == days


@pytest.mark.parametrize("value", ["-1", "1.5", "a year", "36501", "٣", "9" * 5000])
def test_days_that_are_none(env: environ.Env, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HISTORY_DAYS", value)
    with pytest.raises(ImproperlyConfigured) as error:
        whole_days(env, "HISTORY_DAYS")
    sentence(error, "HISTORY_DAYS")


def test_a_time_zone_is_one(env: environ.Env, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIME_ZONE", raising=False)
    assert time_zone(env) == "UTC"
    monkeypatch.setenv("TIME_ZONE", "Europe/Berlin")
    assert time_zone(env) == "Europe/Berlin"
    for wrong in ("Mars/Olympus", "../etc/passwd", "/etc/localtime", "x" * 300):
        monkeypatch.setenv("TIME_ZONE", wrong)
        with pytest.raises(ImproperlyConfigured, match="TIME_ZONE must be"):
            time_zone(env)
