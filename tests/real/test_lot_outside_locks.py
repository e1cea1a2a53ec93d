"""Who guesses PINs is locked out, longer each time, and an administrator lets them in again. Real calls, no portal."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lots.ami import AmiAddress, AmiClient
from lots.publish import doors
from tests.kit.asterisk import RealAsterisk
from tests.kit.outside import OTHER_PIN, PIN, Outside, outside_numbers, publish

DAY, HOUR = 86_400, 3600


@pytest.fixture(scope="module")
def published(asterisk: RealAsterisk) -> RealAsterisk:
    publish(asterisk)
    return asterisk


@pytest.fixture
def outside(published: RealAsterisk, folder: Path) -> Iterator[Outside]:
    with outside_numbers(published, folder) as outside:
        yield outside


def address(outside: Outside) -> AmiAddress:
    return AmiAddress.parse(outside.asterisk.pbx.runtime_url)


def about(seconds: float) -> object:
    return pytest.approx(time.time() + seconds, abs=15)


def test_three_wrong_pins_end_the_call_and_lock_the_caller_out_of_this_lot_alone(outside: Outside):
    with outside.call("4930200") as caller:
        outside.asks_for_pin()
        for attempt in range(3):
            caller.press("1234#")
            outside.says("wrong", Lot="red", Number="4930200", Caller="5551001")
            outside.plays("auth-incorrect" if attempt < 2 else "vm-incorrect&vm-goodbye")
        caller.received("BYE")
    before = outside.records()
    assert before == {"caller/red/5551001": [1, about(60), about(0)], "lot/red": [1, 0, about(0)]}
    outside.refuses("4930201")
    assert outside.records() == before  # calling alone makes no lock longer
    with outside.call("4930300") as caller:
        outside.asks_for_pin()
        caller.press(f"{OTHER_PIN}#")
        outside.says("nothing", Lot="blue")


def test_the_lock_grows_and_old_failures_are_forgotten(outside: Outside):
    """Count before, age of the last failure, count after, seconds of the lock."""
    cases = {
        "5551001": (3, 100, 4, 480),
        "5551002": (12, 100, 12, DAY),
        "5551003": (3, DAY + 10, 3, 240),
        "5551004": (1, DAY + 10, 1, 60),
    }
    for number, (count, age, _, _) in cases.items():
        outside.put(f"caller/red/{number}", count, -1, -age)
    outside.put("caller/red/5559999", 1, -DAY, -DAY - 60)
    outside.fail(*(("4930200", number) for number in cases))
    records = outside.records()
    assert records.pop("lot/red")[:2] == [4, 0]
    assert records == {  # what counts no more is swept away
        f"caller/red/{number}": [count, about(locked), about(0)] for number, (_, _, count, locked) in cases.items()
    }


def test_many_callers_lock_the_lot(outside: Outside):
    """Each hangs up after one try: that counts as well."""
    outside.fail(*(("4930200", f"555200{number}") for number in range(5)))
    assert outside.records()["lot/red"] == [5, about(60), about(0)]
    outside.refuses("4930200", "5553000")
    with outside.call("4930300", "5553000"):
        outside.asks_for_pin()


def test_the_lock_of_a_lot_grows(outside: Outside):
    """As above, from the fifth failure on."""
    cases = {
        "4930200": ("red", 5, 100, 6, 120),
        "4930300": ("blue", 16, 100, 16, HOUR),
        "4930400": ("green", 5, HOUR + 10, 5, 60),
        "4930500": ("grey", 4, HOUR + 10, 4, None),
    }
    for lot, count, age, _, _ in cases.values():
        outside.put(f"lot/{lot}", count, -1, -age)
    outside.fail(*((to, "5551001") for to in cases))
    records = outside.records()
    for lot, _, _, count, locked in cases.values():
        assert records[f"lot/{lot}"] == [count, about(locked) if locked else 0, about(0)], lot


def test_keys_pressed_in_the_same_moment_are_one_guess(outside: Outside):
    with ExitStack() as ends, ThreadPoolExecutor() as threads:
        callers = [ends.enter_context(outside.call("4930200")) for _ in range(6)]
        for _ in callers:
            outside.asks_for_pin()
        list(threads.map(lambda caller: caller.press("0000#"), callers))
        said = sorted(outside.ami.event("UserEvent")["Result"] for _ in callers)
    assert said == ["locked"] * 5 + ["wrong"]


def test_calls_at_the_same_time_are_no_more_guesses(outside: Outside):
    """The second call was let in before the first one failed; its PIN is not even looked at, though it is right."""
    with outside.call("4930200") as first, outside.call("4930200") as second:
        outside.asks_for_pin()
        outside.asks_for_pin()
        first.press("0000#")
        outside.says("wrong")
        second.press(f"{PIN}#")
        outside.says("locked")
        outside.plays("im-sorry")
        outside.plays("auth-incorrect")
        first.press(f"{PIN}#")
        outside.says("nothing")
    assert outside.records() == {}


@pytest.mark.parametrize("first", ["anonymous", "---"])
def test_callers_without_a_number_share_one_lock(outside: Outside, first: str):
    outside.fail(("4930200", first))
    assert set(outside.records()) == {"caller/red/anonymous", "lot/red"}
    outside.refuses("4930200", "%2F%24")


HOSTILE = {
    "x%2F..%2Fy": "xy",
    "%24%7BSHELL(touch%20/tmp/parkinglot-was-here)%7D": "SHELLtouchtmpparkinglotwashere",
    "%22%29%5D%24%5B1+1%5D": "1+1",
    "a," + "7" * 200: "a" + "7" * 31,
    "%2C1%3AGoto(s%2C1)": "1Gotos1",
}


def test_hostile_numbers_do_nothing_and_are_counted_under_what_is_left_of_them(outside: Outside):
    outside.fail(*(("4930200", number) for number in HOSTILE))
    assert set(outside.records()) == {"lot/red", *(f"caller/red/{left}" for left in HOSTILE.values())}
    root = outside.asterisk.pbx.installation.root or Path("/")
    assert not (root / "tmp/parkinglot-was-here").exists()
    assert "pbx_functions.c" not in outside.asterisk.pbx.log.read_text(encoding="utf-8", errors="replace")


async def test_an_administrator_sees_and_lifts_locks_with_the_everyday_account(outside: Outside):
    outside.put("caller/red/5551001", 2, 120, -1)
    outside.put("caller/red/5550000", 2, -5, -125)
    outside.put("lot/blue", 7, 240, -1)
    outside.put("caller/red/x/y", 7, 240, -1)
    outside.ami.action("DBPut", Family="parkinglot-door", Key="caller/red/5551002", Val="not ours")
    now = datetime.now(UTC)
    async with AmiClient(address(outside)) as ami:
        found = await doors.locks(ami, now)
        assert [(lock.lot, lock.caller, lock.failures) for lock in found] == [("blue", "", 7), ("red", "5551001", 2)]
        assert abs(found[1].until - now - timedelta(seconds=120)) < timedelta(seconds=5)
        singly = await doors.records_singly(ami)
        assert ("/parkinglot-door/lot/blue", singly[0][1]) == singly[0]
        assert {key.rpartition("/")[2] for key, _ in singly} >= {"blue", "5551001", "5550000"}
        for lock in found:
            await doors.lift(ami, lock.lot, lock.caller)
        await doors.lift(ami, "red", "5551001")  # a second time is no error
        assert await doors.locks(ami, now) == []
        with pytest.raises(ValueError, match="no lock"):
            await doors.lift(ami, "red", "x)=1,SHELL(ls")


async def test_who_was_locked_out_gets_in_once_the_lock_is_lifted(outside: Outside):
    parked = outside.asterisk.demo_call(outside.ami, lot="red")
    outside.fail(("4930200", "5551001"))
    outside.refuses("4930200")
    async with AmiClient(address(outside)) as ami:
        (lock,) = await doors.locks(ami, datetime.now(UTC))
        await doors.lift(ami, lock.lot, lock.caller)
    with outside.call("4930200") as caller:
        outside.asks_for_pin()
        caller.press(f"{PIN}#")
        outside.retrieved(parked)


def test_the_everyday_account_hears_of_each_try(outside: Outside):
    with outside.asterisk.ami("runtime") as runtime:
        outside.fail(("4930200", "+49301234"))
        heard = runtime.event("UserEvent")
    told = {name: heard[name] for name in ("UserEvent", "Lot", "Number", "Caller", "Result")}
    assert told == {
        "UserEvent": "ParkinglotDoor", "Lot": "red", "Number": "4930200", "Caller": "+49301234", "Result": "wrong"
    }  # fmt: skip
