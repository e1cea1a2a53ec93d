"""How the bridges of this process are at the moment they are asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from weakref import WeakSet

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric

from lots.types.changes import LinkState

if TYPE_CHECKING:
    from lots.bridge.fleet import Fleet
    from lots.bridge.service import Bridge

fleets: "WeakSet[Fleet]" = WeakSet()
"""Those that run."""


class FleetFigures:
    """Of a bridge that waits to take over only that it waits: what it knows is old."""

    def describe(self) -> Iterable[Metric]:
        """The names, before there is anything."""
        return _families()

    def collect(self) -> Iterator[Metric]:
        """All bridges."""
        serving, link, queue, parked, orders = families = _families()
        for bridge in (bridge for fleet in fleets for bridge in fleet.bridges.values()):
            name, serves = bridge.pbx.name, bridge.serving.is_set()
            serving.add_metric([name], serves)
            if serves:
                link.add_metric([name], bridge.board.link.state is LinkState.HEARING)
                queue.add_metric([name], bridge.inbox.qsize())
                orders.add_metric([name], len(bridge.orders.running))
                for lot, count in _parked(bridge).items():
                    parked.add_metric([name, lot], count)
        yield from families


def _families() -> tuple[GaugeMetricFamily, ...]:
    return (
        GaugeMetricFamily("parkinglot_bridge_serving", "1: serves this PBX; 0: waits to take over.", labels=["pbx"]),
        GaugeMetricFamily("parkinglot_asterisk_link_up", "1: Asterisk is heard.", labels=["pbx"]),
        GaugeMetricFamily("parkinglot_event_queue_depth", "Events heard and not yet looked at.", labels=["pbx"]),
        GaugeMetricFamily("parkinglot_parked_calls", "Callers in the slots of a lot.", labels=["pbx", "lot"]),
        GaugeMetricFamily("parkinglot_commands_running", "Orders from boards at work.", labels=["pbx"]),
    )


def _parked(bridge: "Bridge") -> Mapping[str, int]:
    """By Asterisk's name of the lot, empty ones too: a line that stops is no zero."""
    empty = dict.fromkeys(bridge.board.lots, 0)
    return {**empty, **Counter(call.lot for call in bridge.board.calls.values())}


REGISTRY.register(FleetFigures())
