"""Whatever breaks while something is published: the PBX ends with the new version or the old one, and says which."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async

from lots.config.conf import EXTENSIONS, FILES, MUSIC, PARKING
from lots.config.content import content_of
from lots.config.layout import EMPTY, staging_name
from lots.config.render import render
from lots.config.setup import Lot, Setup
from lots.models import Pbx, Publication
from lots.publish import lock, publisher
from lots.publish.publications import CannotPublish, State, live, make
from lots.publish.publisher import publish
from tests.kit.fake_ami import Action, FakeAmi
from tests.kit.fake_pbx import FakePbx
from tests.kit.publish_bench import DESK, HALL, NEW, OLD, TIMING, Bench

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def bench(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    for name, seconds in (("PATIENCE", 0.0), ("PATIENCE_AFTER", 0.0), ("RETURN", 1.0), ("LONGEST_PAUSE", 0.05)):
        monkeypatch.setattr(publisher, name, seconds)
    async with FakeAmi() as fake:
        yield Bench(fake, FakePbx(fake), pbx)


async def test_a_first_publication_and_a_second(bench: Bench) -> None:
    for setup in (OLD, NEW):
        row = await bench.publish(setup)
        assert (row.state, row.message, row.ended_at is not None) == (State.LIVE, "", True)
        assert bench.runs(setup)
    assert bench.pbx.reloads == [EXTENSIONS, PARKING, MUSIC, EXTENSIONS, PARKING], "nothing without a change is loaded"


async def test_the_same_again_writes_and_loads_nothing(bench: Bench) -> None:
    await bench.publish(OLD)
    written, reloads = list(bench.pbx.written), list(bench.pbx.reloads)
    assert (await bench.publish(OLD)).state == State.LIVE
    assert (bench.pbx.written, bench.pbx.reloads) == (written, reloads)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_line_is_cut_at_any_action(bench: Bench, when: str) -> None:
    """``before``: the action is lost; ``after``: it was done, and the answer is lost."""
    await bench.publish(OLD)
    verdicts: list[str] = []
    for number in itertools.count():
        seen = itertools.count()

        def cut(_action: Action, number: int = number, seen: Iterator[int] = seen) -> None:
            bench.pbx.cut = next(seen) == number

        setattr(bench.pbx, when, cut)
        row = await bench.publish(NEW)
        setattr(bench.pbx, when, lambda _action: None)
        if next(seen) <= number:
            break  # it was done before that many actions
        assert row.state in {State.RETURNED, State.FAILED}, (number, row.message)
        assert bench.runs(OLD), (number, row.message)
        assert ("Nothing was changed" in row.message) == (row.state == State.FAILED), row.message
        assert "connection was lost" in row.message
        verdicts.append(row.state)
    assert verdicts.count(State.FAILED) > 10
    assert verdicts.count(State.RETURNED) > 10
    assert row.state == State.LIVE
    assert bench.runs(NEW)


async def test_the_portal_is_stopped_at_any_action(bench: Bench) -> None:
    """The next publication cannot know what was loaded, and loads everything."""
    await bench.publish(OLD)
    for number in itertools.count():
        seen, row = itertools.count(), await bench.wanted(NEW)
        task = asyncio.create_task(publish(row, bench.accounts, "Alex", timing=TIMING))

        def stop(_action: Action, task: Any = task, number: int = number, seen: Iterator[int] = seen) -> None:
            if next(seen) == number:
                task.cancel()

        bench.pbx.after = stop
        await asyncio.wait([task])
        bench.pbx.after = lambda _action: None
        if next(seen) <= number:
            break
        row = await Publication.objects.aget(pk=row.pk)
        assert row.state == State.FAILED
        assert "Interrupted" in row.message
        assert (await bench.publish(OLD)).state == State.LIVE
        assert bench.runs(OLD), number
    assert number > 20


@pytest.mark.parametrize("file", FILES)
async def test_a_refused_reload_returns_to_the_version_before(bench: Bench, file: str) -> None:
    await bench.publish(OLD)
    new = content_of(render(NEW)[file])
    bench.pbx.refuse_reload = lambda _file, content: "An unknown error occurred" if content == new else ""
    row = await bench.publish(NEW)
    assert row.state == State.RETURNED
    assert bench.runs(OLD)
    assert file in row.message
    assert "An unknown error occurred" in row.message
    assert "[jazz]" in row.message if file == MUSIC else "desk" in row.message, row.message
    assert await live_pk(bench) != row.pk


async def live_pk(bench: Bench) -> int:
    return await Publication.objects.filter(state=State.LIVE).values_list("pk", flat=True).afirst() or 0


async def test_a_first_publication_that_fails_leaves_what_was_there(bench: Bench) -> None:
    """Nothing was ever published: what was read at the start comes back, somebody's own words in it included."""
    bench.pbx.files[PARKING] = [("default", [("parkpos", "1-1")]), ("old", [("parkpos", "5-6"), ("findslot", "next")])]
    before = dict(bench.pbx.content(PARKING))
    bench.pbx.refuse_reload = lambda file, content: "" if file != PARKING or "desk" not in content else "no"
    row = await bench.publish(OLD)
    assert row.state == State.RETURNED, row.message
    assert bench.pbx.content(PARKING) == before == bench.pbx.running[PARKING]


