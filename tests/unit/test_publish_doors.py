"""Locks as Asterisk's database has them, whatever else somebody wrote there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.ami import ActionRefused, Reply
from lots.ami.message import Headers
from lots.publish.doors import Lock, lift, locks

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(seconds: int) -> int:
    return int((NOW + seconds * SECOND).timestamp())


class Database:
    """Answers like Asterisk's AMI; ``old`` has no ``DBGetTree``."""

    def __init__(self, rows: dict[str, str], *, old: bool = False) -> None:
        self.rows, self.old = rows, old
        self.sent: list[tuple[str, dict[str, str]]] = []

    async def send(self, action: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
        fields = dict(headers)
        self.sent.append((action, fields))
        match action:
            case "DBGetTree" if not self.old:
                items = [{"Key": f"/parkinglot-door/{key}", "Val": value} for key, value in self.rows.items()]
                return Reply(Headers({}), tuple(Headers(item) for item in items))
            case "Getvar":
                below = fields["Variable"].removeprefix("DB_KEYS(parkinglot-door/").rstrip(")") + "/"
                rest = [key.removeprefix(below) for key in self.rows if key.startswith(below)]
                return Reply(Headers({"Value": ",".join(dict.fromkeys(key.split("/")[0] for key in rest))}))
            case "DBGet" if fields["Key"] in self.rows:
                return Reply(Headers({}), (Headers({"Val": self.rows[fields["Key"]]}),))
            case "Setvar":
                return Reply(Headers({}))
        raise ActionRefused(action, "no")


ROWS = {
    "lot/red": f"7-{at(60)}-{at(-60)}",
    "caller/red/+4930": f"2-{at(120)}-{at(0)}",
    "caller/red/over": f"2-{at(0)}-{at(-120)}",
    "caller/blue/anonymous": f"1-{at(30)}-{at(-30)}",
    "lot/blue": f"3-0-{at(-30)}",
}


@pytest.mark.parametrize("old", [False, True])
async def test_locks_in_force_the_longest_first(old: bool):
    found = await locks(Database(ROWS, old=old), NOW)
    assert found == [
        Lock(lot="red", caller="+4930", failures=2, until=NOW + 120 * SECOND, last=NOW),
        Lock(lot="red", caller="", failures=7, until=NOW + 60 * SECOND, last=NOW - 60 * SECOND),
        Lock(lot="blue", caller="anonymous", failures=1, until=NOW + 30 * SECOND, last=NOW - 30 * SECOND),
    ]


@given(st.dictionaries(st.text(), st.text() | st.just(f"1-{10**11}-0") | st.just("9-99999999999-99999999999")))
async def test_what_others_wrote_there_is_no_lock_and_no_harm(rows: dict[str, str]):
    for lock in await locks(Database(rows), NOW):
        assert lock.key in rows


async def test_a_lock_of_the_far_future_is_shown_as_far_as_dates_go():
    (lock,) = await locks(Database({"lot/red": "1-99999999999-0"}), NOW)
    assert lock.until.year > 5000


async def test_lifting_deletes_that_record_and_asks_for_no_more_rights():
    database = Database({})
    await lift(database, "red", "+4930")
    await lift(database, "red")
    assert database.sent == [
        ("Setvar", {"Variable": "DB_DELETE(parkinglot-door/caller/red/+4930)", "Value": "lifted"}),
        ("Setvar", {"Variable": "DB_DELETE(parkinglot-door/lot/red)", "Value": "lifted"}),
    ]


@pytest.mark.parametrize(
    ("lot", "caller"),
    [("", ""), ("Red", ""), ("red)", ""), ("red", "x/y"), ("red", "${SHELL(ls)}"), ("red", "1)=2\r\nAction: x")],
)
async def test_only_locks_can_be_lifted(lot: str, caller: str):
    database = Database({})
    with pytest.raises(ValueError, match="no lock"):
        await lift(database, lot, caller)
    assert database.sent == []
