"""News reach every page, in few messages; what gets lost on the way is noticed."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.utils import timezone

from dashboard import hub as hubs
from dashboard.hub import Hub
from dashboard.links import SILENT_AFTER
from dashboard.replica import read
from lots.bridge.facts import lot_facts
from lots.bridge.messages import News
from lots.models import ParkingLot, Pbx
from lots.types.calls import Lot
from lots.types.changes import Link, LinkChanged, LinkState, LotsChanged
from tests.kit.hub_pages import arecord, database, ended, entered, joined, sign_of_life, tell
from tests.kit.pbx_model import START


@database
async def test_a_page_gets_a_snapshot_and_then_what_changes(hub: Hub, pbx: Pbx, lot: ParkingLot) -> None:
    await tell({"kind": "lots"})
    page = await joined(hub)
    while not page.copy.lots:
        await page.next()
    await tell(await arecord(pbx, [entered(0)], {}))
    change = await page.next()
    assert (change["type"], change["lot"], change["after"], change["revision"]) == ("change", lot.pk, 0, 1)
    assert [slot["uniqueid"] for slot in change["slots"]] == ["n0"]


@database
async def test_many_changes_are_few_messages_and_none_is_lost(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    changes: list[News] = []
    for number in range(30):
        changes += await arecord(pbx, [entered(number)], {})
        if number >= 3:
            changes += await arecord(pbx, [ended(number - 3)], {})
    await tell(changes)
    messages = [await page.next()]
    while messages[-1]["revision"] < len(changes):
        messages.append(await page.next())
    assert {message["type"] for message in messages} == {"change"}
    assert len(messages) <= 5
    assert messages[0]["after"] == 0
    assert [m["after"] for m in messages[1:]] == [m["revision"] for m in messages[:-1]]
    truth = await sync_to_async(lot_facts)(await ParkingLot.objects.aget())
    assert sorted(page.copy.slots[lot.pk].values(), key=str) == sorted(truth["slots"], key=str)
    assert not page.copy.resync


@database
async def test_after_a_gap_everybody_gets_a_snapshot(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    pages = [await joined(hub) for _ in range(2)]
    await arecord(pbx, [entered(0)], {})  # this one gets lost
    await tell(await arecord(pbx, [entered(1)], {}))
    for page in pages:
        snapshot = await page.next()
        assert snapshot["type"] == "snapshot"
        assert {slot["uniqueid"] for slot in snapshot["lots"][0]["slots"]} == {"n0", "n1"}


@database
async def test_a_beat_of_the_bridge_shows_what_was_lost_last(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await arecord(pbx, [entered(0)], {})
    await tell(await sign_of_life(pbx, revisions={str(lot.pk): 0, "999": 5}))
    await tell(await sign_of_life(pbx))
    snapshot = await page.next()
    assert snapshot["type"] == "snapshot"
    assert snapshot["lots"][0]["revision"] == 1
    assert page.nothing(), "the first beat, and a lot nobody is shown, are no reason"


@database
async def test_a_beat_of_the_bridge_mends_a_lost_word_on_the_link_and_the_lots(
    lot: ParkingLot, hub: Hub, pbx: Pbx
) -> None:
    page = await joined(hub)
    await tell(await sign_of_life(pbx))
    await arecord(pbx, [LinkChanged(Link(LinkState.REFUSED, START, "no"))], {})
    await tell(await sign_of_life(pbx))
    message = await page.next()
    assert (message["type"], message["link"]["state"]) == ("link", "refused")
    await ParkingLot.objects.aupdate(label="Renamed")
    await tell(await sign_of_life(pbx))
    await tell(await sign_of_life(pbx))
    assert (await page.next())["lots"][0]["label"] == "Renamed"
    assert page.nothing()


@database
async def test_a_lot_new_to_the_hub_is_read(hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await page.next())["lots"][0]["name"] == "desk"


@database
async def test_old_words_change_nothing(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    """Heard twice, or heard late: neither this copy nor what waits to be sent goes back in time."""
    first = await arecord(pbx, [entered(0)], {})
    second = await arecord(pbx, [ended(0)], {})
    await arecord(pbx, [entered(1)], {})
    await tell({"kind": "lots"})
    page = await joined(hub)
    while page.copy.lots[lot.pk]["revision"] < 3:
        await page.next()
    fourth = await arecord(pbx, [entered(2)], {})
    await tell([*fourth, *first, *second])
    await tell(await arecord(pbx, [ended(1)], {}))
    while page.copy.lots[lot.pk]["revision"] < 5:
        assert (await page.next())["type"] == "change"
    assert {slot["uniqueid"] for slot in page.copy.slots[lot.pk].values()} == {"n2"}
    assert not page.copy.resync


@database
async def test_the_link_and_the_lots_are_told(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await tell(await arecord(pbx, [LinkChanged(Link(LinkState.LOST, START, "cut"))], {}))
    link = await page.next()
    assert link["link"] == {"state": "lost", "since": int(START.timestamp() * 1000), "reason": "cut"}
    assert abs(link["now"] - timezone.now().timestamp() * 1000) < 60_000
    assert (await joined(hub)).copy.link["state"] == "lost", "who comes later is told too"
    sales = Lot(name="sales", first=721, last=726, timeout=0)
    await tell(await arecord(pbx, [LotsChanged((sales,))], {}))
    assert [known["name"] for known in (await page.next())["lots"]] == ["sales"]


@database
async def test_a_database_that_fails_while_reading_is_asked_again(
    lot: ParkingLot, hub: Hub, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word that something is new is gone by then: no later one needs to come."""
    page = await joined(hub)
    real = hubs.aread

    async def fail() -> Any:
        monkeypatch.setattr(hubs, "aread", real)
        raise OperationalError("the database is away")

    monkeypatch.setattr(hubs, "aread", fail)
    await ParkingLot.objects.aupdate(label="Renamed")
    await tell({"kind": "lots"})
    assert (await page.next())["lots"][0]["label"] == "Renamed"


