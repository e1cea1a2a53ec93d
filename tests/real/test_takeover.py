"""A lot the PBX had before becomes one that is set up here: with its settings, and its parked calls."""

import re
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from lots.config.conf import FILES, PARKING
from lots.models import ParkingLot, Pbx
from lots.publish.setup import setup_of
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import conf_folder, restored, write_conf
from tests.kit.logins import login
from tests.kit.publishing import Publishing

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = reverse("admin:lots_takeover")
THEIRS = """
[theirs](!)
parkedcalltransfers = both
[sales](theirs)
parkext => 740
parkpos => 741-745 ; five
context = parkedcalls
parkingtime = 90
findslot = next
comebacktoorigin = no
comebackcontext = elsewhere
courtesytone = beep
parkedplay = both
parkedmusicclass = default
parkedcallhangup = both
[Odd_Name]
parkpos = 751-752
"""


@pytest.fixture(autouse=True)
def others(asterisk: RealAsterisk, settings) -> Iterator[None]:
    """Lots of somebody else."""
    settings.ASTERISK_AMI_URL, settings.ASTERISK_AMI_PUBLISH_URL = asterisk.pbx.runtime_url, asterisk.pbx.publish_url
    with restored(asterisk, "res_parking.conf", *FILES):
        stock = (conf_folder(asterisk) / "res_parking.conf").read_text(encoding="utf-8")
        write_conf(asterisk, "res_parking.conf", stock.replace("#tryinclude", f"{THEIRS}\n#tryinclude"))
        with asterisk.ami() as ami:
            ami.action("Reload", Module="res_parking.so")
        yield
        asterisk.hang_up_all()


@pytest.fixture
def pbx() -> Pbx:
    pbx = Pbx.objects.create(name="main")
    for name in ("sales", "Odd_Name"):
        ParkingLot.objects.create(pbx=pbx, name=name, label=name.title(), observed=True)
    return pbx


@pytest.fixture
def browser(pbx: Pbx) -> Client:
    return login(User.objects.create_superuser("alex", password="x"))


def shown(page: str) -> dict[str, str]:
    """What a click on ``page`` sends: a mark of what was shown there."""
    (mark,) = re.findall(r'name="mark" value="(\w+)"', page)
    return {"mark": mark}


def parked(ami: Ami) -> list[tuple[str, str, str]]:
    return [(one["Parkinglot"], one["ParkingSpace"], one["ParkeeUniqueid"]) for one in ami.items("ParkedCalls")]


def pick_up(ami: Ami, number: str) -> Event:
    """A phone dials ``number``."""
    ami.send(
        "Originate",
        Channel=f"Local/{number}@phones/n",
        Application="Wait",
        Data="5",
        Async="true",
        Timeout="5000",
    )
    return ami.event("UnParkedCall")


async def test_settings_and_calls_are_kept(asterisk: RealAsterisk, ami: Ami, pbx: Pbx, browser: Client):
    call = asterisk.demo_call(ami, lot="sales")
    before = parked(ami)
    page = (await sync_to_async(browser.get)(PAGE)).content.decode()
    assert "elsewhere,s,1" in page
    assert "parkedcallhangup = both cannot be set here" in page
    assert "use 1 to 30 small letters" in page, "Odd_Name"
    lot = await ParkingLot.objects.aget(name="sales")
    url, sent = reverse("admin:lots_takeover_confirm", args=[lot.pk]), shown(page)
    write_conf(asterisk, "res_parking.conf", THEIRS.replace("741-745", "741-749") + f"#tryinclude {PARKING}\n")
    answer = await sync_to_async(browser.post)(url, sent, follow=True)
    assert "Sales was changed on the PBX meanwhile" in answer.content.decode()
    assert (await ParkingLot.objects.aget(name="sales")).observed
    write_conf(asterisk, "res_parking.conf", THEIRS + f"#tryinclude {PARKING}\n")
    answer = await sync_to_async(browser.post)(url, sent)
    assert answer.status_code == 302
    lot = await ParkingLot.objects.select_related("music").aget(name="sales")
    assert not lot.observed
    assert (lot.park_code, lot.first_slot, lot.last_slot, lot.timeout, lot.next_slot) == ("740", 741, 745, 90, True)
    assert (lot.courtesy_tone, lot.courtesy_to, lot.transfers, lot.reparking) == ("beep", "both", "both", "no")
    assert (lot.music.name, lot.music.kind) == ("default", "existing")
    assert [step.location async for step in lot.steps.all()] == ["elsewhere,s,1"]
    assert parked(ami) == before, "nothing happened yet"

    publishing = Publishing(asterisk, pbx)
    await publishing.live(await sync_to_async(setup_of)(pbx))
    assert parked(ami) == before
    assert not ami.items("ShowDialPlan", Context="parkinglot-sales")[0]["Registrar"].startswith("res_parking")
    assert pick_up(ami, call["ParkingSpace"])["ParkeeUniqueid"] == call["ParkeeUniqueid"]
    page = (await sync_to_async(browser.get)(PAGE)).content.decode()
    assert "parkpos = 741-745" in page, "the old lines can go"
    assert parked(ami) == []


