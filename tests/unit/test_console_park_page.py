"""Park and page in one order, with an Asterisk that does what a real one does not do on demand."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import User

from lots.ami import Reply
from lots.bridge.commands import parking
from lots.models import PagingZone, ParkedCall, Pbx
from lots.types import events
from tests.kit.logins import phone
from tests.kit.pbx_model import START, call
from tests.kit.served import Served
from tests.unit.test_console_moving import OURS, PHONE, SHRUNK, THEIRS

pytestmark = pytest.mark.django_db(transaction=True)

CALL = call(THEIRS["Uniqueid"], 704)


@pytest.fixture
def hall(pbx: Pbx) -> PagingZone:
    zone = PagingZone.objects.create(pbx=pbx, label="Hall", gap=0)
    zone.members.set([phone(pbx, "211", None)])
    return zone


@pytest.fixture
def desk(served: Served, hall: PagingZone, rita: User) -> "Desk":
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, [OURS, THEIRS])
    served.link.variables["BRIDGEPEER"] = OURS["Channel"]
    return Desk(served, hall, rita)


class Desk:
    """Somebody who parks a talk of theirs for Tom."""

    def __init__(self, served: Served, zone: PagingZone, user: User) -> None:
        self.served, self.zone, self.user = served, zone, user

    async def park(self, **fields: Any) -> None:
        where = {"lot": 1, "lot_name": "desk", "lot_label": "Desk", "to_slot": 704}
        whom = {"zone": self.zone.pk, "for_whom": "Tom", "for_phone": None}
        talk = {"call": OURS["Uniqueid"], "phones": [PHONE], "detail": "Hall: Tom"}
        await self.served.order("park", user=self.user.pk, **{**where, **whom, **talk, **fields})
        await self.served.link.asked("Park")

    async def parked(self) -> None:
        await self.served.hear(events.Parked(call=CALL, at=START))
        told = await self.served.pages.next()
        assert (told["state"], told["code"]) == ("paging", "parked_paging")
        assert (told["slot"], told["params"]) == (704, {"to_slot": 704, "uniqueid": CALL.uniqueid})

    async def answered(self) -> str:
        leg = (await self.served.link.asked("Originate"))["ChannelId"]
        await self.served.hear(events.Originated(uniqueid=leg, action_id="", answered=True, reason=4, at=START))
        return leg

    async def end(self) -> tuple[str, str, Any]:
        while (told := await self.served.pages.next())["state"] == "paging":
            pass
        return told["state"], told["code"], told["params"]


async def test_the_call_is_parked_then_paged_for_and_says_for_whom(desk: Desk) -> None:
    await desk.park()
    await desk.parked()
    leg = await desk.answered()
    assert await ParkedCall.objects.filter(uniqueid=CALL.uniqueid, for_name="Tom").aexists()
    await desk.served.hear(events.HungUp(uniqueid=leg, channel="x", cause=16, at=START))
    assert await desk.end() == ("done", "paged", {"zone": "Hall", "count": 1})
    assert desk.served.bridge.orders.running == {}


@pytest.mark.parametrize("how", ["cancel", "stop_page"])
async def test_the_page_is_stopped_and_the_call_stays_parked(desk: Desk, how: str) -> None:
    await desk.park()
    await desk.parked()
    leg = await desk.answered()
    command = {"command": "c1"} if how == "cancel" else {"command": "c2", "uniqueid": CALL.uniqueid}
    await desk.served.order(how, user=desk.user.pk, **command)
    assert (await desk.served.link.asked("Hangup"))["Channel"] == leg
    assert (await ParkedCall.objects.aget(uniqueid=CALL.uniqueid)).ended_at is None


async def test_not_parked_is_not_paged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "LOOK", 0.05)
    monkeypatch.setattr(parking, "SOON", 0.05)
    desk.served.link.answers["Parkinglots"] = Reply({}, [SHRUNK])
    await desk.park()
    assert await desk.end() == ("failed", "not_parked_now", {})
    assert "Originate" not in desk.served.link.actions


async def test_parked_but_nobody_hears_the_page(desk: Desk) -> None:
    desk.served.link.answers["Getvar"] = Reply({"Value": "INUSE"})
    await desk.park()
    await desk.parked()
    told = ("failed", "parked_not_paged", {"zone": "Hall", "to_slot": 704, "why": "nobody_to_page"})
    assert await desk.end() == told
    assert (await ParkedCall.objects.aget(uniqueid=CALL.uniqueid)).ended_at is None


async def test_parked_in_quiet_hours_or_without_the_zone(desk: Desk) -> None:
    await PagingZone.objects.aupdate(quiet_from=time(0, 0), quiet_until=time(23, 59, 59))
    await desk.park()
    await desk.parked()
    _, code, params = await desk.end()
    assert (code, params["why"], params["until"]) == ("parked_not_paged", "quiet_hours", "23:59")


async def test_a_zone_that_is_gone_meanwhile(desk: Desk) -> None:
    await desk.park(zone=desk.zone.pk + 1)
    await desk.parked()
    assert (await desk.end())[2] == {"to_slot": 704, "why": "no_such_zone"}


async def test_asterisk_goes_silent_after_the_park(desk: Desk) -> None:
    await desk.park()
    await desk.parked()
    await desk.answered()
    await desk.served.hear(events.LinkLost(reason="cut", at=START))
    assert (await desk.end())[2] == {"to_slot": 704, "why": "link_lost"}


async def test_a_caller_who_hangs_up_at_once_is_not_paged_for(desk: Desk) -> None:
    await desk.park()
    gone = [events.GaveUp(call=CALL, at=START), events.HungUp(uniqueid=CALL.uniqueid, channel="x", cause=16, at=START)]
    await desk.served.hear(events.Parked(call=CALL, at=START), *gone)
    state, code, params = await desk.end()
    assert (state, code, params["why"]) == ("failed", "parked_not_paged", "not_parked")
    assert "Originate" not in desk.served.link.actions
