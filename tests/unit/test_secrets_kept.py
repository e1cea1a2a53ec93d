"""Recognisable secrets are planted everywhere, and then looked for: in pages, files, logs, tracebacks, and ``repr``."""

import dataclasses
import importlib
import io
import logging
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

import dashboard
import lots
import parkinglot
from lots.admin import overview
from lots.config.render import render
from lots.models import Pbx, Publication
from lots.publish.accounts import watch_address
from lots.publish.setup import setup_of
from lots.publish.stored import stored
from lots.sealed import seal
from lots.setup_file.export import exported
from lots.telemetry.logs import Json, Line
from tests.kit.addresses import addresses, filled
from tests.kit.asked import ask
from tests.kit.cast import Cast, make_cast
from tests.kit.logins import login
from tests.kit.portal import BASE
from tests.kit.servers import redis_server
from tests.kit.walls import screen

TELLING = ("secret", "password", "session", "token", "pin_hash")
"""Names of fields that hold what nobody should read by the way."""
PLANTED = "pl4nted-s3cret-{}-tail"


@pytest.fixture
def cast(pbx: Pbx, roles: None, settings: Any, tmp_path: Path) -> Cast:
    """The PBX has accounts of its own, at a port where nobody answers."""
    key = tmp_path / "sealing_key"
    key.write_text(Fernet.generate_key().decode())
    settings.SEALING_KEYS, settings.SEALING_KEY_FILE = [], key
    settings.ASTERISK_AMI_URL = f"ami://watch:{PLANTED.format('url')}@127.0.0.1:1"
    settings.ASTERISK_AMI_PUBLISH_URL = f"ami://publish:{PLANTED.format('publish-url')}@127.0.0.1:1"
    pbx.host, pbx.port, pbx.watch_user, pbx.publish_user = "127.0.0.1", 1, "watch", "publish"
    pbx.watch_sealed, pbx.publish_sealed = seal(PLANTED.format("watch")), seal(PLANTED.format("publish"))
    pbx.save()
    return make_cast(pbx)


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything that anybody logs, at every level, by a formatter that takes nothing out."""
    out, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(out), root.level
    handler.setFormatter(logging.Formatter("%(message)s %(args)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def secrets_of(cast: Cast, settings: Any) -> dict[str, str]:
    """By what they are; all of them are long enough to stand nowhere by chance."""
    door = cast.lots["desk"]
    door.pin_salt, door.pin_hash = "5a17" * 8, "c0ffee" * 6
    door.save()
    _, wall = screen(cast.lots["lobby"], label="Yard")
    return {
        "key of the portal": settings.SECRET_KEY,
        "key that seals": Path(settings.SEALING_KEY_FILE).read_text().strip(),
        **{name: PLANTED.format(name) for name in ("url", "publish-url", "watch", "publish")},
        "sealed": cast.pbx.watch_sealed,
        "link of a wall": wall,
        **{f"password of {role}": user.password for role, user in cast.people.items()},
    }


def found(text: str, secrets: dict[str, str]) -> list[str]:
    """Which of them stand in ``text``."""
    return [name for name, secret in secrets.items() if secret in text]


async def _collected(answer: Any) -> list[bytes]:
    return [part async for part in answer.streaming_content]


def read(browser: Client, path: str) -> str:
    answer = browser.get(path, follow=True)
    return (b"".join(async_to_sync(_collected)(answer)) if answer.streaming else answer.content).decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["superuser", "receptionist"])
def test_no_page_no_file_and_no_line_of_a_log_holds_one(
    role: str, cast: Cast, settings: Any, heard: io.StringIO
) -> None:
    secrets = secrets_of(cast, settings)
    Publication.objects.create(pbx=cast.pbx, state="live", files=stored(render(setup_of(cast.pbx))))
    browser = login(cast.people[role])
    for name, route in addresses().items():
        if not name.endswith("logout"):
            path = filled(name, route, cast)
            sessions = {f"session {row.pk}": row.pk for row in Session.objects.all()}
            assert not found(read(browser, path), secrets | sessions), path
    assert not found(heard.getvalue(), secrets | {row.pk: row.pk for row in Session.objects.all()})


@pytest.mark.django_db(transaction=True)
def test_nor_does_the_setup_as_a_file(cast: Cast, settings: Any) -> None:
    assert not found(str(exported(cast.pbx)), secrets_of(cast, settings))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/healthz/all", "/metrics"])
def test_nor_do_health_and_figures(path: str, cast: Cast, settings: Any) -> None:
    assert not found(async_to_sync(ask)(path).text, secrets_of(cast, settings))


@pytest.mark.django_db(transaction=True)
def test_an_error_of_ours_shows_none(
    cast: Cast, settings: Any, heard: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its page nor its traceback, though the function that fails holds one."""
    secrets = secrets_of(cast, settings)

    def failing(_user: object) -> None:
        secret = secrets["watch"]
        raise RuntimeError(f"a provoked error near a secret of {len(secret)} characters")

    monkeypatch.setattr(overview, "lots_known", failing)
    browser = login(cast.people["superuser"])
    browser.raise_request_exception = False
    answer = browser.get(reverse("admin:index"))
    assert answer.status_code == 500
    assert not found(answer.content.decode(), secrets)
    assert "a provoked error" in heard.getvalue()
    assert not found(heard.getvalue(), secrets)


