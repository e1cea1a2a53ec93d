"""Portals as they are kept: a VAR_DIR and a database, looked after from a shell.

What a function prints is its answer.
"""

import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from lots.backup import rows
from lots.backup.archive import Writer
from lots.backup.manifest import Table
from lots.bridge.start import the_pbx
from lots.models import (
    Act,
    AudioFile,
    HoldMusic,
    MusicTrack,
    Notice,
    ParkedCall,
    ParkingLot,
    Pbx,
    Phone,
    Publication,
    WallScreen,
)
from tests.kit import people
from tests.kit.portal import BASE

PRECISE = datetime(2026, 5, 4, 12, 30, 15, 123456, tzinfo=UTC)
SOUND = b"RIFF" + bytes(range(256)) * 50
DIGEST = "ab" * 32


@dataclass
class Home:
    """``database`` is DATABASE_URL; empty: SQLite in ``folder``."""

    folder: Path
    database: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def manage(self, *words: str, fails: bool = False) -> str:
        """What ``manage.py`` said; AssertionError when it went otherwise than it should."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        env = {**kept, "VAR_DIR": str(self.folder), "DATABASE_URL": self.database, "DEMO": "off", **self.env}
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=BASE, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        assert "Traceback" not in said, said
        return said

    def call(self, name: str) -> Any:
        """A function of this module, inside the portal's Django."""
        said = self.manage("shell", "--no-imports", "-c", f"from tests.kit.homes import {name}; {name}()")
        return json.loads(said) if said.strip() else None

    @property
    def media(self) -> dict[str, bytes]:
        """Recordings by name."""
        root = self.folder / "media"
        return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def settle() -> None:
    """Something of everything, with the values that formats like to lose."""
    with redirect_stdout(StringIO()):
        people.fill()
    pbx, rita = Pbx.objects.get(), User.objects.get(username="rita")
    lot = ParkingLot.objects.create(
        pbx=pbx, name="desk", label="Désk „1“ 🛎", first_slot=701, last_slot=709, observed=False
    )
    other = ParkingLot.objects.create(pbx=pbx, name="over", label="Over", first_slot=801, last_slot=803, overflow=lot)
    ParkingLot.objects.filter(pk=lot.pk).update(overflow=other)
    call = {"lot": lot, "slot": 701, "channel": "PJSIP/x-1", "caller_name": "Zoë \u2028 \\ \" '", "parked_at": PRECISE}
    open_call = ParkedCall.objects.create(uniqueid="1.1", claimed_by=rita, note="two\nlines", **call)
    ParkedCall.objects.create(uniqueid="1.2", ended_at=PRECISE, outcome="retrieved", retrieved_by=rita, **call)
    Notice.objects.create(
        call=open_call, from_user=rita, from_name="Rita", to_user=rita, to_name="Rita", text="come", at=PRECISE
    )
    Act.objects.create(at=PRECISE, user=rita, user_name="Rita Desk", kind="claim", lot=lot, code="claimed")
    files = {"parkinglot-x.conf": [["section", "lot:desk", [["a", "b" * 30, "="]]]] * 60}
    first = Publication.objects.create(pbx=pbx, author=rita, files=files, state="live", ended_at=PRECISE, summary=["ä"])
    Publication.objects.filter(pk=first.pk).update(made_at=PRECISE)
    Publication.objects.create(pbx=pbx, files={}, state="running", returns_to=first)
    Publication.objects.create(pbx=pbx, files={}, state="wanted")
    screen = WallScreen.objects.create(label="Hall", secret_hash="c" * 64)
    screen.lots.add(lot)
    _recording(pbx)
    Pbx.objects.update(drift={"x": "y"}, drift_checked_at=PRECISE, publisher="somebody|1", publisher_until=PRECISE)


def _recording(pbx: Pbx) -> None:
    played = Path(settings.MEDIA_ROOT) / "audio" / "played"
    played.mkdir(parents=True)
    (played / f"{DIGEST}.wav").write_bytes(SOUND)
    (played.parent / "working-1").mkdir()
    (played.parent / "working-1" / "half.wav").write_bytes(b"half")
    audio = AudioFile.objects.create(title="Song", original="audio/original/x.wav", digest=DIGEST, state="ready")
    music = HoldMusic.objects.create(pbx=pbx, label="Ours", name="ours")
    MusicTrack.objects.create(music=music, audio=audio, position=1)


def change() -> None:
    """What happens after the backup."""
    ParkingLot.objects.filter(name="desk").update(label="Other")
    ParkedCall.objects.all().delete()
    User.objects.filter(username="ron").delete()
    User.objects.create_user("late")
    ParkingLot.objects.create(pbx=Pbx.objects.get(), name="late", label="Late", first_slot=1, last_slot=2)


