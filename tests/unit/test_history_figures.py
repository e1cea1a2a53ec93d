"""Figures over stays, and the numbers of the pictures."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.history.charts import columns, top, width
from dashboard.history.figures import Figures, Stay, figures, share_of, waits


def stay(start: float, seconds: float | None, outcome: str = "retrieved", **fields: Any) -> Stay:
    end = None if seconds is None else start + seconds
    return Stay(
        **{"lot": 1, "slot": 701, "call": f"u{start}", "start": start, "end": end, "outcome": outcome, **fields}
    )


def test_counts_spans_and_the_share_that_hung_up() -> None:
    stays = [
        stay(0, 10),
        stay(1, 20),
        stay(2, 60, "abandoned"),
        stay(3, 300, "timed_out"),
        stay(4, 30, "elsewhere"),
        stay(5, None, ""),
    ]
    made = figures(stays)
    assert (made.parked, made.retrieved, made.abandoned, made.timed_out, made.other) == (6, 2, 1, 1, 2)
    assert (made.median, made.long) == (30, 300)
    assert made.abandoned_share == 1 / 5, "who still waits has not hung up, nor not"


def test_nobody_has_no_median() -> None:
    assert figures([]) == Figures(0, {}, None, None)
    assert figures([stay(0, None, "")]).median is None
    assert figures([]).abandoned_share is None


@given(st.lists(st.integers(0, 100), min_size=1), st.floats(0.01, 1))
def test_a_share_waited_no_longer(values: list[int], share: float) -> None:
    found = share_of(sorted(values), share)
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_a_move_is_part_of_one_wait() -> None:
    """It began in the first slot, by who parked there, and ended in the last one's lot."""
    first = stay(0, 10, "moved", call="a", parker="Tom")
    second = stay(10, 5, "moved", call="a", lot=2, slot=801, parker="Ann")
    last = stay(15, 20, "retrieved", call="a", lot=3, slot=901, parker="Ann", taker="Rita")
    other = stay(12, 1, "retrieved", call="b")
    whole = waits([last, other, second, first])
    assert Stay(3, 901, "a", 0, 35, "retrieved", "Tom", "Rita") in whole
    assert len(whole) == 2


def test_a_call_parked_twice_waited_twice() -> None:
    assert len(waits([stay(0, 10, call="a"), stay(50, 10, call="a")])) == 2
    assert len(waits([stay(0, 10, "moved", call="a")])) == 1


@pytest.mark.parametrize(
    ("highest", "end"), [(0, 1), (1, 1), (2, 2), (7, 8), (9, 10), (10, 10), (11, 20), (2100, 3000), (81, 100)]
)
def test_an_axis_ends_at_a_round_number(highest: int, end: int) -> None:
    assert top(highest) == end


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1, max_size=24))
def test_columns_stand_on_the_ground_and_are_as_high_as_their_numbers(counts: list[tuple[int, int, int, int]]) -> None:
    groups = [
        Figures(sum(four), {"retrieved": four[0], "timed_out": four[1], "abandoned": four[2], "left": four[3]})
        for four in counts
    ]
    end = top(max(group.parked for group in groups))
    for group, column in zip(groups, columns(groups), strict=True):
        level = 100.0
        for piece in column.pieces:
            level -= float(piece.height)
            assert float(piece.y) == pytest.approx(level, abs=0.05)
        assert 100 - level == pytest.approx(100 * group.parked / end, abs=0.05)


def test_bars_of_nothing_have_no_length() -> None:
    assert (width(0, 0), width(1, 3)) == ("0", "33.33")