@pytest.mark.django_db
def test_a_password_from_the_database_is_known_to_the_log_once_it_is_opened(cast: Cast, settings: Any) -> None:
    settings.ASTERISK_AMI_URL = settings.ASTERISK_AMI_PUBLISH_URL = ""
    secret = PLANTED.format("watch")
    line = logging.LogRecord("x", logging.ERROR, "", 0, "Somebody wrote %s by mistake.", (secret,), None)
    watch_address(cast.pbx)
    for formatter in (Line(), Json()):
        assert "(left out)" in formatter.format(line)
        assert secret not in formatter.format(line)


@pytest.mark.parametrize("refuses", [True, False], ids=["refuses", "is away"])
def test_a_redis_that_does_not_let_us_in_is_told_without_its_password(refuses: bool, tmp_path: Path) -> None:
    """What watches, what beats and what people are told, with everything logged."""
    with redis_server(tmp_path / "redis") as server:
        server.stop()
        server.words += ["--requirepass", "another one"]
        if refuses:
            server.start()
        url = server.url.replace("redis://", f"redis://:{PLANTED}@")
        env = {**os.environ, "VAR_DIR": str(tmp_path), "LOG_LEVEL": "DEBUG", "DEMO": "off", "REDIS_URL": url}
        words = [sys.executable, "-X", "dev", "-c", TALK]
        done = subprocess.run(words, cwd=BASE, env=env, capture_output=True, text=True, check=False, timeout=60)
    said = done.stdout + done.stderr
    assert ("invalid username-password pair" in said) is refuses, said
    assert "Traceback" in said
    assert PLANTED not in said


TALK = """
import asyncio, logging, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "parkinglot.settings"
django.setup()
from channels.layers import get_channel_layer
from django.core.cache import cache
from dashboard.condition.facts import _redis
from parkinglot.health import look_at_layer

async def tell():
    for act in (look_at_layer, lambda: get_channel_layer().group_send("x", {}), lambda: cache.aget("x")):
        try:
            await act()
        except Exception:
            logging.getLogger("lots").exception("It did not go.")

asyncio.run(tell())
print(_redis())
"""


def _dataclasses() -> Iterator[type]:
    for package in (lots, dashboard, parkinglot):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name and not module.name.endswith(".asgi"):
                for one in vars(importlib.import_module(module.name)).values():
                    if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == module.name:
                        yield one


def test_no_repr_of_ours_shows_one() -> None:
    """A dataclass writes all its fields into every message and traceback that shows it."""
    made = list(_dataclasses())
    assert len(made) > 50
    shown = [
        f"{one.__module__}.{one.__name__}.{field.name}"
        for one in made
        for field in dataclasses.fields(one)
        if field.repr and any(word in field.name for word in TELLING)
    ]
    assert not shown


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["migrate"], {"DATABASE_URL": f"postgres://user:{PLANTED}@127.0.0.1:1/none"}),
        (["migrate"], {"DATABASE_URL": f"nonsense://user:{PLANTED}@127.0.0.1:1/none"}),
        (["check"], {"REDIS_URL": f"nonsense://user:{PLANTED}@127.0.0.1:1/0"}),
        (["publish"], {"ASTERISK_AMI_PUBLISH_URL": f"ami://user:{PLANTED}@127.0.0.1:1"}),
        (["publish"], {"ASTERISK_AMI_PUBLISH_URL": f"ami://user:{PLANTED}@127.0.0.1:1/much/too#much"}),
        (["check_pbx"], {"ASTERISK_AMI_URL": f"ami://user:{PLANTED}@127.0.0.1:1"}),
        (["bridge"], {"ASTERISK_AMI_URL": f"ami://user:{PLANTED}@127.0.0.1:99999"}),
    ],
)
def test_no_command_that_fails_prints_one(words: list[str], env: dict[str, str], tmp_path: Path) -> None:
    """At the lowest level of the log: no such database, an address that is none, a PBX that is silent."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "VAR_DIR": str(tmp_path), "LOG_LEVEL": "DEBUG", "DEMO": "off", "SECRET_KEY": PLANTED, **env}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=BASE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    said = done.stdout + done.stderr
    assert said
    assert PLANTED not in said
