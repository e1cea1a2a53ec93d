"""The people and phones of a portal under test. Runs inside the portal's own Django (its database, its settings)."""

import json
import sys
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User

from lots.bridge.start import the_pbx
from lots.models import PagingZone, ParkedCall, ParkingLot, Pbx, Phone
from lots.sealed import seal

PEOPLE = {
    "rita": ("Rita Desk", "Receptionists", "203"),
    "ron": ("Ron Front", "Receptionists", "204"),
    "una": ("Una Reach", "Receptionists", "202"),
    "nora": ("Nora Phoneless", "Receptionists", ""),
    "sam": ("Sam Staff", "Staff", "205"),
    "alex": ("Alex Admin", "Administrators", ""),
    "guest": ("Gus Guest", "", ""),
}


def fill() -> None:
    """Make everybody, and print a session for each as JSON."""
    pbx = the_pbx()
    sessions = {}
    for username, (name, role, number) in PEOPLE.items():
        first, last = name.split()
        user = User(username=username, first_name=first, last_name=last, is_staff=username == "alex")
        user.is_superuser = user.is_staff
        user.set_unusable_password()
        user.save()
        if role:
            user.groups.add(Group.objects.get(name=role))
        if number:
            Phone.objects.create(pbx=pbx, number=number, name=f"Desk {number}", device=f"PJSIP/{number}", owner=user)
        sessions[username] = _session(user)
    ParkingLot.objects.create(pbx=pbx, name="default", label="Default", first_slot=1, last_slot=2, on_board=False)
    print(json.dumps(sessions))


def _session(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def crowd() -> None:
    """Ten receptionists whose phones answer by themselves; print a session for each as JSON."""
    pbx, sessions = the_pbx(), {}
    for number in range(300, 310):
        user = User.objects.create_user(f"desk{number}", first_name="Desk", last_name=str(number))
        user.groups.add(Group.objects.get(name="Receptionists"))
        device = f"Local/{number}@simulated-phones"
        Phone.objects.create(pbx=pbx, number=str(number), name=f"Desk {number}", device=device, owner=user)
        sessions[user.username] = _session(user)
    print(json.dumps(sessions))


def demote() -> None:
    """Ron may look, and nothing else, until he is promoted again."""
    User.objects.get(username="ron").groups.set(Group.objects.filter(name="Staff"))


def promote() -> None:
    """Ron is a receptionist again."""
    User.objects.get(username="ron").groups.set(Group.objects.filter(name="Receptionists"))


def zones() -> None:
    """Two paging zones: the hall has phones 203 and 204 and says it twice, the yard has a phrase."""
    hall = PagingZone.objects.create(pbx=the_pbx(), label="Hall", gap=1, repeats=1)
    hall.members.set(Phone.objects.filter(number__in=["203", "204"]))
    yard = PagingZone.objects.create(pbx=the_pbx(), label="Yard", gap=0, text="call for {name}, line {slot}")
    yard.members.set(Phone.objects.filter(number="205"))


def eager_zones() -> None:
    """The same, and they may be paged again at once."""
    zones()
    PagingZone.objects.update(gap=0)


FIELDS = [
    "lot__name",
    "slot",
    "uniqueid",
    "caller_name",
    "caller_number",
    "parker_name",
    "parker_number",
    "parker_device",
    "outcome",
    "retriever_number",
    "retrieved_by__username",
    "remark",
    "parked_at",
    "ended_at",
    "came",
    "came_at",
    "came_name",
    "back_stage",
]


def rows() -> None:
    """Print every parked call, oldest first, as JSON."""
    print(json.dumps(list(ParkedCall.objects.order_by("pk").values(*FIELDS)), default=str))


def password() -> None:
    """Rita may log in by the form, with "desk-desk-desk"."""
    rita = User.objects.get(username="rita")
    rita.set_password("desk-desk-desk")
    rita.save()


def berlin() -> None:
    """A second PBX, as an administrator adds it while the portal runs; Rita has a phone there. Prints its key."""
    values = json.loads(sys.stdin.read())
    sealed = {"watch_sealed": seal(values.pop("secret"))}
    pbx = Pbx.objects.create(name="berlin", label="Berlin", **values, **sealed)
    rita = User.objects.get(username="rita")
    Phone.objects.create(pbx=pbx, number="204", name="Desk in Berlin", device="PJSIP/204", owner=rita)
    print(pbx.pk)


def berlin_off() -> None:
    """Not in use any more."""
    Pbx.objects.filter(name="berlin").update(active=False)
