"""Hostile text in orders, given at a real board and followed to a real Asterisk: it stays text all the way."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.ear import Ear
from tests.kit.portal import Portal
from tests.kit.proxy import Proxy

pytestmark = pytest.mark.slow

FILE = "/tmp/made-by-an-order"
TEXT = f"""a\r\nAction: Originate\r\nChannel: Local/made@demo-callers\r\n\r\n${{SHELL(touch {FILE})}}\"<x>,;|&)(^~`"""
ACTIONS = {
    *("Login", "Ping", "Events", "Filter", "CoreStatus", "Parkinglots", "ParkedCalls", "CoreShowChannels", "Status"),
    *("Getvar", "Setvar", "ShowDialPlan", "Originate", "Hangup", "Park", "BridgeKick", "MessageSend", "Challenge"),
    *("ListCommands", "PJSIPShowEndpoints", "ModuleCheck", "CoreSettings", "Logoff"),
}
"""All that the bridge ever asks for."""
LINE = re.compile(r"[A-Za-z0-9]+: [^\r\n]*")


@pytest.fixture
def line(asterisk: RealAsterisk) -> Iterator[Proxy]:
    with Proxy(asterisk.pbx.ami_port) as proxy:
        yield proxy
    asterisk.hang_up_all()


@pytest.fixture
def board(asterisk: RealAsterisk, line: Proxy, tmp_path: Path) -> Iterator[BoardSocket]:
    """Rita's, of a portal that speaks to Asterisk through ``line``."""
    url = asterisk.pbx.runtime_url.replace(f":{asterisk.pbx.ami_port}", f":{line.port}")
    with Portal(tmp_path, url) as portal:
        portal.script("zones")
        with portal.board("rita") as board:
            yield board


def test_nothing_of_it_is_read_as_more_than_text(
    board: BoardSocket, line: Proxy, asterisk: RealAsterisk, ami: Ami
) -> None:
    with Ear() as ear, asterisk.phone("204", answer_ms=100, ear=ear.port) as phone:
        slot = board.shows(asterisk.demo_call(ami, patience=60))
        board.progress(board.act("note", slot, note=TEXT, for_name=TEXT[:80]), "done")
        board.until(lambda: "SHELL(touch" in board.slots["reception", slot]["note"], "the note")
        colleague = board.named("colleagues", number="204")["id"]
        board.progress(board.act("notify", slot, to=colleague, text=TEXT), "done")
        assert "SHELL(touch" in phone.received("MESSAGE").text
        yard = board.named("zones", label="Yard")["id"]
        assert ended(board, board.act("page", slot, zone=yard)) in {"paged", "page_unheard"}
        for kind in ("retrieve", "move", "more_time", "claim", "end"):
            order = board.order(
                kind, lot=board.lots["reception"]["id"], slot=slot, uniqueid=TEXT, to_lot=TEXT, seconds=TEXT
            )
            assert ended(board, order) in {"bad_request", "not_parked", "forbidden"}, kind
        board.progress(board.act("send", slot, to=colleague), "connected")
        assert "Maria Keller" in phone.received("INVITE").text

    other = board.shows(asterisk.demo_call(ami, patience=60))
    assert ended(board, board.act("end", other, message=TEXT)) in {
        "not_sayable",
        "ended",
        "ended_early",
        "ended_unsaid",
    }
    third = asterisk.demo_call(ami, patience=60)
    board.shows(third)
    ami.action("Hangup", Channel=third["ParkeeChannel"])
    board.until(lambda: board.lists["missed"], "a missed caller")
    board.progress(board.order("settle", missed=board.lists["missed"][0]["id"], remark=TEXT), "done")

    asked = bytes(line.sent).decode().strip().split("\r\n\r\n")
    lines = [one for action in asked for one in action.split("\r\n")]
    assert [one for one in lines if not LINE.fullmatch(one)] == []
    names = [one.partition(": ")[2] for one in lines if one.lower().startswith("action: ")]
    assert len(names) == len(asked), "each begins an action, and none is hidden in another"
    assert set(names) <= ACTIONS
    assert not [channel for channel in ami.items("CoreShowChannels") if "made@" in channel["Channel"]]
    for root in {Path("/"), asterisk.pbx.installation.root or Path("/")}:
        assert not (root / FILE.removeprefix("/")).exists()


def ended(board: BoardSocket, command: str) -> str:
    """How the order ends, whichever way: its code."""

    def ends() -> list[str]:
        mine = [m for m in board.heard if m["type"] == "progress" and m["command"] == command]
        return [m["code"] for m in mine if m["state"] in {"connected", "done", "failed"}]

    board.until(ends, f"end of {command}", 60)
    return ends()[0]
