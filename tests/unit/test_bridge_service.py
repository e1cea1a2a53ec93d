"""The bridge when things around it fail: nothing is lost, and one at a time serves."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone

from lots.bridge import claims, lease, ledger, service
from lots.bridge.messages import BOARDS
from lots.models import ParkedCall, ParkingLot, Pbx
from lots.types import events
from lots.types.calls import Party
from lots.types.changes import Change
from tests.kit.layer import PATIENCE
from tests.kit.pbx_model import LOT, START, call
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)


def parked(number: int) -> events.Parked:
    return events.Parked(call=call(f"n{number}", LOT.first + number % 4), at=START)


def gone(number: int) -> events.GaveUp:
    return events.GaveUp(call=call(f"n{number}", LOT.first + number % 4), at=START)


def unparked(leg: str) -> events.Unparked:
    return events.Unparked(
        call=BOB, retriever=Party("201"), retriever_channel="PJSIP/201-1", retriever_uniqueid=leg, at=START
    )


def failing(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, times: int) -> Event:
    """Let a function of the database fail some times; the event is set when it is called and works again."""
    works, left, real = Event(), [times], getattr(where, name)

    def call_it(*args: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError("the database is away")
        works.set()
        return real(*args)

    monkeypatch.setattr(where, name, call_it)
    return works


async def happens(event: Event) -> None:
    """Wait for what another thread does."""
    assert await asyncio.to_thread(event.wait, PATIENCE)


async def test_news_are_told_in_order_and_after_they_are_written(serve: Any) -> None:
    served: Served = await serve()
    await served.come_up()
    lot = await ParkingLot.objects.aget(name="desk")
    for number in range(20):
        await served.hear(parked(number), gone(number))
    told: list[Any] = []
    while not told or told[-1]["revision"] < lot.revision:
        told.append(await served.ear.until("change"))
        lot = await ParkingLot.objects.aget(pk=lot.pk)
        assert told[-1]["revision"] <= lot.revision, "what is told has been written"
    assert [(n["after"], n["revision"]) for n in told] == [(n, n + 1) for n in range(len(told))]


async def test_a_database_that_fails_for_a_while_loses_nothing(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    served: Served = await serve()
    await served.come_up()
    works = failing(monkeypatch, ledger, "record", 2)
    await served.hear(parked(0))
    await served.hear(gone(0), parked(1))
    heard = len(served.ear.heard)
    await happens(works)
    assert [item["kind"] for item in served.ear.heard[heard:]] == []
    while not await ParkedCall.objects.filter(uniqueid="n1").aexists():
        await served.ear.until("change")
    rows = [row async for row in ParkedCall.objects.order_by("pk").values_list("uniqueid", "outcome")]
    assert rows == [("n0", "left"), ("n1", "")]


async def test_who_took_a_call_is_known_even_when_writing_took_long(
    serve: Any, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: Served = await serve()
    await served.come_up(BOB)
    leg = await served.ringing(rita.pk)
    real = ledger.record

    def first_fails(*args: Any) -> Any:
        served.bridge.orders.running.clear()  # the click has ended by the time the database is back
        monkeypatch.setattr(ledger, "record", real)
        raise OperationalError("the database is away")

    monkeypatch.setattr(ledger, "record", first_fails)
    await served.hear(unparked(leg))
    while not await ParkedCall.objects.filter(outcome="retrieved", retrieved_by=rita).aexists():
        await served.ear.until("change")


@pytest.mark.parametrize(
    ("where", "name"),
    [(lease, "_taken"), (ledger, "revisions"), (ledger, "start_deaf"), (claims, "revise")],
    ids=["lease", "beat", "begin", "sweep"],
)
async def test_a_database_that_is_away_for_a_moment_does_not_end_the_bridge(
    serve: Any, monkeypatch: pytest.MonkeyPatch, where: Any, name: str
) -> None:
    monkeypatch.setattr(lease, "RENEW", 0.02)
    works = failing(monkeypatch, where, name, 1)
    served: Served = await serve()
    await happens(works)
    await served.come_up(BOB)
    assert not served.task.done()
    assert await ParkedCall.objects.aget()


async def test_a_lease_that_cannot_be_renewed_for_a_moment_is_still_ours(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW", 0.02)
    served: Served = await serve()
    await served.come_up(BOB)
    works = failing(monkeypatch, lease, "_taken", 3)
    await happens(works)
    await served.ear.until("beat")
    assert served.bridge.serving.is_set()
    assert served.bridge.board.calls, "it went on, it did not begin again"


async def test_the_second_serves_when_the_first_ends(serve: Any) -> None:
    first: Served = await serve("first:1")
    await first.come_up(BOB)
    second: Served = await serve("second:2", wait=False)
    pbx = await Pbx.objects.aget()
    assert pbx.lease_holder == "first:1"
    assert not second.bridge.serving.is_set()
    await first.stop()
    async with asyncio.timeout(PATIENCE):
        await second.bridge.serving.wait()
    assert list(second.bridge.board.calls) == ["u1"], "it begins with what the first one wrote"
    assert (await Pbx.objects.aget()).link_state == "lost", "and says that it has not heard Asterisk yet"


async def test_who_loses_the_lease_stops_serving_and_the_other_serves(
    serve: Any, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW", 0.05)
    first: Served = await serve("first:1")
    await first.come_up(BOB)
    await first.ringing(rita.pk)
    await Pbx.objects.aupdate(lease_holder="second:2", lease_until=timezone.now() + timedelta(hours=1))
    second: Served = await serve("second:2")
    assert await first.codes("link_lost") == ["link_lost"], "its clicks do not hang in the air"
    assert not first.bridge.serving.is_set()
    await first.hear(events.GaveUp(call=BOB, at=START))
    await second.hear(events.TimedOut(call=BOB, at=START))
    change = await second.ear.until("change")
    while change["slots"][0]["state"] != "free":
        change = await second.ear.until("change")
    assert (await ParkedCall.objects.aget()).outcome == "timed_out"
    await Pbx.objects.aupdate(lease_holder="", lease_until=None)
    await second.stop()
    async with asyncio.timeout(PATIENCE):
        await first.bridge.serving.wait()
    assert first.bridge.inbox.empty(), "words of an earlier time are forgotten"


async def test_boards_read_again_when_a_bridge_begins(serve: Any, lot: ParkingLot, rita: User) -> None:
    """It has freed the claims of the dead one and calls the link lost: no revision says so."""
    await ParkedCall.objects.acreate(
        lot=lot, slot=703, uniqueid="u1", parked_at=START, claimed_by=rita, claim_until=timezone.now() + timedelta(1)
    )
    served: Served = await serve()
    assert (await served.ear.next())["kind"] == "lots"
    await served.ear.until("beat")
    row = await ParkedCall.objects.aget()
    assert (row.claimed_by_id, row.claim_until) == (None, None)


async def test_boards_read_again_after_news_that_could_not_be_told(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost change shows as a gap; a lost word on the link or the lots would show as nothing at all."""
    monkeypatch.setattr(lease, "RENEW", 0.02)
    served: Served = await serve()
    await served.come_up()
    real, refused = served.bridge.layer.group_send, asyncio.Event()

    async def refuse(group: str, message: dict[str, Any]) -> None:
        if message["news"]["kind"] == "link":
            refused.set()
            monkeypatch.setattr(served.bridge.layer, "group_send", real)
            raise OSError("no Redis")
        await real(group, message)

    monkeypatch.setattr(served.bridge.layer, "group_send", refuse)
    await served.hear(events.LinkLost(reason="cut", at=START))
    async with asyncio.timeout(PATIENCE):
        await refused.wait()
    await served.ear.until("lots")
    assert (await Pbx.objects.aget()).link_state == "lost"


