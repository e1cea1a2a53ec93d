"""The demo's accounts and phones. Passwords are made once and kept in VAR_DIR, readable by its owner only."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import Group, User

from lots.config.setup import Lot, StepKind
from lots.demo.setting import COLLEAGUES, FALLBACK, LOTS, RECEPTION, SLOT_NAMES, SOFTPHONE
from lots.models import FallbackStep, PagingZone, ParkingLot, Pbx, Phone, SlotName


@dataclass(frozen=True, slots=True)
class Account:
    """A way in. ``password`` is ``""`` when somebody has changed it since."""

    username: str
    password: str = field(repr=False)
    what: str


ZONE = "Office"
ROLES = {
    "admin": ("Administrators", "Alex Admin", "everything, and the admin pages"),
    "reception": ("Receptionists", "Rita Desk", "the board with its buttons"),
    "staff": ("Staff", "Sam Staff", "the board, to look at"),
}


def fill(pbx: Pbx, kept: Path) -> list[Account]:
    """Make what is missing; what somebody changed stays as it is."""
    passwords = _passwords(kept)
    accounts = [_account(name, passwords[name]) for name in ROLES]
    desk = User.objects.get(username="reception")
    _phone(pbx, RECEPTION, "Reception desk", desk)
    _phone(pbx, SOFTPHONE, "My softphone", desk)
    for number, name in COLLEAGUES.items():
        _phone(pbx, number, name, None)
    _lots(pbx)
    _zone(pbx)
    return accounts


def retire(pbx: Pbx, kept: Path) -> list[str]:
    """The demo is over, a real PBX begins: switch off its accounts, but those with a new password."""
    if not kept.exists():
        return []
    passwords: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
    users = User.objects.filter(username__in=passwords, is_active=True)
    over = [user for user in users if user.check_password(passwords[user.username])]
    for user in over:
        user.is_active = False
        user.save(update_fields=["is_active"])
    if over:
        _clear(pbx)
    return [user.username for user in over]


def _clear(pbx: Pbx) -> None:
    """What was published went to the demo's Asterisk: the real one knows nothing of it, nor of the demo's lots."""
    pbx.publications.all().delete()
    names = [lot.name for lot in LOTS]
    ParkingLot.objects.filter(pbx=pbx, name__in=names, observed=False).update(retired=True, on_board=False)
    ParkingLot.objects.filter(pbx=pbx, name="default").update(on_board=True)
    pbx.zones.filter(label=ZONE).delete()


def _passwords(kept: Path) -> dict[str, str]:
    if kept.exists():
        known: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        if set(ROLES) <= set(known):
            return known
    made = {name: secrets.token_urlsafe(9) for name in ROLES}
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(made), encoding="utf-8")
    return made


def _account(username: str, password: str) -> Account:
    group, name, what = ROLES[username]
    user = User.objects.filter(username=username).first()
    if user is None:
        first, last = name.split()
        user = User.objects.create_user(username, password=password, first_name=first, last_name=last)
        user.is_staff = user.is_superuser = group == "Administrators"
        user.save(update_fields=["is_staff", "is_superuser"])
        user.groups.add(Group.objects.get(name=group))
    known = user.check_password(password)
    if known and not user.is_active:  # the demo is back
        user.is_active = True
        user.save(update_fields=["is_active"])
    return Account(username, password if known else "", what)


def _phone(pbx: Pbx, number: str, name: str, owner: User | None) -> None:
    defaults = {"name": name, "device": f"PJSIP/{number}", "owner": owner}
    Phone.objects.get_or_create(pbx=pbx, number=number, defaults=defaults)


def _zone(pbx: Pbx) -> None:
    """Where to page: the colleagues' desks."""
    if not pbx.zones.exists():
        zone = PagingZone.objects.create(pbx=pbx, label=ZONE, gap=5, repeats=1)
        zone.members.set(Phone.objects.filter(pbx=pbx, number__in=COLLEAGUES))


def _lots(pbx: Pbx) -> None:
    """Asterisk always has a lot called default; here nobody parks in it."""
    hidden = {"label": "Default", "first_slot": 1, "last_slot": 1, "on_board": False}
    ParkingLot.objects.get_or_create(pbx=pbx, name="default", defaults=hidden)
    for lot in LOTS:
        _lot(pbx, lot)


def _lot(pbx: Pbx, lot: Lot) -> None:
    """Made once; one that an older demo only observed is set up here from now on."""
    settings = {
        "observed": False,
        "first_slot": lot.first,
        "last_slot": lot.last,
        "park_code": lot.park_code,
        "retrieve_code": lot.retrieve_code,
        "next_code": lot.next_code,
        "timeout": lot.timeout,
    }
    row, made = ParkingLot.objects.get_or_create(
        pbx=pbx, name=lot.name, defaults={**settings, "label": lot.label, "present": False}
    )
    if row.retired:  # the demo is back
        ParkingLot.objects.filter(pk=row.pk).update(retired=False, on_board=True)
    if not made and not row.observed:
        return
    ParkingLot.objects.filter(pk=row.pk).update(**settings)
    step = FallbackStep.objects.create(lot=row, position=1, kind=StepKind.PHONE.value)
    step.phones.add(Phone.objects.get(pbx=pbx, number=FALLBACK[lot.name]))
    for (name, slot), label in SLOT_NAMES.items():
        if name == lot.name:
            SlotName.objects.get_or_create(lot=row, slot=slot, defaults={"name": label})
