"""The admin pages: for administrators by group, and telling open boards what was changed."""

import asyncio

import pytest
from channels.layers import get_channel_layer
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from dashboard.audience import audiences
from lots.admin.seen import lots_seen
from lots.bridge.ledger import record
from lots.bridge.messages import BOARDS
from lots.models import LotRight, ParkedCall, ParkingLot, Pbx, Phone, Publication, SlotName
from lots.types.changes import Ended, Ending, Entered, Outcome
from tests.kit.logins import login, person
from tests.kit.pbx_model import START, call
from tests.kit.served import BOB

pytestmark = pytest.mark.django_db
MODELS: list[type[Model]] = [Pbx, ParkingLot, ParkedCall, Phone, Publication, User, Group]


@pytest.fixture
def rows(pbx: Pbx, lot: ParkingLot, rita: User) -> None:
    """One of everything, the live call and an ended one."""
    taken = Ending(Outcome.RETRIEVED, START, retriever_uniqueid="ours")
    Publication.objects.create(pbx=pbx, author_name="Alex Admin", state="live", message="all well")
    record(pbx, [Entered(BOB), Entered(call("u2", 701)), Ended(BOB, taken)], {"ours": rita.pk})


def pages(model: type[Model]) -> list[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.first()
    assert row is not None
    return [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])]


@pytest.mark.parametrize("model", MODELS)
def test_an_administrator_by_group_can_open_every_page(rows: None, alex: User, model: type[Model]) -> None:
    assert not alex.is_superuser
    browser = login(alex)
    listed, changed = pages(model)
    for address in (listed, f"{listed}?q=a", changed):
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("model", MODELS)
def test_nobody_else_can(rows: None, rita: User, sam: User, model: type[Model]) -> None:
    staff_without_rights = person("stan", is_staff=True)
    for address in pages(model):
        for user in (rita, sam):
            assert login(user).get(address).status_code == 302
        assert login(staff_without_rights).get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_the_history_reads_as_people_speak(rows: None, alex: User) -> None:
    page = login(alex).get(reverse("admin:lots_parkedcall_changelist")).content.decode()
    for word in ("Bob 5551001", "PJSIP/203", "rita", "retrieved", "still there"):
        assert word in page, word


def test_the_history_is_for_who_may_see_the_lot_and_names_the_slot(rows: None, lot: ParkingLot, alex: User) -> None:
    SlotName.objects.create(lot=lot, slot=BOB.slot, name="Pharmacy")
    listed = pages(ParkedCall)[0]
    changed = reverse("admin:lots_parkedcall_change", args=[ParkedCall.objects.get(uniqueid=BOB.uniqueid).pk])
    for address in (listed, changed):
        assert f"Desk {BOB.slot} Pharmacy" in login(alex).get(address).content.decode()
    LotRight.objects.create(lot=lot, group=Group.objects.create(name="Others"))
    assert "Bob 5551001" not in login(alex).get(listed).content.decode()
    assert f"lot={lot.pk}" not in login(alex).get(listed).content.decode(), "no filter either"
    assert "Bob 5551001" not in login(alex).get(f"{listed}?lot={lot.pk}").content.decode()
    assert login(alex).get(changed).status_code == 302
    alex.groups.add(Group.objects.get(name="Others"))
    assert "Bob 5551001" in login(alex).get(f"{listed}?lot={lot.pk}").content.decode()
    assert login(alex).get(changed).status_code == 200


def test_the_admin_and_boards_agree_on_who_sees_a_lot(pbx: Pbx, lot: ParkingLot, roles: None) -> None:
    mine, others = Group.objects.create(name="Mine"), Group.objects.create(name="Others")
    general = Permission.objects.get(codename="view_parkinglot", content_type__app_label="lots")
    people = {"root": person("root", is_superuser=True), "member": person("member"), "stranger": person("stranger")}
    people["nobody"] = person("nobody")
    for name in ("member", "stranger"):
        people[name].user_permissions.add(general)
    people["member"].groups.add(mine)
    people["nobody"].groups.add(mine)
    hidden = ParkingLot.objects.create(pbx=pbx, name="b", label="B", first_slot=1, last_slot=2)
    LotRight.objects.create(lot=lot, group=mine)
    LotRight.objects.create(lot=lot, group=others, see=False)
    LotRight.objects.create(lot=hidden, group=mine, see=False)
    for name, someone in people.items():
        user = User.objects.get(pk=someone.pk)
        boards = set(audience_lots(user))
        assert set(lots_seen(user).values_list("pk", flat=True)) == boards, name
    assert [one.pk for one in lots_seen(User.objects.get(username="member"))] == [lot.pk]