async def test_what_cannot_be_undone_is_said(bench: Bench) -> None:
    await bench.publish(OLD)
    bench.pbx.refuse_reload = lambda file, _content: "An unknown error occurred" if file == PARKING else ""
    row = await bench.publish(NEW)
    assert row.state == State.FAILED
    assert "could not be brought back" in row.message
    bench.pbx.refuse_reload = lambda _file, _content: ""
    assert (await bench.publish(OLD)).state == State.LIVE, "after a failure everything is loaded again"
    assert bench.runs(OLD)


async def test_an_asterisk_that_stays_away_leaves_an_unknown_state(bench: Bench) -> None:
    await bench.publish(OLD)

    def vanish(action: Action) -> None:
        if action["Action"] == "Reload":
            bench.pbx.cut = True
            bench.fake._server.close()

    bench.pbx.before = vanish
    row = await bench.publish(NEW)
    assert row.state == State.FAILED
    assert "not known" in row.message
    bench.pbx.before = lambda _action: None
    await bench.fake.open()
    assert (await bench.publish(NEW)).state == State.LIVE
    assert bench.runs(NEW)


async def test_nobody_to_publish_to(bench: Bench) -> None:
    await bench.fake.shut()
    row = await bench.publish(OLD)
    assert row.state == State.FAILED
    assert "refuses connections" in row.message or "Nothing was changed" in row.message


async def test_an_account_that_may_not_write_is_told_what_it_needs(bench: Bench) -> None:
    bench.fake.answers["GetConfig"] = b"Response: Error\r\nActionID: x\r\nMessage: Permission denied\r\n\r\n"
    row = await bench.publish(OLD)
    assert row.state == State.FAILED
    assert "write = config,command,system" in row.message
    assert "s3cr3t" not in row.message


@pytest.mark.parametrize("stock", ["extensions.conf", "res_parking.conf", "musiconhold.conf"])
async def test_a_stock_file_that_does_not_include_ours(bench: Bench, stock: str) -> None:
    loaded = bench.pbx._loaded
    bench.pbx._loaded = lambda file: [] if file == stock else loaded(file)
    row = await bench.publish(NEW)
    assert row.state == State.RETURNED
    assert f"{stock} on the PBX does not include our file" in row.message
    assert "#tryinclude parkinglot_" in row.message


async def test_somebody_s_extension_in_a_native_context_stops_it_before_anything_is_written(bench: Bench) -> None:
    await bench.publish(OLD)
    written = [file for file in bench.pbx.written if file in FILES]
    bench.pbx.foreign.append((DESK.native_context, "708"))
    row = await bench.publish(NEW)
    assert row.state == State.FAILED
    assert "708 in context parkinglot-native-desk has that number already (pbx_config)" in row.message
    assert [file for file in bench.pbx.written if file in FILES] == written
    assert bench.runs(OLD)


async def test_leftovers_in_the_staging_files_do_no_harm(bench: Bench) -> None:
    for file in FILES:
        bench.pbx.files[staging_name(file)] = [("evil", [("exten", "_X.,1,System(rm)")])]
    assert (await bench.publish(NEW)).state == State.LIVE
    assert bench.runs(NEW)


