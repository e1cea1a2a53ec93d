"""A publisher that cannot prove any more that the lock is its own sends nothing, and says what is true."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from lots.ami import AmiClient, Reply
from lots.models import Pbx, Publication
from lots.publish import lock, publisher
from lots.publish.publications import State
from tests.kit.fake_ami import Action, FakeAmi
from tests.kit.fake_pbx import FakePbx
from tests.kit.publish_bench import NEW, OLD, Bench

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """This machine's, which jumps; and a database that can be away."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.away = False
        self.comes_back_after = 0
        """So many renewals fail; 0: all."""
        self.late: list[str] = []
        """Actions that were sent while nobody could know whose the lock is."""

    def now(self) -> float:
        return self.seconds

    def renew(self, pbx: Pbx, me: str) -> None:
        if self.away:
            self.comes_back_after -= 1
            if self.comes_back_after:
                raise OperationalError
            self.away = False
        RENEW(pbx, me)

    def lose_the_database(self, *, for_renewals: int = 0) -> None:
        self.away, self.comes_back_after = True, for_renewals
        self.seconds += lock.LENGTH.total_seconds()


SEND, RENEW = AmiClient.send, lock.renew


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()

    async def send(ami: AmiClient, action: str, headers: Sequence[tuple[str, str]] = (), **how: Any) -> Reply:
        if made.away and action != "Parkinglots":  # which the account asks that only watches
            made.late.append(action)
        return await SEND(ami, action, headers, **how)

    monkeypatch.setattr(lock, "now", made.now)
    monkeypatch.setattr(lock, "RENEW", 0.005)
    monkeypatch.setattr(lock, "renew", made.renew)
    monkeypatch.setattr(AmiClient, "send", send)
    for name, seconds in (("PATIENCE", 0.0), ("PATIENCE_AFTER", 0.0), ("RETURN", 0.02), ("LONGEST_PAUSE", 0.01)):
        monkeypatch.setattr(publisher, name, seconds)
    return made


@pytest.fixture
async def bench(pbx: Pbx) -> AsyncIterator[Bench]:
    async with FakeAmi() as fake:
        yield Bench(fake, FakePbx(fake), pbx)


async def at_each_action(bench: Bench, happens: Callable[[], Any], step: int = 1) -> AsyncIterator[Publication]:
    """Publishes ``NEW`` over ``OLD``, each time with ``happens`` at another action, until it is done before that."""
    for number in itertools.count(0, step):
        assert (await bench.publish(OLD)).state == State.LIVE
        seen = itertools.count()

        def at(_action: Action, number: int = number, seen: Iterator[int] = seen) -> None:
            if next(seen) == number:
                happens()

        bench.pbx.before = at
        row = await bench.publish(NEW)
        bench.pbx.before = lambda _action: None
        if next(seen) <= number:
            assert number > 20
            return
        yield row


async def test_while_the_database_is_away_nothing_is_sent(bench: Bench, clock: Clock) -> None:
    verdicts = []
    async for row in at_each_action(bench, clock.lose_the_database):
        if row.state == State.LIVE:
            assert bench.runs(NEW), "the last answer came, and there was nothing left to send"
        else:
            assert row.state == State.FAILED
            assert "database could not be reached" in row.message
            assert ("Nothing was changed" in row.message) != ("not known" in row.message), row.message
            assert "not known" in row.message or bench.runs(OLD), row.message
        assert clock.late == []
        verdicts.append((row.state, "not known" in row.message))
        clock.away = False
    assert {(State.FAILED, False), (State.FAILED, True)} <= set(verdicts)


async def test_when_the_database_is_back_and_nobody_had_the_lock_the_version_before_is_brought_back(
    bench: Bench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "RETURN", 5.0)
    verdicts = []
    async for row in at_each_action(bench, lambda: clock.lose_the_database(for_renewals=3), step=6):
        assert row.state == State.LIVE or "database could not be reached" in row.message
        assert row.state == State.LIVE or ("Nothing was changed" in row.message) == (row.state == State.FAILED)
        assert bench.runs(NEW if row.state == State.LIVE else OLD), row.message
        verdicts.append(row.state)
    assert {State.FAILED, State.RETURNED} <= set(verdicts)


@pytest.mark.parametrize("other", ["Rita|1", ""], ids=["who is at it", "who is done already"])
async def test_when_somebody_else_has_it_the_words_say_so(
    bench: Bench, clock: Clock, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.setattr(publisher, "RETURN", 5.0)
    await bench.publish(OLD)
    row, writes = await bench.wanted(NEW), asyncio.Event()

    def at_the_first_reload(action: Action) -> None:
        if action["Action"] == "Reload" and not writes.is_set():
            clock.lose_the_database()
            writes.set()

    bench.pbx.before = at_the_first_reload
    task = asyncio.create_task(publisher.publish(row, bench.accounts, "Alex"))
    await writes.wait()
    await Pbx.objects.aupdate(publisher=other, publisher_until=timezone.now() + timedelta(seconds=9))
    clock.away = False
    await task
    await row.arefresh_from_db()
    assert row.state == State.FAILED
    assert "somebody else publishes meanwhile" in row.message
    assert "not known" in row.message
    assert clock.late == []


async def test_who_has_lost_it_closes_nothing_that_was_closed(bench: Bench) -> None:
    """The next publisher has done that, and its verdict stands."""
    row = await bench.publish(OLD)
    await Pbx.objects.aupdate(drift={"x": "y"})
    await publisher.aend(row, State.LIVE, "late")
    await row.arefresh_from_db()
    assert row.message == ""
    assert (await Pbx.objects.aget(pk=bench.row.pk)).drift == {"x": "y"}


@pytest.mark.parametrize("other", ["Rita|1", ""])
def test_a_lock_that_was_somebody_else_s_is_not_renewed(pbx: Pbx, other: str) -> None:
    hold = lock.Hold(pbx, "Alex")
    hold.take()
    hold.renew()
    hold.check()
    Pbx.objects.update(publisher=other, publisher_until=None)
    with pytest.raises(lock.Busy):
        hold.renew()