async def test_a_beat_tells_each_lots_revision(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW", 0.05)
    served: Served = await serve()
    beat = await served.ear.until("beat")
    assert beat["revisions"] == {}
    await served.come_up(BOB)
    lot = await ParkingLot.objects.aget()
    while (beat := await served.ear.until("beat"))["revisions"] == {}:
        pass  # read before the call was written
    assert beat["revisions"] == {str(lot.pk): 1}


async def test_contradictions_make_it_ask_again(serve: Any) -> None:
    served: Served = await serve()
    await served.come_up(BOB)
    assert not served.link.relisted.is_set()
    await served.hear(events.Parked(call=replace(BOB, uniqueid="other"), at=START))
    async with asyncio.timeout(PATIENCE):
        await served.link.relisted.wait()


async def test_an_end_gives_the_lease_back(serve: Any) -> None:
    served: Served = await serve()
    await served.stop()
    pbx = await Pbx.objects.aget()
    assert (pbx.lease_holder, pbx.lease_until) == ("", None)
    assert not served.bridge.serving.is_set()


async def test_a_layer_that_cannot_be_heard_is_tried_again(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.asyncio, "sleep", _soon(asyncio.sleep))
    served: Served = await serve()
    real, failed = served.bridge.layer.receive, []

    async def receive(channel: str) -> Any:
        if channel.startswith("bridge.") and not failed:
            failed.append(channel)
            raise OSError("no Redis")
        return await real(channel)

    monkeypatch.setattr(served.bridge.layer, "receive", receive)
    await served.order("nonsense")
    assert await served.codes("bad_request") == ["bad_request"]
    await served.order("nonsense")
    assert await served.codes("bad_request") == ["bad_request"]
    assert failed


def _soon(sleep: Any) -> Any:
    async def short(seconds: float) -> None:
        await sleep(min(seconds, 0.01))

    return short


async def test_what_is_heard_together_is_written_together(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    served: Served = await serve()
    await served.come_up()
    written: list[Sequence[Change]] = []
    real, hold = ledger.record, Event()

    def slow(pbx: Pbx, changes: Sequence[Change], takers: Any) -> Any:
        written.append(changes)
        assert hold.wait(PATIENCE)
        return real(pbx, changes, takers)

    monkeypatch.setattr(ledger, "record", slow)
    monkeypatch.setattr(service, "MOST_AT_ONCE", 5)
    for number in range(4):
        await served.hear(parked(number))
    for number in range(4):
        await served.hear(gone(number))
    hold.set()
    while await ParkedCall.objects.filter(outcome="left").acount() < 4:
        await served.ear.until("change")
    assert sum(map(len, written)) == 8
    assert len(written) <= 3
    assert max(map(len, written)) <= 5
    assert BOARDS in served.bridge.layer.groups


async def test_a_change_the_database_refuses_stops_none_that_come_after_it(serve: Any, rita: User) -> None:
    """A user was deleted while their phone rang: who took the call is lost, the board is not."""
    served: Served = await serve()
    await served.come_up(BOB)
    leg = await served.ringing(rita.pk)
    await rita.adelete()
    await served.hear(unparked(leg), parked(1))
    while not await ParkedCall.objects.filter(uniqueid="n1").aexists():
        await served.ear.until("change")
    row = await ParkedCall.objects.aget(uniqueid=BOB.uniqueid)
    assert (row.outcome, row.retrieved_by_id, row.retriever_number) == ("retrieved", None, "201")
    assert not served.task.done()


async def test_no_beat_while_something_cannot_be_written(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boards that show less than the bridge knows must not look alive."""
    monkeypatch.setattr(lease, "RENEW", 0.02)
    served: Served = await serve()
    await served.come_up()
    await served.ear.until("beat")
    works = failing(monkeypatch, ledger, "record", 2)
    await served.hear(parked(0))
    while not served.bridge._stuck:  # noqa: ASYNC110  (a flag, not worth an event in the product)
        await asyncio.sleep(0)
    heard = len(served.ear.heard)
    await happens(works)
    assert "beat" not in [item["kind"] for item in served.ear.heard[heard:]]
    await served.ear.until("change")
    await served.ear.until("beat")
