"""Rights per lot on open boards: nobody hears a word of a lot they may not see, also when rights change meanwhile."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import hub as hubs
from dashboard.hub import Hub
from dashboard.replica import read
from dashboard.rights import Rights, Viewer, current
from lots.bridge.facts import lot_facts
from lots.bridge.ledger import record
from lots.models import LotRight, ParkingLot, Pbx
from lots.types.changes import Entered
from tests.kit.hub_pages import Page, arecord, database, entered, joined, tell
from tests.kit.logins import person, viewer
from tests.kit.pbx_model import call

TRACES = ("vip", "Very important", "801", "v1")
"""What would give the hidden lot away."""


def narrow(lot: ParkingLot, role: str, **rights: bool) -> LotRight:
    return LotRight.objects.create(lot=lot, group=Group.objects.get(name=role), **rights)


anarrow, aviewer = sync_to_async(narrow), sync_to_async(viewer)


def entered_vip(uniqueid: str) -> Entered:
    return Entered(replace(call(uniqueid, 801), lot="vip"))


def shown(page: Page) -> dict[str, bool]:
    """What the page knows of lots: their names, and whether calls may be taken there."""
    return {lot["name"]: lot["may_retrieve"] for lot in page.copy.lots.values()}


def said(page: Page) -> str:
    """Everything the page was sent that was not looked at yet."""
    texts = []
    while not page.nothing():
        texts.append(page.texts.get_nowait())
    return "\n".join(texts)


async def settled(hub: Hub) -> Page:
    """Who may see everything, after the hub has read the lots and taken all news so far: it takes them in order."""
    witness = await joined(hub)
    await tell({"kind": "lots"})
    told = {"command": "c1", "state": "done", "code": "parked_demo", "lot": None, "slot": None, "params": {}}
    await get_channel_layer().send(hub.channel, {"type": "progress", "socket": witness.socket.id, "progress": told})
    await witness.until("progress")
    return witness


@pytest.fixture
def vip(pbx: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(pbx=pbx, name="vip", label="Very important", first_slot=801, last_slot=804)


@database
async def test_a_hidden_lot_leaves_no_trace_in_any_message(
    lot: ParkingLot, vip: ParkingLot, rita: User, sam: User, hub: Hub, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anarrow(vip, "Receptionists")
    await settled(hub)
    hers, his = await joined(hub, await aviewer(rita)), await joined(hub, await aviewer(sam))
    assert (shown(hers), shown(his)) == ({"desk": True, "vip": True}, {"desk": False})
    await tell(await arecord(pbx, [entered_vip("v1")], {}))
    assert (await hers.until("change"))["lot"] == vip.pk
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await his.next())["lot"] == lot.pk, "the first thing he hears of is his own lot"
    monkeypatch.setattr(hubs, "BEAT", 0.01)
    beats = asyncio.create_task(hub._beat())
    assert (await his.until("beat"))["revisions"] == {str(lot.pk): 1}
    assert (await hers.until("beat"))["revisions"] == {str(lot.pk): 1, str(vip.pk): 1}
    beats.cancel()
    said(his)
    await hub.snapshot(his.socket)
    everything = said(his)
    assert '"snapshot"' in everything
    assert not any(trace in everything for trace in TRACES)


@database
async def test_rights_that_change_show_and_hide_lots_at_once(
    lot: ParkingLot, vip: ParkingLot, sam: User, hub: Hub, pbx: Pbx
) -> None:
    witness = await settled(hub)
    his = await joined(hub, await aviewer(sam))
    assert shown(his) == {"desk": False, "vip": False}
    row = await anarrow(vip, "Staff", see=False)
    await his.until("snapshot")
    assert shown(his) == {"desk": False}
    await tell(await arecord(pbx, [entered_vip("v1")], {}))
    assert (await witness.until("change"))["lot"] == vip.pk
    assert his.nothing()
    row.see = True
    await row.asave()
    snapshot = await his.until("snapshot")
    assert [slot["uniqueid"] for shown in snapshot["lots"] for slot in shown["slots"]] == ["v1"]
    await row.adelete()
    await anarrow(vip, "Receptionists")
    await his.until("snapshot")
    assert shown(his) == {"desk": False}
    await sync_to_async(sam.groups.add)(await Group.objects.aget(name="Receptionists"))
    await his.until("snapshot")
    assert shown(his) == {"desk": True, "vip": True}


@database
async def test_the_button_goes_where_a_call_may_not_be_taken(lot: ParkingLot, rita: User, hub: Hub) -> None:
    await settled(hub)
    hers = await joined(hub, await aviewer(rita))
    row = await anarrow(lot, "Receptionists", retrieve=False)
    await hers.until("snapshot")
    assert shown(hers) == {"desk": False}
    row.retrieve = True
    await row.asave()
    await hers.until("snapshot")
    assert shown(hers) == {"desk": True}


@database
async def test_a_narrow_lot_that_is_new_is_never_shown_by_older_rights(
    lot: ParkingLot, sam: User, hub: Hub, pbx: Pbx, roles: None
) -> None:
    await settled(hub)
    his = await joined(hub, await aviewer(sam))

    def make() -> None:
        with transaction.atomic():
            made = ParkingLot.objects.create(pbx=pbx, name="vip", label="Very important", first_slot=801, last_slot=802)
            narrow(made, "Receptionists")

    await sync_to_async(make)()
    witness = await settled(hub)
    assert shown(witness) == {"desk": True, "vip": True}
    assert shown(his) == {"desk": False}
    assert not any(trace in said(his) for trace in TRACES)


@database
async def test_a_right_taken_away_while_a_board_opens_counts(lot: ParkingLot, sam: User, hub: Hub) -> None:
    """The news of it comes between the reading of the rights and the first snapshot."""
    who = await aviewer(sam)
    real, slow, go = hubs.acurrent, asyncio.Event(), asyncio.Event()

    async def read_slowly(viewers: Iterable[Viewer]) -> dict[Viewer, Rights]:
        rights: dict[Viewer, Rights] = await real(viewers)
        if not slow.is_set():
            slow.set()
            await go.wait()
        return rights

    hubs.acurrent = read_slowly
    try:
        opening = asyncio.create_task(hub.rights_of(who))
        await slow.wait()
        await anarrow(lot, "Receptionists")
        while not hub.looks:  # noqa: ASYNC110  (the hub tells nobody)
            await asyncio.sleep(0)
        go.set()
        rights = await opening
    finally:
        hubs.acurrent = real
    assert rights is not None
    assert lot.pk not in rights.lots.see


# Any order of such things. The hub reads in the test's own transaction, and does only what the test tells it to.

LOTS, TEAMS, PEOPLE = ("red", "green"), ("one", "two"), ("ann", "ben")
SOME_LOT, SOME_TEAM = st.sampled_from(LOTS), st.sampled_from(TEAMS)
SOMEBODY, YES = st.sampled_from(PEOPLE), st.booleans()
ACTS = st.one_of(
    st.tuples(st.just("row"), SOME_LOT, SOME_TEAM, YES, YES),
    st.tuples(st.just("no_row"), SOME_LOT, SOME_TEAM),
    st.tuples(st.just("member"), SOMEBODY, SOME_TEAM, YES),
    st.tuples(st.just("permission"), SOMEBODY, st.sampled_from(["view_parkinglot", "retrieve_parkedcall"]), YES),
    st.tuples(st.just("park"), SOME_LOT),
    st.tuples(st.just("open"), SOMEBODY),
)


@database
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=20))
def test_whatever_happens_everybody_sees_what_they_may(
    db: None, monkeypatch: pytest.MonkeyPatch, acts: list[tuple[Any, ...]]
) -> None:
    async def aread() -> Any:
        return read()

    async def acurrent(viewers: Iterable[Viewer]) -> dict[Viewer, Rights]:
        return current(viewers)

    with monkeypatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setattr(hubs, "aread", aread)
        patch.setattr(hubs, "acurrent", acurrent)
        patch.setattr(hubs, "COALESCE", 1e9)
        asyncio.run(in_a_transaction(acts))


async def in_a_transaction(acts: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            world = World()
            await world.begin()
            await world.look()
            for name, *rest in acts:
                await getattr(world, name)(*rest)
                await world.look()
            transaction.set_rollback(True)
    finally:
        connection.close()


class World:
    """Everybody has a board open; everything that changes is told to the hub, as signals do."""

    def __init__(self) -> None:
        self.pbx = Pbx.objects.create(name="model")
        self.lots = {
            name: ParkingLot.objects.create(pbx=self.pbx, name=name, label=f"{name} label", first_slot=1, last_slot=9)
            for name in LOTS
        }
        self.teams = {name: Group.objects.create(name=name) for name in TEAMS}
        self.people = {name: person(name) for name in PEOPLE}
        self.hub, self.pages, self.parked = Hub(), list[tuple[str, Page]](), 0

    async def begin(self) -> None:
        await self.hub._reload()
        for user in self.people.values():
            user.user_permissions.set(Permission.objects.filter(codename="view_parkinglot"))
            await self.open(user.username)

    async def open(self, name: str) -> None:
        who = viewer(self.people[name])
        rights = await self.hub.rights_of(who)
        assert rights is not None
        if rights.see:
            self.pages.append((name, Page(who, rights)))
            await self.hub.join(self.pages[-1][1].socket)

    async def row(self, lot: str, team: str, see: bool, retrieve: bool) -> None:
        row = {"see": see, "retrieve": retrieve}
        LotRight.objects.update_or_create(lot=self.lots[lot], group=self.teams[team], defaults=row)
        await self.hub._news({"kind": "rights"})

    async def no_row(self, lot: str, team: str) -> None:
        LotRight.objects.filter(lot=self.lots[lot], group=self.teams[team]).delete()
        await self.hub._news({"kind": "rights"})

    async def member(self, name: str, team: str, yes: bool) -> None:
        groups = self.people[name].groups
        (groups.add if yes else groups.remove)(self.teams[team])
        await self.hub._news({"kind": "rights"})

    async def permission(self, name: str, codename: str, yes: bool) -> None:
        permissions = self.people[name].user_permissions
        (permissions.add if yes else permissions.remove)(Permission.objects.get(codename=codename))
        await self.hub._news({"kind": "rights"})

    async def park(self, lot: str) -> None:
        self.parked += 1
        slot, uniqueid = self.parked % 9 + 1, f"u{self.parked}-{lot}"
        for news in record(self.pbx, [Entered(replace(call(uniqueid, slot), lot=lot))], {}):
            await self.hub._news(news)
        await self.hub._flush()

    async def look(self) -> None:
        for name, page in list(self.pages):
            seen = {lot: self.may(name, lot, "see") for lot in LOTS}
            if page.closed.done():
                assert await page.code() == 4403
                assert not any(seen.values())
                self.pages.remove((name, page))
                continue
            self._compare(name, page, {lot for lot, yes in seen.items() if yes})

    def _compare(self, name: str, page: Page, seen: set[str]) -> None:
        assert {lot["name"] for lot in page.copy.lots.values()} == seen
        for lot in seen:
            facts, told = lot_facts(ParkingLot.objects.get(name=lot)), page.copy.lots[self.lots[lot].pk]
            assert told["may_retrieve"] == self.may(name, lot, "retrieve")
            assert told["revision"] == facts["revision"]
            assert page.copy.slots[facts["id"]] == {slot["slot"]: slot for slot in facts["slots"]}
        assert not page.copy.resync
        new = said(page)
        assert not any(f"{lot} label" in new or f"-{lot}" in new for lot in set(LOTS) - seen)

    def may(self, name: str, lot: str, right: str) -> bool:
        """The rule, read from the database in words of its own."""
        user = User.objects.get(username=name)  # anew: permissions are kept by the object
        if not user.has_perm("lots.view_parkinglot"):
            return False
        if right == "retrieve" and not (user.has_perm("lots.retrieve_parkedcall") and self.may(name, lot, "see")):
            return False
        rows = LotRight.objects.filter(lot=self.lots[lot])
        return not rows.exists() or rows.filter(group__in=user.groups.all(), **{right: True}).exists()