@database
async def test_a_silent_bridge_is_said_and_forgiven(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await hub._notice_silence()
    hub.replica.links.known[pbx.pk].heard -= SILENT_AFTER + 1
    await hub._notice_silence()
    await hub._notice_silence()
    message = await page.next()
    assert message["link"]["state"] == "silent"
    assert page.nothing(), "said once"
    await tell(await sign_of_life(pbx))
    back = await page.next()
    assert (back["type"], back["link"]["state"]) == ("snapshot", "hearing")


@database
async def test_a_link_written_by_a_bridge_that_is_gone_is_no_link(lot: ParkingLot, pbx: Pbx) -> None:
    past = timezone.now() - timedelta(seconds=5)
    await Pbx.objects.aupdate(lease_until=past)
    truth = await sync_to_async(read)()
    assert truth.links[pbx.pk].link == {"state": "silent", "since": round(past.timestamp() * 1000), "reason": ""}
    await Pbx.objects.aupdate(lease_until=None)
    assert (await sync_to_async(read)()).links[pbx.pk].link["state"] == "silent"
    await ParkingLot.objects.all().adelete()
    await Pbx.objects.all().adelete()
    truth = await sync_to_async(read)()
    assert (truth.links, truth.lots) == ({}, [])


@database
async def test_lots_off_the_board_or_gone_are_not_read(lot: ParkingLot, pbx: Pbx) -> None:
    await ParkingLot.objects.acreate(pbx=pbx, name="b", label="B", first_slot=1, last_slot=2, on_board=False)
    await ParkingLot.objects.acreate(pbx=pbx, name="c", label="C", first_slot=1, last_slot=2, present=False)
    assert [known["name"] for known in (await sync_to_async(read)()).lots] == ["desk"]
