"""How long a lot was full, against a second-by-second count."""

from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.history.full import Span, full_seconds

SECOND = st.integers(0, 30)
SPANS = st.lists(st.tuples(st.integers(1, 4), SECOND, SECOND), max_size=12)


def counted(spans: list[Span], slots: int, since: int, until: int) -> int:
    """Seconds in which that many slots had somebody in them."""
    return sum(
        len({slot for slot, begin, end in spans if begin <= second < end}) >= slots for second in range(since, until)
    )


@given(SPANS, st.integers(1, 4), SECOND, SECOND)
@example([(1, 0, 10), (1, 5, 15), (2, 8, 20)], 2, 0, 30)  # two stays overlap in one slot
@example([(1, 0, 10), (1, 10, 20), (2, 0, 20)], 2, 0, 30)  # one comes at the moment another goes
@example([(1, 5, 5), (2, 9, 3)], 1, 0, 30)  # nothing, and an end before its begin
@example([(1, 0, 30)], 1, 20, 10)  # a period that is none
def test_it_is_as_a_count_of_seconds_says(spans: list[Span], slots: int, since: int, until: int) -> None:
    assert full_seconds(spans, slots, since, until) == counted(spans, slots, since, until)


def test_parts_of_seconds_count() -> None:
    assert full_seconds([(701, 1.25, 3.0), (702, 2.0, 2.75)], 2, 0, 10) == 0.75
