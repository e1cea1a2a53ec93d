"""What the bridge counts. Labels have few values each: never a caller, a number, a slot or a user."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter

from prometheus_client import Counter, Histogram

from lots.types import events
from lots.types.changes import Change, Ended, LinkChanged, LinkState, Outcome, Resolved

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds a machine takes."""
WAITS = (5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800)
"""Seconds a person waits."""

EVENT_LAG = Histogram(
    "parkinglot_event_lag_seconds",
    "From hearing an event of Asterisk's to its change being written and told.",
    ["pbx"],
    buckets=QUICK,
)
WRITE = Histogram("parkinglot_database_write_seconds", "A transaction of the bridge's.", ["pbx"], buckets=QUICK)
WRITE_FAILED = Counter("parkinglot_database_write_failures", "Transactions of the bridge's that failed.", ["pbx"])
WAIT = Histogram("parkinglot_wait_seconds", "A stay in a slot, by how it ended.", ["pbx", "outcome"], buckets=WAITS)
LINK_LOST = Counter("parkinglot_asterisk_link_losses", "Times Asterisk was not heard any more.", ["pbx"])
COMMANDS = Counter("parkinglot_commands", "Orders from boards, by what became of them.", ["pbx", "kind", "code"])
PUBLICATIONS = Counter("parkinglot_publications", "Publications by verdict.", ["pbx", "verdict"])


@contextmanager
def writing(pbx: str) -> Iterator[None]:
    """Times a transaction."""
    began = perf_counter()
    try:
        yield
    except Exception:
        WRITE_FAILED.labels(pbx).inc()
        raise
    WRITE.labels(pbx).observe(perf_counter() - began)


def written(pbx: str, batch: Iterable[events.Event], changes: Iterable[Change]) -> None:
    """These events led to these changes, which are written and told now."""
    now = datetime.now(UTC)
    for event in batch:
        if not isinstance(event, events.Ticked):
            EVENT_LAG.labels(pbx).observe(max(0.0, (now - event.at).total_seconds()))
    for change in changes:
        match change:
            case Ended(call, ending):
                _ended(pbx, call.uniqueid, ending.outcome, max(0.0, (ending.at - call.parked_at).total_seconds()))
            case Resolved(uniqueid, ending) if (pbx, uniqueid) in _undecided:
                WAIT.labels(pbx, ending.outcome.value).observe(_undecided.pop((pbx, uniqueid)))
            case LinkChanged(link) if link.state is not LinkState.HEARING:
                LINK_LOST.labels(pbx).inc()


_undecided: dict[tuple[str, str], float] = {}
"""Seconds of stays that ended in a way that is told some seconds later, by PBX and uniqueid."""
MOST_UNDECIDED = 1000


def _ended(pbx: str, uniqueid: str, outcome: Outcome, waited: float) -> None:
    if outcome is not Outcome.LEFT:
        WAIT.labels(pbx, outcome.value).observe(waited)
        return
    _undecided[pbx, uniqueid] = waited
    while len(_undecided) > MOST_UNDECIDED:
        del _undecided[next(iter(_undecided))]