def add() -> None:
    """New rows get keys that nobody has."""
    Phone.objects.create(pbx=Pbx.objects.get(), number="999", name="New", device="PJSIP/999")
    User.objects.create_user("newcomer")
    WallScreen.objects.create(label="New", secret_hash="d" * 64).lots.add(ParkingLot.objects.get(name="over"))


def meddled_backup() -> None:
    """A backup, while which somebody comes (users are written by then) and claims a call (calls are not)."""
    write = rows.write

    def meddling(writer: Writer, model: type[Model]) -> Table:
        if model._meta.label_lower == "lots.parkedcall":
            thread = Thread(target=meddle)
            thread.start()
            thread.join(10)
            assert not thread.is_alive(), "whoever writes must not wait for the backup"
        return write(writer, model)

    rows.write = meddling
    call_command("backup", str(Path(settings.VAR_DIR) / "meddled.zip"), stdout=StringIO())
    print(json.dumps(User.objects.filter(username="meddler").exists()))


def meddle() -> None:
    """By a connection of its own: each thread has one."""
    ParkedCall.objects.filter(uniqueid="1.1").update(claimed_by=User.objects.create_user("meddler"), note="meddled")
    connection.close()


def refusals() -> None:
    """What ``restore`` says to each file in ``bad``."""
    said = {}
    for file in sorted((Path(settings.VAR_DIR) / "bad").iterdir()):
        try:
            call_command("restore", str(file), yes=True, stdout=StringIO())
        except CommandError as error:
            said[file.name] = str(error)
    print(json.dumps(said))


LEFT = {"sessions.session", "lots.backupmade"}
RESET = {"drift", "drift_checked_at", "publisher", "publisher_until", "lease_holder", "lease_until"}


def everything() -> None:
    """Every row of every table, but for what a restore does not keep."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in LEFT:
            names = [f.attname for f in model._meta.concrete_fields if f.attname not in RESET]
            found[model._meta.label_lower] = list(model._base_manager.order_by("pk").values_list(*names))
    print(json.dumps(found, default=lambda value: value.isoformat()))


def lot() -> None:
    """A lot that can be published."""
    ParkingLot.objects.create(
        pbx=the_pbx(), name="annex", label="Annex", observed=False, park_code="640", first_slot=641, last_slot=644
    )


def widen() -> None:
    """Another one."""
    ParkingLot.objects.filter(name="annex").update(last_slot=649)


def standing() -> None:
    """Publications and drift after a restore."""
    pbx = Pbx.objects.get()
    states = list(Publication.objects.order_by("pk").values_list("state", flat=True))
    print(json.dumps({"states": states, "drift": pbx.drift, "compared": pbx.drift_checked_at, "by": pbx.publisher}))


def hold() -> None:
    """A bridge of another machine serves."""
    from datetime import timedelta

    from django.utils import timezone

    Pbx.objects.update(lease_holder="elsewhere:1", lease_until=timezone.now() + timedelta(hours=1))


def first_release() -> None:
    """A database as the first release left it."""
    call_command("migrate", "lots", "0001", verbosity=0)
    for app in ("auth", "admin", "sessions"):
        call_command("migrate", app, verbosity=0)
    text = (BASE / "tests" / "recordings" / "first_release.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        for statement in text.partition("\n")[2].split(";\n"):
            if statement.strip():
                cursor.execute(statement)


def upgraded() -> None:
    """What people and the bridge find afterwards: the parts of the portal read it themselves."""
    from dashboard.replica import read
    from lots.publish.publications import pending

    truth = read()
    rights = Group.objects.order_by("name").values_list("name", "permissions__codename")
    found = {
        "lots": [(lot["name"], lot["label"], lot["first"], lot["last"], lot["revision"]) for lot in truth.lots],
        "slots": [slot for lot in truth.lots for slot in lot["slots"]],
        "all lots": list(
            ParkingLot.objects.order_by("pk").values_list("name", "label", "timeout", "observed", "present")
        ),
        "calls": list(ParkedCall.objects.order_by("pk").values_list("uniqueid", "outcome", "parked_at", "ended_at")),
        "taken by": list(
            ParkedCall.objects.exclude(retrieved_by=None).values_list("retrieved_by__username", flat=True)
        ),
        "phones": list(Phone.objects.order_by("pk").values_list("number", "device", "owner__username")),
        "people": list(User.objects.order_by("pk").values_list("username", "password", "last_name", "is_active")),
        "groups": [name for name, right in rights if right in {"publish", None}],
        "of rita": list(User.objects.get(username="rita").groups.values_list("name", flat=True)),
        "to publish": bool(pending(Pbx.objects.get())),
        "pages": [_page(name) for name in PAGES],
    }
    print(json.dumps(found, default=lambda value: value.isoformat()))


PAGES = ("dashboard:board", "dashboard:history", "dashboard:reports", "admin:lots_parkinglot_changelist")


def _page(name: str) -> int:
    browser = Client()
    browser.force_login(User.objects.get(username="admin"))
    return browser.get(reverse(name), HTTP_HOST="localhost").status_code
