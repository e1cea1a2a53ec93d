"""One person for every role of ``tests.kit.permissions``, its three lots, and one of everything there is."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from dashboard.audience import ACTS
from lots.admin import checks, door_locks, lost_places, phone_keys, takeover
from lots.models import (
    Act,
    AudioFile,
    DoorTry,
    HoldMusic,
    LotRight,
    Notice,
    PagingZone,
    ParkedCall,
    ParkingLot,
    Pbx,
    Phone,
    Publication,
    WallScreen,
)
from lots.publish.accounts import CannotStart
from tests.kit.logins import login, person, phone
from tests.kit.permissions import INSIDE, ROLES

TRACES = {lot: (f"{lot}-trace", f"caller of {lot}") for lot in ("lobby", "desk", "front")}
"""What gives a lot away: its label, and who waits or waited in it."""


def no_pbx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that would ask a PBX are told that there is none; threads of theirs would not see this test's rows."""

    def cannot(*_args: object) -> None:
        raise CannotStart("Nobody asks a PBX in these tests.")

    for module in (checks, takeover, door_locks, lost_places, phone_keys):
        for name in ("watch_address", "publish_address"):
            monkeypatch.setattr(module, name, cannot, raising=False)


@dataclass
class Cast:
    """``people`` by role; ``open`` and ``missed`` are a waiting and a lost caller of each lot."""

    pbx: Pbx
    people: dict[str, User] = field(default_factory=dict)
    lots: dict[str, ParkingLot] = field(default_factory=dict)
    open: dict[str, ParkedCall] = field(default_factory=dict)
    missed: dict[str, ParkedCall] = field(default_factory=dict)
    things: dict[str, Model] = field(default_factory=dict)
    others: dict[str, ParkingLot] = field(default_factory=dict)
    phone: Phone | None = None
    zone: PagingZone | None = None
    notice: Notice | None = None

    def browser(self, role: str) -> Client:
        """Of somebody; rights are read anew by every request."""
        return login(self.people[role]) if role in self.people else Client()

    def revoke(self) -> None:
        """Take the rights away behind the back of whoever keeps some: no signal tells of it."""
        user = self.people["revoked"]
        User.groups.through.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(is_staff=False)


def make_cast(pbx: Pbx) -> Cast:
    """Everybody but the stranger, whose rights nobody has; roles are there already."""
    cast = Cast(pbx)
    groups = _groups()
    for role, names in groups.items():
        user = person(role, password="a password of theirs", is_staff=role in INSIDE | {"revoked"})
        user.groups.set(Group.objects.filter(name__in=names))
        cast.people[role] = user
        phone(pbx, f"2{len(cast.people):02}", user)
    User.objects.filter(username="superuser").update(is_superuser=True)
    for number, name in enumerate(TRACES):
        _lot(cast, name, 700 + 100 * number)
    _narrow(cast)
    _things(cast)
    return cast


def _groups() -> dict[str, list[str]]:
    """A second desk has the rights of receptionists, and lots of its own."""
    second, first = Group.objects.create(name="Second desk"), Group.objects.get(name="Receptionists")
    second.permissions.set(first.permissions.all())
    found: dict[str, list[str]] = {role: [] for role in ROLES if role != "stranger"}
    return found | {
        "looker": ["Staff"],
        "other": ["Second desk"],
        "receptionist": ["Receptionists"],
        "insider": ["Receptionists"],
        "administrator": ["Administrators"],
        "revoked": ["Administrators", "Receptionists"],
    }


def _lot(cast: Cast, name: str, first: int) -> None:
    """Its key is a number that stands nowhere by chance."""
    label, caller = TRACES[name]
    slots = {"first_slot": first + 1, "last_slot": first + 9, "park_code": f"{first}", "observed": False}
    lot = ParkingLot.objects.create(pk=10**8 + first, pbx=cast.pbx, name=name, label=label, **slots)
    now, calls = timezone.now(), ParkedCall.objects
    about = {"lot": lot, "caller_name": caller, "parked_at": now - timedelta(minutes=1)}
    cast.lots[name] = lot
    cast.open[name] = calls.create(slot=first + 3, uniqueid=f"open-{name}", **about)
    gone = {"ended_at": now, "outcome": "abandoned", "caller_number": "5551000"}
    cast.missed[name] = calls.create(slot=first + 4, uniqueid=f"missed-{name}", **about, **gone)
    code = {"user_name": "Rita", "kind": "retrieve", "code": "connected", "at": now}
    Act.objects.create(lot=lot, slot=first + 3, caller=caller, **code)
    DoorTry.objects.create(lot=lot, caller="5551000", result="opened", at=now)


def _narrow(cast: Cast) -> None:
    all_of_it = dict.fromkeys(ACTS, True)
    none_of_it = dict.fromkeys(ACTS, False)
    rows = (("desk", "Receptionists", all_of_it), ("desk", "Staff", none_of_it), ("front", "Second desk", all_of_it))
    for lot, group, acts in rows:
        LotRight.objects.create(lot=cast.lots[lot], group=Group.objects.get(name=group), see=True, **acts)


def _things(cast: Cast) -> None:
    """One row of every model there is a page for; those of a lot are the lobby's."""
    screen = WallScreen(label="Hall")
    screen.new_secret()
    screen.save()
    cast.phone = Phone.objects.filter(owner=None).first() or phone(cast.pbx, "299", None)
    spare = Pbx.objects.create(name="spare", active=False)  # one that nothing hangs on
    cast.zone = PagingZone.objects.create(pbx=cast.pbx, label="Hall")
    for name, fields in (("removed", {"observed": False, "retired": True}), ("found", {"on_board": False})):
        slots = {"label": name, "first_slot": 1, "last_slot": 2}
        cast.others[name] = ParkingLot.objects.create(pbx=cast.pbx, name=name, **slots, **fields)
    cast.notice = Notice.objects.create(call=cast.open["lobby"], to_name="x", from_name="y", at=timezone.now())
    found: list[Any] = [
        *(cast.lots["lobby"], cast.open["lobby"], spare, cast.phone, cast.zone, screen),
        *(Act.objects.get(lot=cast.lots["lobby"]), DoorTry.objects.get(lot=cast.lots["lobby"])),
        HoldMusic.objects.create(pbx=cast.pbx, label="Waltz", name="pl-waltz"),
        AudioFile.objects.create(title="Waltz", original="audio/original/x.wav", size=1, state=AudioFile.READY),
        Publication.objects.create(pbx=cast.pbx, author_name="alex"),
        User.objects.create_user("bystander"),
        Group.objects.create(name="Nobody"),
    ]
    cast.things = {one._meta.label_lower: one for one in found}


def content_type(cast: Cast) -> int:
    """Of a lot, as ``admin:view_on_site`` names it."""
    return ContentType.objects.get_for_model(cast.lots["lobby"]).pk
