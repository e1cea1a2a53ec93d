"""Notices and missed calls on their way to the pages: everybody hears of their own, and nobody of others'.

The hub starts after the people are made: news of their phones would bring snapshots of their own.
"""

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group, User
from django.utils import timezone

from dashboard.hub import Hub
from lots.bridge import notices
from lots.bridge.facts import phone_facts
from lots.models import LotRight, ParkedCall, ParkingLot, Pbx, Phone
from lots.types.changes import Entered
from tests.kit.hub_pages import Page, arecord, database, joined, tell
from tests.kit.logins import viewer
from tests.kit.served import BOB

pytestmark = database


async def page_of(hub: Hub, user: User) -> Page:
    return await joined(hub, await sync_to_async(viewer)(user))


async def told_of_bob(pbx: Pbx, sender: User, to: User) -> None:
    phone = await Phone.objects.aget(owner=to)
    whom: Any = {"phone": phone_facts(phone), "sender": "Rita Desk", "text": "hurry"}
    await tell(await sync_to_async(notices.notify)(pbx, BOB.uniqueid, sender.pk, whom))


async def test_a_notice_goes_to_sender_and_receiver_alone(
    pbx: Pbx, lot: ParkingLot, rita: User, ron: User, sam: User, hub: Hub
) -> None:
    await arecord(pbx, [Entered(BOB)], {})
    hers, his, other = [await page_of(hub, user) for user in (rita, ron, sam)]
    await told_of_bob(pbx, rita, ron)
    (sent,), (got,) = (await hers.until("notices"))["notices"], (await his.until("notices"))["notices"]
    assert sent == got
    assert (got["sender_name"], got["text"], got["caller"]["name"], got["slot"]) == ("Rita Desk", "hurry", "Bob", 703)
    await tell(await sync_to_async(notices.answer)(pbx, got["id"], ron.pk, "coming"))
    assert (await hers.until("notices"))["notices"][0]["answer"] == "coming"
    await tell({"kind": "lots"})  # a snapshot for all: after it nothing from before can be under way
    assert (await other.next())["notices"] == []
    assert (await his.until("snapshot"))["notices"][0]["answer"] == "coming"


async def test_whom_a_lot_is_closed_to_is_told_all_the_same(
    pbx: Pbx, lot: ParkingLot, rita: User, ron: User, hub: Hub
) -> None:
    """The sender chose them; of the lot itself they hear nothing."""
    admins = await Group.objects.aget(name="Administrators")
    await LotRight.objects.acreate(lot=lot, group=admins)
    await rita.groups.aadd(admins)
    await arecord(pbx, [Entered(BOB)], {})
    his = await page_of(hub, ron)
    await told_of_bob(pbx, rita, ron)
    assert (await his.until("notices"))["notices"][0]["slot"] == 703
    assert his.copy.lots == {}


async def test_missed_calls_go_to_who_may_call_back(lot: ParkingLot, rita: User, sam: User, hub: Hub) -> None:
    hers, his = await page_of(hub, rita), await page_of(hub, sam)
    at = timezone.now() - timedelta(minutes=2)
    row = await ParkedCall.objects.acreate(
        lot=lot, slot=703, uniqueid="u9", parked_at=at, ended_at=timezone.now(), outcome="abandoned", caller_name="Bob"
    )
    await tell({"kind": "missed"})
    assert [call["id"] for call in (await hers.until("missed"))["missed"]] == [row.pk]
    assert (await his.until("missed"))["missed"] == []
