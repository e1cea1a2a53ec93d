"""What boards and history show of a reminder: one stay, from its beginning."""

import pytest

from lots.config.setup import Lot
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import Message
from tests.kit.portal import Portal
from tests.kit.waiting import park, publish_lots

SOON = Lot(name="soon", first=6101, last=6109, park_code="6100", reminder=1, timeout=3, ring_parker=0)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, SOON)


def slots_in(message: Message) -> list[Message]:
    """All slots a message speaks of."""
    return message.get("slots", []) + [slot for lot in message.get("lots", []) for slot in lot["slots"]]


def test_a_reminder_is_no_ending(portal: Portal, asterisk: RealAsterisk, ami: Ami) -> None:
    with portal.board("rita") as board:
        parked = park(asterisk, ami, "soon", parker="202")
        uniqueid = parked["ParkeeUniqueid"]
        slot = board.shows(parked)
        before = board.slots["soon", slot]
        board.until(lambda: board.slots["soon", 6101]["timeout_at"] != before["timeout_at"], "the new time limit")
        after = board.slot(6101, "soon")
        assert (after["uniqueid"], after["parked_at"]) == (uniqueid, before["parked_at"])
        assert 2000 <= after["timeout_at"] - after["parked_at"] <= 4000
        board.free(6101, "soon")
        told = [slot for m in board.heard for slot in slots_in(m) if slot["slot"] == 6101]
        assert [slot["state"] for slot in told if slot["state"] == "free"] == ["free"], "it was seen to leave once"
        assert told[-1]["state"] == "free"
    (row,) = [row for row in portal.rows() if row["uniqueid"] == uniqueid]
    assert row["outcome"] == "timed_out"
