"""The judge of ``make chaos`` finds what is wrong: a judge that never does would make every table one of zeros."""

import random
import re
from pathlib import Path

import pytest

from lots.ami import translate
from lots.ami.message import parse
from lots.ami.timing import now_utc
from lots.types.events import Parked, Swapped
from tests.chaos.crowd import LONGEST, SHORTEST, SPREAD, pause
from tests.chaos.faults_words import malformed
from tests.chaos.judge import Span, difference, done_twice, wrong_endings
from tests.chaos.witness import DIED, Stay

A, B = ("reception", 701), ("reception", 702)


def stay(outcome: str = "abandoned", began: float = 0, ended: float = 10, **fields: object) -> Stay:
    return Stay("1.1", "PJSIP/x", "Ann", *A, began, ended, outcome, **fields)  # type: ignore[arg-type]


def row(outcome: str, slot: int = 701, by: str | None = None) -> dict[str, object]:
    return {"uniqueid": "1.1", "lot__name": "reception", "slot": slot, "outcome": outcome, "retrieved_by__username": by}


def test_a_call_that_only_one_side_has_or_in_another_slot():
    assert not difference({"1": A}, {"1": A})
    assert difference({}, {"1": A}).missing == {"1"}
    assert difference({"1": A}, {}).ghosts == {"1"}
    moved = difference({"1": A}, {"1": B})
    assert (moved.missing, moved.ghosts) == ({"1"}, {"1"})


@pytest.mark.parametrize(
    ("lived", "rows"),
    [
        ([stay()], [row("retrieved")]),
        ([stay()], [row("")]),
        ([stay()], [row("unseen")]),
        ([stay()], [row("abandoned", slot=702)]),
        ([stay()], []),
        ([stay()], [row("abandoned"), row("abandoned")]),
        ([stay(DIED)], [row("retrieved")]),
        ([stay("")], [row("abandoned")]),
        ([stay("moved"), stay()], [row("abandoned"), row("moved")]),
        ([stay("retrieved", retriever="parkinglot-1")], [row("retrieved")]),
    ],
)  # fmt: skip
def test_a_wrong_ending_is_found(lived, rows):
    assert wrong_endings(lived, rows, [Span(20, 30)])


@pytest.mark.parametrize(
    ("lived", "rows"),
    [
        ([stay()], [row("abandoned")]),
        ([stay("")], [row("")]),
        ([stay(DIED)], [row("unseen")]),
        ([stay(ended=25)], [row("unseen")]),
        ([stay(ended=25)], [row("abandoned")]),
        ([stay(began=22, ended=25)], []),
        ([stay("moved"), stay()], [row("moved"), row("abandoned")]),
        ([stay("retrieved", retriever="parkinglot-1")], [row("retrieved", by="rita")]),
    ],
)
def test_what_nobody_could_hear_may_be_unseen(lived, rows):
    assert not wrong_endings(lived, rows, [Span(20, 30)])


def test_even_unheard_an_ending_is_not_invented():
    assert wrong_endings([stay(ended=25)], [row("retrieved")], [Span(20, 30)])


def test_a_phone_that_rings_twice_for_one_click():
    assert done_twice([stay()], {"1.1": {"parkinglot-a", "parkinglot-b"}}, {"1.1": 1})
    assert not done_twice([stay()], {"1.1": {"parkinglot-a"}}, {"1.1": 1})


def test_malformed_blocks_park_nobody():
    made = malformed(3000, random.Random(1))
    assert all(block.count(b"\r\n\r\n") == 1 for block in made)
    heard = []
    for block in made:
        headers = parse(block.removesuffix(b"\r\n\r\n"))
        try:
            heard.append(headers and "ActionID" not in headers and translate.event(headers, now_utc()))
        except (KeyError, ValueError):
            heard.append(None)
    assert [event for event in heard if isinstance(event, Parked | Swapped)] == []
    assert any(heard), "some are still words that the portal must take in"


def test_boards_of_the_chaos_come_back_as_the_pages_do():
    script = (Path(__file__).parents[2] / "static/board/socket.js").read_text(encoding="utf-8")
    values = {name: int(value.replace("_", "")) for name, value in re.findall(r"const (\w+) = ([\d_]+);", script)}
    assert [values[name] for name in ("SHORTEST", "SPREAD", "LONGEST")] == [
        SHORTEST * 1000,
        SPREAD * 1000,
        LONGEST * 1000,
    ]
    assert "Math.min(LONGEST, SPREAD * 2 ** this.#attempts++)" in script
    assert "SHORTEST + Math.random() * (longest - SHORTEST)" in script


def test_the_pages_rule_spreads_a_thousand_boards():
    """The first attempts of all within 2.5 seconds, those of a server away for long within 9.5."""
    for attempts, span in ((1, 2.5), (2, 5.5), (6, 9.5)):
        times = sorted(pause(attempts, number / 999) for number in range(1000))
        assert times[-1] - times[0] == pytest.approx(span)
        rush = max(sum(at <= other < at + 0.1 for other in times) for at in times)
        assert rush <= 1000 * 0.1 / span + 2
