"""The portal's wall clock jumps, as when a machine slept or its clock is set; Asterisk's does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos import traffic
from tests.chaos.rounds import Breaking
from tests.chaos.witness import Stay
from tests.chaos.world import World

NEW = 15.0
"""Seconds that a caller may seem to have waited who was parked a moment ago."""


def jump(seconds: int) -> Breaking:
    """So far, and back again at the mend. Ages of new calls, the lease and claims must be sane meanwhile."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        file = Path(world.portal.env["FAKETIME_TIMESTAMP_FILE"])
        held = _held(world)
        file.write_text(f"{seconds:+d}\n", encoding="ascii")
        freed = world.until(lambda: _state(world, held) == "parked", "end of a claim from before the jump", 20)
        _new_call_is_new(world)
        again = _held(world)
        yield
        file.write_text("+0\n", encoding="ascii")
        back = world.until(lambda: _state(world, again) == "parked", "end of a claim from before the jump back", 20)
        _new_call_is_new(world)
        world.note = f"a claim of two minutes ended {freed:.0f} s after the jump, {back:.0f} s after the one back"

    return breaking


def _held(world: World) -> Stay:
    """A caller of whom somebody has said "I'm on it"."""
    stay = traffic.park(world)
    traffic.shown(world, stay)
    board = world.look()
    assert board is not None
    board.act("claim", stay.slot, stay.lot)
    world.until(lambda: _state(world, stay) == "claimed", "claim", 20)
    return stay


def _state(world: World, stay: Stay) -> str:
    board = world.look()
    return str(board.slots.get((stay.lot, stay.slot), {}).get("state", "")) if board else ""


def _new_call_is_new(world: World) -> None:
    """A fresh board hears Asterisk, and a fresh caller has not waited for an hour."""
    stay = traffic.park(world)
    traffic.shown(world, stay)
    world.shut()

    def hears() -> bool:
        board = world.look()
        return board is not None and board.link.get("state") == "hearing"

    world.until(hears, "board that hears, after the jump", 20)
    board = world.look()
    assert board is not None
    snapshot = [message for message in board.heard if message["type"] == "snapshot"][-1]
    waited = (snapshot["now"] - board.slots[stay.lot, stay.slot]["waiting_since"]) / 1000
    assert -1 <= waited <= NEW, f"a new caller seems to have waited {waited:.0f} s"