async def test_the_empty_file_must_be_empty(bench: Bench) -> None:
    bench.pbx.files[EMPTY] = [("evil", [("exten", "_X.,1,System(rm)")])]
    row = await bench.publish(NEW)
    assert row.state == State.FAILED
    assert "[evil] is in it" in row.message


async def test_a_hand_edit_is_overwritten_and_never_edited(bench: Bench) -> None:
    """An edited file may include others, which Asterisk would write out with it: it is made anew."""
    await bench.publish(OLD)
    bench.pbx.files[PARKING].append(("theirs", [("parkpos", "1-2")]))
    sources: list[str] = []
    bench.pbx.before = lambda action: sources.append(action.get("SrcFilename", ""))
    assert (await bench.publish(NEW)).state == State.LIVE
    assert PARKING not in sources
    assert bench.runs(NEW)


async def test_what_asterisk_shows_must_be_what_was_written(bench: Bench) -> None:
    """Another file defines an extension first: Asterisk keeps that one, and complains in its log alone."""
    await bench.publish(OLD)
    real = bench.pbx._dialplan

    def shadowed() -> Any:
        for context, exten, priority, step, owner in real():
            wrong = (context, exten, priority) == (HALL.public_context, "801", "1") and "desk" in bench.pbx.native
            changed = bench.pbx.native["desk"] != content_of(render(OLD)[PARKING])["desk"]
            yield context, exten, priority, ("NoOp", "theirs") if wrong and changed else step, owner

    bench.pbx._dialplan = shadowed
    row = await bench.publish(NEW)
    assert row.state == State.RETURNED
    assert "801 with priority 1 in the context parkinglot-hall should be" in row.message
    assert bench.runs(OLD)


async def test_two_publishers(bench: Bench) -> None:
    row = await bench.wanted(OLD)
    rita = lock.Hold(bench.row, "Rita")
    await publisher.atake(rita)
    with pytest.raises(lock.Busy, match="Rita"):
        await publish(row, bench.accounts, "Alex", timing=TIMING)
    await row.arefresh_from_db()
    assert row.state == State.WANTED
    await publisher.agive_back(rita)
    await publish(row, bench.accounts, "Alex", timing=TIMING)
    await row.arefresh_from_db()
    assert row.state == State.LIVE
    await bench.row.arefresh_from_db()
    assert bench.row.publisher == ""


async def test_thousands_of_lines_lie_in_parts(bench: Bench) -> None:
    """Also when there were none, other ones, or more of them before."""
    lots = [Lot(name=f"lot-{n}", park_code=str(9000 + n), first=10 * n + 1, last=10 * n + 8) for n in range(1, 120)]
    some, more = Setup(lots=(*lots[:60],)), Setup(lots=tuple(lots))
    for setup in (OLD, some, more, some, OLD, some, Setup()):
        row = await bench.publish(setup)
        assert row.state == State.LIVE, row.message
        assert bench.runs(setup)


async def test_one_lot_of_many_is_changed_in_the_running_dialplan(bench: Bench) -> None:
    """Content is a model's word here; the real test shows it of Asterisk."""
    lots = [Lot(name=f"lot-{n}", park_code=str(9000 + n), first=10 * n + 1, last=10 * n + 9) for n in range(1, 120)]
    await bench.publish(Setup(lots=tuple(lots)))
    reloads = len(bench.pbx.reloads)
    edits: list[Action] = []

    def edit(action: Action) -> bytes:
        edits.append(action)
        bench.pbx.running[EXTENSIONS] = bench.pbx.content(EXTENSIONS)
        return b"Response: Success\r\nActionID: x\r\n\r\n"

    bench.fake.answers["DialplanExtensionAdd"] = bench.fake.answers["DialplanExtensionRemove"] = edit
    lots[50] = Lot(name=lots[50].name, park_code=lots[50].park_code, first=lots[50].first, last=lots[50].last - 1)
    row = await bench.publish(Setup(lots=tuple(lots)))
    assert row.state == State.LIVE, row.message
    assert bench.pbx.reloads[reloads:] == [PARKING]
    assert 0 < len(edits) < 50


async def test_a_second_wish_waits_for_the_first(bench: Bench) -> None:
    await bench.wanted(OLD)
    with pytest.raises(CannotPublish, match="Alex is publishing"):
        await database_sync_to_async(make)(bench.row, None)
    assert await database_sync_to_async(live)(bench.row) is None
