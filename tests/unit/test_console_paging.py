"""Paging, with an Asterisk that does what a real one does not do on demand."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from lots.ami import ActionRefused, Reply
from lots.models import PagingZone, Pbx, Phone
from lots.types import events
from lots.types.calls import Party
from tests.kit.logins import phone
from tests.kit.pbx_model import START
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall(pbx: Pbx) -> PagingZone:
    """Two phones; nothing is repeated, and nothing has to be waited for."""
    zone = PagingZone.objects.create(pbx=pbx, label="Hall", gap=0)
    zone.members.set([phone(pbx, "211", None), phone(pbx, "212", None)])
    return zone


@pytest.fixture
def desk(served: Served, hall: PagingZone, rita: User) -> "Desk":
    return Desk(served, hall, rita)


class Desk:
    """Somebody who pages for Bob."""

    def __init__(self, served: Served, zone: PagingZone, user: User) -> None:
        self.served, self.zone, self.user, self.link = served, zone, user, served.link

    async def page(self, command: str = "p1", **fields: Any) -> None:
        call = {"lot": 1, "lot_name": BOB.lot, "slot": BOB.slot, "uniqueid": BOB.uniqueid}
        order = {"zone": self.zone.pk, "lot_label": "Desk", "for_whom": "", "command": command, **call, **fields}
        await self.served.order("page", user=self.user.pk, **order)

    async def legs(self, number: int = 2) -> list[str]:
        return [(await self.link.asked("Originate"))["ChannelId"] for _ in range(number)]

    async def answered(self, *legs: str) -> None:
        for leg in legs:
            await self.served.hear(events.Originated(uniqueid=leg, action_id="", answered=True, reason=4, at=START))

    async def over(self, *legs: str) -> None:
        for leg in legs:
            await self.served.hear(events.HungUp(uniqueid=leg, channel="PJSIP/211-1", cause=16, at=START))

    async def end(self) -> tuple[str, Any]:
        while (told := await self.served.pages.next())["state"] == "paging":
            pass
        return told["code"], told["params"]


async def test_it_is_over_when_everybody_has_heard_it(desk: Desk) -> None:
    await desk.page()
    legs = await desk.legs()
    await desk.answered(legs[0])
    await desk.over(*legs)
    assert await desk.end() == ("paged", {"zone": "Hall", "count": 1})
    assert "Hangup" not in desk.link.actions


async def test_it_is_said_again_while_the_call_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lots.bridge.commands.paging.LEAST_GAP", 0.01)
    await PagingZone.objects.aupdate(repeats=2, gap=0)
    await desk.page()
    for _ in range(3):
        legs = await desk.legs()
        await desk.answered(*legs)
        await desk.over(*legs)
    assert await desk.end() == ("paged", {"zone": "Hall", "count": 3})


@pytest.mark.parametrize("how", ["taken", "stopped", "by a colleague"])
async def test_it_is_silent_when_the_call_is_taken_or_somebody_says_stop(desk: Desk, ron: User, how: str) -> None:
    await desk.page()
    legs = await desk.legs()
    await desk.answered(*legs)
    if how == "taken":
        taken = events.Unparked(call=BOB, retriever=Party("9"), retriever_channel="", retriever_uniqueid="r", at=START)
        await desk.served.hear(taken)
    elif how == "stopped":
        await desk.served.order("cancel", command="p1")
    else:
        await desk.served.order("stop_page", user=ron.pk, command="p2", uniqueid=BOB.uniqueid)
        assert await desk.served.codes("page_stopping")
    code, params = await desk.end()
    assert (code, params["count"]) == ("page_stopped", 1)
    assert {dict(headers)["Channel"] for action, headers in desk.link.sent if action == "Hangup"} == set(legs)


async def test_a_reminder_of_the_parker_does_not_end_it(desk: Desk) -> None:
    await desk.page()
    legs = await desk.legs()
    await desk.answered(*legs)
    await desk.served.hear(events.TimedOut(call=BOB, at=START), events.Parked(call=BOB, at=START))
    await desk.over(*legs)
    assert (await desk.end())[0] == "paged"


async def test_nobody_answers(desk: Desk) -> None:
    await desk.page()
    one, two = await desk.legs()
    await desk.served.hear(events.Originated(uniqueid=one, action_id="", answered=False, reason=3, at=START))
    await desk.over(two)
    assert await desk.end() == ("page_unheard", {"zone": "Hall"})


@pytest.mark.parametrize("state", ["INUSE", "BUSY", "RINGING", "ONHOLD", "UNAVAILABLE", "INVALID"])
async def test_a_phone_in_use_is_left_alone(desk: Desk, state: str) -> None:
    desk.link.answers["Getvar"] = Reply({"Value": state})
    await desk.page()
    assert await desk.end() == ("nobody_to_page", {"zone": "Hall"})
    assert "Originate" not in desk.link.actions


async def test_a_repeat_that_finds_everybody_in_a_call_is_left_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lots.bridge.commands.paging.LEAST_GAP", 0.01)
    await PagingZone.objects.aupdate(repeats=1, gap=0)
    await desk.page()
    legs = await desk.legs()
    await desk.answered(*legs)
    desk.link.answers["Getvar"] = Reply({"Value": "INUSE"})
    await desk.over(*legs)
    assert await desk.end() == ("paged", {"zone": "Hall", "count": 1})


async def test_quiet_hours_and_the_minimum_gap(desk: Desk) -> None:
    now = timezone.localtime()
    begin, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    await PagingZone.objects.aupdate(quiet_from=begin, quiet_until=end)
    await desk.page()
    assert await desk.end() == ("quiet_hours", {"zone": "Hall", "until": end.strftime("%H:%M")})
    await PagingZone.objects.aupdate(quiet_from=None, quiet_until=None, gap=600)
    await desk.page("p2")
    legs = await desk.legs()
    await desk.over(*legs)
    assert (await desk.end())[0] == "page_unheard"
    await desk.page("p3")
    code, params = await desk.end()
    assert code == "paged_lately"
    assert 590 < params["seconds"] <= 600


async def test_one_page_at_a_time_in_a_zone(desk: Desk) -> None:
    await desk.page()
    await desk.legs()
    await desk.page("p2")
    assert await desk.end() == ("paging_already", {"zone": "Hall"})


async def test_what_is_not_there_any_more(desk: Desk) -> None:
    await desk.page(uniqueid="gone")
    assert (await desk.end())[0] == "not_parked"
    await desk.page("p2", zone=0)
    assert (await desk.end())[0] == "no_such_zone"


async def test_a_link_that_breaks_ends_it_and_a_refusal_is_one_phone_less(desk: Desk) -> None:
    desk.link.answers["Originate"] = ActionRefused("Originate", "no")
    await desk.page()
    assert (await desk.end())[0] == "page_unheard"
    del desk.link.answers["Originate"]
    await desk.legs()  # those that were refused
    await desk.page("p2")
    await desk.legs()
    await desk.served.hear(events.LinkLost(reason="cut", at=START))
    assert (await desk.end())[0] == "link_lost"


async def test_all_members_of_every_brand_are_rung(desk: Desk) -> None:
    await Phone.objects.filter(number="211").aupdate(brand="yealink")
    await desk.page()
    first, second = [await desk.link.asked("Originate") for _ in range(2)]
    assert first["Variable"] == "PJSIP_HEADER(add,Alert-Info)=<http://localhost>;info=alert-autoanswer"
    assert second["Variable"] == "PJSIP_HEADER(add,Call-Info)=<sip:localhost>;answer-after=0"
    assert (first["Channel"], second["Channel"]) == ("PJSIP/211", "PJSIP/212")
    assert first["CallerID"] == '"Hall" <703>'
