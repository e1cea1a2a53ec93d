"""Each socket of a hub on its own: beats, progress, faults, and rights that change."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from dashboard import hub as hubs
from dashboard.audience import Audience
from dashboard.fanout import MISSING_ACKS, Fanout
from dashboard.hub import Hub
from dashboard.rights import Viewer
from lots.bridge.announce import announce
from lots.bridge.messages import BOARDS
from lots.models import ParkingLot, Pbx
from tests.kit.hub_pages import Page, arecord, database, entered, joined, tell
from tests.kit.logins import login, phone, viewer


@database
async def test_beats_come_and_pages_that_do_not_answer_are_closed(
    lot: ParkingLot, pbx: Pbx, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub._tasks[1].cancel()
    answers, silent = await joined(hub), await joined(hub)
    monkeypatch.setattr(hubs, "BEAT", 0.01)
    hub._tasks.append(asyncio.create_task(hub._beat()))
    numbers = []
    while not silent.closed.done() or len(numbers) < MISSING_ACKS + 2:
        beat = await answers.until("beat")
        numbers.append(beat["beat"])
        answers.socket.acked = beat["beat"]
        assert beat["revisions"] == {str(lot.pk): 0}
    assert numbers == list(range(1, len(numbers) + 1))
    assert await silent.code() == 4408
    assert silent.copy.kinds.count("beat") == MISSING_ACKS
    assert not answers.closed.done()


async def test_a_page_that_comes_late_is_given_as_many_beats() -> None:
    fanout, page = Fanout(), Page()

    def beat(_audience: Audience) -> str:
        return json.dumps({"type": "beat", "revisions": {}})

    fanout.add(page.socket)
    for number in range(100, 100 + MISSING_ACKS):
        await fanout.beat(number, beat)
    assert not page.closed.done()
    page.socket.acked = 101
    await fanout.beat(104, beat)
    assert not page.closed.done()
    await fanout.beat(105, beat)
    assert await page.code() == 4408
    assert fanout.sockets == {}


@database
async def test_progress_goes_to_its_socket_only(hub: Hub) -> None:
    mine, other = await joined(hub), await joined(hub)
    told = {"command": "c1", "state": "failed", "code": "moved", "lot": 1, "slot": 2, "params": {}}
    for socket in ("gone", mine.socket.id):
        await get_channel_layer().send(hub.channel, {"type": "progress", "socket": socket, "progress": told})
    assert await mine.next() == {"type": "progress", **told}
    assert other.nothing()


@database
async def test_a_socket_that_cannot_be_sent_to_hurts_nobody(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    first, broken, last = [await joined(hub) for _ in range(3)]
    broken.broken = True
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await first.next())["revision"] == (await last.next())["revision"] == 1
    await hub.fanout.close(broken.socket, 4403)
    await tell(await arecord(pbx, [entered(1)], {}))
    assert (await first.next())["revision"] == (await last.next())["revision"] == 2


@database
async def test_who_left_is_told_nothing(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    gone, here = await joined(hub), await joined(hub)
    hub.leave(gone.socket)
    hub.leave(gone.socket)
    await tell(await arecord(pbx, [entered(0)], {}))
    await here.next()
    assert gone.nothing()


@database
async def test_a_start_that_fails_is_tried_again_at_the_next(
    lot: ParkingLot, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = hubs.aread

    async def fail() -> Any:
        raise OperationalError("the database is away")

    monkeypatch.setattr(hubs, "aread", fail)
    with pytest.raises(OperationalError):
        await hubs.hub()
    monkeypatch.setattr(hubs, "aread", real)
    started = await hubs.hub()
    assert started is await hubs.hub()
    page = await joined(started)
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await page.next())["type"] == "change", "it listens, once"
    await tell(await arecord(pbx, [entered(1)], {}))
    assert (await page.next())["revision"] == 2
    await started.stop(4012)
    assert await page.code() == 4012


@database
@pytest.mark.parametrize("how", ["group", "permission", "inactive", "deleted", "logout", "password", "session"])
async def test_who_may_no_longer_see_is_closed_at_once(sam: User, rita: User, hub: Hub, how: str) -> None:
    browser: Client = await sync_to_async(login)(sam)
    page = await joined(hub, Viewer(sam.pk, str(browser.session.session_key)))
    stays = await joined(hub, await sync_to_async(viewer)(rita))
    await sync_to_async(_revoke)(sam, browser, how)
    assert await page.code() == (4403 if how in {"group", "permission"} else 4401)
    assert not stays.closed.done()
    assert list(hub.fanout.sockets) == [stays.socket.id]


def _revoke(user: User, browser: Client, how: str) -> None:
    match how:
        case "group":
            user.groups.clear()
        case "permission":
            user.groups.get().permissions.clear()
        case "inactive":
            user.is_active = False
            user.save()
        case "deleted":
            user.delete()
        case "logout":
            browser.post("/logout/")
        case "password":
            user.set_password("another")
            user.save()
        case "session":
            Session.objects.get(pk=browser.session.session_key).delete()


@database
async def test_rights_that_change_are_a_new_snapshot_for_their_owner(pbx: Pbx, sam: User, rita: User, hub: Hub) -> None:
    who, other = await sync_to_async(viewer)(sam), await sync_to_async(viewer)(rita)
    page, unchanged = await joined(hub, who), await joined(hub, other)
    await sync_to_async(_promote)(sam, pbx)
    snapshot = await page.next()
    while not snapshot["me"]["phones"]:
        snapshot = await page.next()
    assert snapshot["me"]["may_retrieve"] is True
    assert [p["number"] for p in snapshot["me"]["phones"]] == ["209"]
    assert unchanged.nothing()


def _promote(user: User, pbx: Pbx) -> None:
    user.groups.set(user.groups.model.objects.filter(name="Receptionists"))
    phone(pbx, "209", user)
    announce({"kind": "rights"})


@database
async def test_sessions_that_are_swept_up_long_after_are_no_news(sam: User, hub: Hub) -> None:
    who = await sync_to_async(viewer)(sam)
    page = await joined(hub, who)
    asked: list[int] = []
    real = hubs.Hub._check_rights
    hub._check_rights = lambda: asked.append(1) or real(hub)  # type: ignore[method-assign,func-returns-value]
    await Session.objects.acreate(pk="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    await Session.objects.acreate(pk="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    await Session.objects.filter(pk="old").adelete()
    await Session.objects.filter(pk="new").adelete()
    told = {"command": "c1", "state": "done", "code": "parked_demo", "lot": None, "slot": None, "params": {}}
    await get_channel_layer().send(hub.channel, {"type": "progress", "socket": page.socket.id, "progress": told})
    await page.until("progress")
    assert asked == [1]


@database
async def test_rights_are_looked_at_again_when_nobody_said_so(
    sam: User, rita: User, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await joined(hub, await sync_to_async(viewer)(sam))
    ritas = await sync_to_async(viewer)(rita)
    await get_channel_layer().group_discard(BOARDS, hub.channel)  # a day has passed
    await Session.objects.filter(pk=page.socket.viewer.session).aupdate(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    monkeypatch.setattr(hubs, "LOOK_AGAIN", 0.01)
    hub._tasks.append(asyncio.create_task(hub._look_again()))
    assert await page.code() == 4401
    late = await joined(hub, ritas)
    await tell({"kind": "lots"})
    assert (await late.next())["type"] == "snapshot", "and it is a member again"