async def test_a_name_that_cannot_be(asterisk: RealAsterisk, pbx: Pbx, browser: Client):
    lot = await ParkingLot.objects.aget(name="Odd_Name")
    await sync_to_async(browser.post)(reverse("admin:lots_takeover_confirm", args=[lot.pk]))
    assert (await ParkingLot.objects.aget(name="Odd_Name")).observed


async def test_what_freepbx_manages_stays_its_own(asterisk: RealAsterisk, pbx: Pbx, browser: Client):
    with restored(asterisk, "res_parking_additional.conf"):
        write_conf(asterisk, "res_parking_additional.conf", "[sales]\nparkpos = 741-745\n")
        page = (await sync_to_async(browser.get)(PAGE)).content.decode()
        lot = await ParkingLot.objects.aget(name="sales")
        await sync_to_async(browser.post)(reverse("admin:lots_takeover_confirm", args=[lot.pk]))
    assert "FreePBX manages this lot" in page
    assert (await ParkingLot.objects.aget(name="sales")).observed


async def test_a_hand_edit_is_taken_in(asterisk: RealAsterisk, ami: Ami, pbx: Pbx, browser: Client):
    values = {"label": "Desk", "park_code": "760", "first_slot": 761, "last_slot": 765, "retrieve_code": ""}
    await ParkingLot.objects.acreate(pbx=pbx, name="desk", observed=False, **values)
    publishing = Publishing(asterisk, pbx)
    await publishing.live(await sync_to_async(setup_of)(pbx))
    text = (conf_folder(asterisk) / PARKING).read_text(encoding="utf-8")
    edits = (("parkpos = 761-765", "parkpos = 761-768"), ("parkingtime = 120", "parkingtime = 33\nadsi = yes"))
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    write_conf(asterisk, PARKING, text)
    assert PARKING in await publishing.look()

    url = reverse("admin:lots_take_in", args=[pbx.pk])
    page = (await sync_to_async(browser.get)(url)).content.decode()
    assert "parkpos = 761-768" in page
    assert "adsi = yes cannot be taken in" in page
    sent = shown(page)
    write_conf(asterisk, PARKING, text.replace("761-768", "761-769"))
    answer = (await sync_to_async(browser.post)(url, sent)).content.decode()
    assert "nothing was taken in" in answer
    assert "parkpos = 761-769" in answer
    assert (await ParkingLot.objects.aget(name="desk")).last_slot == 765
    write_conf(asterisk, PARKING, text)
    assert (await sync_to_async(browser.post)(url, sent)).status_code == 302
    lot = await ParkingLot.objects.aget(name="desk")
    assert (lot.first_slot, lot.last_slot, lot.timeout) == (761, 768, 33)
    await publishing.live(await sync_to_async(setup_of)(pbx))
    assert await publishing.look() == {}