def audience_lots(user: User) -> frozenset[int]:
    seers = {user.pk} if user.has_perm("lots.view_parkinglot") else set()
    return audiences([user], seers, {})[user.pk].see


def test_the_list_of_lots_counts_who_waits(rows: None, alex: User) -> None:
    page = login(alex).get(reverse("admin:lots_parkinglot_changelist"))
    (lot,) = page.context["cl"].queryset
    assert lot.waiting == 1
    assert "701 – 704" in page.content.decode()


@pytest.mark.parametrize("model", [ParkedCall, Publication])
def test_what_the_bridge_writes_cannot_be_changed(rows: None, alex: User, model: type[Model]) -> None:
    alex.is_superuser = True
    alex.save()
    browser, (listed, changed) = login(alex), pages(model)
    assert browser.post(changed, {"slot": "1", "name": "x"}).status_code == 403
    assert browser.get(changed.replace("change", "delete")).status_code == 403
    assert browser.post(changed.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert browser.get(f"{listed}add/").status_code == 403
    chosen = [row.pk for row in model._default_manager.all()]
    browser.post(listed, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert len(chosen) == model._default_manager.count()


NO_PARTS = {f"{part}-{what}_FORMS": "0" for part in ("slot_names", "rights") for what in ("TOTAL", "INITIAL")}
"""A lot's page without a row in its tables."""


def test_a_lot_found_on_the_pbx_is_only_named_here(rows: None, lot: ParkingLot, alex: User) -> None:
    browser = login(alex)
    address = pages(ParkingLot)[1]
    sent = {"label": "Front desk", "on_board": "on", "name": "hacked", "first_slot": "1", "timeout": "9"}
    sent |= NO_PARTS | {
        "slot_names-TOTAL_FORMS": "1",
        "slot_names-0-slot": str(lot.first_slot),
        "slot_names-0-name": "Pharmacy",
    }
    assert browser.post(address, sent).status_code == 302
    lot.refresh_from_db()
    assert (lot.label, lot.on_board, lot.name, lot.first_slot, lot.timeout) == ("Front desk", True, "desk", 701, 120)
    assert list(lot.slot_names.values_list("slot", "name")) == [(lot.first_slot, "Pharmacy")], "boards show it"


def told() -> list[str]:
    """Kinds of the news that reached a listening web process, which began to listen with :func:`listen`."""
    queue = get_channel_layer().channels.get("ear.inmemory!x")
    kinds = [] if queue is None else [message["news"]["kind"] for _, message in queue._queue]
    get_channel_layer().channels.clear()
    return kinds


@pytest.fixture
def listen() -> None:
    asyncio.run(get_channel_layer().group_add(BOARDS, "ear.inmemory!x"))


@pytest.mark.django_db(transaction=True)
def test_boards_hear_of_what_is_saved_and_deleted(
    pbx: Pbx, lot: ParkingLot, rita: User, alex: User, listen: None
) -> None:
    browser = login(alex)
    told()
    browser.post(pages(ParkingLot)[1], {"label": "", "on_board": "on"})
    assert told() == [], "nothing was saved"
    browser.post(pages(ParkingLot)[1], {"label": "Front desk", "on_board": "on", **NO_PARTS})
    assert told() == ["lots"]
    owned = Phone.objects.get()
    address = pages(Phone)[1]
    sent = {"pbx": pbx.pk, "number": "201", "name": "New", "device": "PJSIP/201", "brand": "snom", "owner": ""}
    browser.post(address, sent)
    owned.refresh_from_db()
    assert (owned.name, owned.owner) == ("New", None)
    assert told() == ["lots", "rights"], "zones and boards know phones"
    browser.post(address.replace("change", "delete"), {"post": "yes"})
    assert told() == ["lots", "rights"], "zones and boards know phones"
    browser.post(pages(ParkingLot)[1].replace("change", "delete"), {"post": "yes"})
    assert told() == []
    assert (Phone.objects.count(), ParkingLot.objects.count()) == (0, 1), "a lot with its history is not deleted here"


@pytest.mark.parametrize("device", ["PJSIP/201&SIP/9", "PJSIP/201,30,G(x)", "${SHELL(id)}", "PJSIP/2 01", "201", ""])
def test_a_device_that_would_say_more_than_a_device_is_refused(rows: None, pbx: Pbx, alex: User, device: str) -> None:
    sent = {"pbx": pbx.pk, "number": "201", "name": "New", "device": device, "brand": "snom", "owner": ""}
    assert login(alex).post(pages(Phone)[1], sent).status_code == 200
    assert Phone.objects.get().device == "PJSIP/201"
