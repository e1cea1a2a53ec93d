"""Every page equals the database in the end, whatever gets lost on the way."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import hub as hubs
from dashboard.audience import Audience
from dashboard.hub import Hub
from dashboard.replica import Replica, merged, read
from dashboard.rights import Rights, Viewer
from lots.bridge.facts import lot_facts
from lots.bridge.ledger import beat, record
from lots.bridge.messages import News
from lots.models import ParkedCall, ParkingLot, Pbx
from lots.types.changes import Change, LotsChanged
from tests.kit.hub_pages import SEES, Page, database
from tests.kit.pbx_model import LOT
from tests.kit.pbx_model import Pbx as Model
from tests.unit.test_board_properties import STEPS, come_to_rest


@pytest.fixture
def one_thread(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hub reads in the test's own transaction, and flushes only when told to."""

    async def aread() -> Any:
        return read()

    async def acurrent(viewers: Iterable[Viewer]) -> dict[Viewer, Rights]:
        lots = frozenset(ParkingLot.objects.values_list("pk", flat=True))
        return dict.fromkeys(viewers, replace(SEES, lots=Audience(lots, lots)))

    with monkeypatch.context() as patch:
        patch.setattr(hubs, "acurrent", acurrent)
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setattr(hubs, "aread", aread)
        patch.setattr(hubs, "COALESCE", 1e9)
        yield


FATES = st.sampled_from(["told", "told", "told", "lost", "twice"])
ACTS = st.one_of(
    st.tuples(st.just("write"), FATES),
    st.tuples(st.just("write"), FATES),
    STEPS,
    STEPS,
    st.sampled_from([("flush",), ("flush",), ("join",), ("resync",), ("beat",), ("again",)]),
)


@database
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=40))
def test_whatever_is_lost_every_page_equals_the_database_in_the_end(
    one_thread: None, acts: list[tuple[object, ...]]
) -> None:
    asyncio.run(_in_a_transaction(acts))


async def _in_a_transaction(acts: list[tuple[object, ...]]) -> None:
    """Begun inside the loop: Django gives the code in it a connection of its own."""
    try:
        with transaction.atomic():
            await _live(acts)
            transaction.set_rollback(True)
    finally:
        connection.close()


async def _live(acts: list[tuple[object, ...]]) -> None:  # noqa: C901  (one line per kind of act)
    pbx, model, hub, pages = Pbx.objects.create(name="model"), Model(), Hub(), list[Page]()
    Pbx.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    record(pbx, [LotsChanged((LOT,))], {})
    await hub._reload()
    past: list[News] = []

    async def write(fate: str) -> None:
        changes: list[Change] = [change for change in model.changes if not isinstance(change, LotsChanged)]
        model.changes.clear()
        for news in record(pbx, changes, {}):
            if news["kind"] == "change":
                past.append(news)
                for _ in range({"told": 1, "lost": 0, "twice": 2}[fate]):
                    await hub._news(news)

    async def join() -> None:
        who = Viewer(1, "s")
        pages.append(Page(who, await hub.rights_of(who) or SEES))
        await hub.join(pages[-1].socket)

    async def beats() -> None:
        """The page's own beat, and its answer when it finds itself behind."""
        for page in pages:
            await page.socket.send(
                json.dumps({"type": "beat", "revisions": hub.replica.revisions(page.socket.rights.lots)})
            )
            if page.copy.resync:
                await hub.snapshot(page.socket)

    await join()
    model.come_back()
    for name, *rest in acts:
        if name == "write":
            await write(str(rest[0]))
        elif name == "flush":
            await hub._flush()
        elif name == "join":
            await join()
        elif name == "resync":
            await hub.snapshot(pages[0].socket)
        elif name == "beat":
            await beats()
        elif name == "again":
            for news in past[-3:-1]:
                await hub._news(news)
        elif name == "close_list":
            model.close_list(late=bool(rest[0]))
        else:
            getattr(model, str(name))(*rest)
    come_to_rest(model)
    await write("told")
    lot = ParkingLot.objects.get()
    await hub._news(beat(Pbx.objects.get(pk=pbx.pk)))
    await hub._flush()
    assert not any(page.copy.resync for page in pages), "a gap nobody mends but the page"
    truth = {slot["slot"]: slot for slot in lot_facts(lot)["slots"]}
    for page in pages:
        assert page.copy.lots[lot.pk]["revision"] == lot.revision
        assert page.copy.slots[lot.pk] == truth
    assert ParkedCall.objects.filter(ended_at=None).count() == len(model.truth())


def test_merging_keeps_the_later_word_on_each_slot() -> None:
    free: News = {"kind": "change", "lot": 1, "after": 4, "revision": 5, "slots": [{"slot": 7, "state": "free"}]}
    taken: News = {
        "kind": "change",
        "lot": 1,
        "after": 5,
        "revision": 6,
        "slots": [{"slot": 7, "state": "parked"}, {"slot": 8, "state": "free"}],
    }
    one = merged(merged(None, free), taken)  # type: ignore[arg-type]
    assert (one["type"], one["after"], one["revision"], one["slots"]) == ("change", 4, 6, taken["slots"])  # type: ignore[typeddict-item]


def test_a_copy_without_a_database_is_silent() -> None:
    assert Replica().links.overall(Audience())["state"] == "silent"
