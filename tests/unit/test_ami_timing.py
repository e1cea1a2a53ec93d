from lots.ami import Timing
from lots.ami.timing import Backoff


def test_pauses_grow_to_a_ceiling_and_start_at_random() -> None:
    backoff = Backoff(0.5, 30)
    first = [Backoff(0.5, 30).pause() for _ in range(200)]
    assert all(0 <= pause <= 0.5 for pause in first)
    assert len(set(first)) > 100
    later = [backoff.pause() for _ in range(400)]
    assert max(later) <= 30
    assert max(later[10:]) > 20


def test_success_makes_the_next_pause_short_again() -> None:
    backoff = Backoff(0.5, 30)
    for _ in range(5000):  # also: years of failures overflow nothing
        backoff.pause()
    backoff.reset()
    assert backoff.pause() <= 0.5


def test_chance_takes_nothing_from_a_refused_login_s_pauses() -> None:
    backoff = Backoff(30, 300, least=1)
    assert [backoff.pause() for _ in range(6)] == [30, 60, 120, 240, 300, 300]


def test_a_half_open_link_is_noticed_within_15_seconds() -> None:
    timing = Timing()
    assert timing.idle + max(timing.pong, timing.action + timing.pong / 2) <= 15
