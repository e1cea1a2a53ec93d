"""How the boards of this web process are at the moment they are asked."""

from collections.abc import Iterable, Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric

from dashboard.hub import running_hub


class BoardFigures:
    """Asked on the event loop of the hub: nothing moves meanwhile."""

    def describe(self) -> Iterable[Metric]:
        """The names, before there is anything."""
        return _families()

    def collect(self) -> Iterator[Metric]:
        """Without a hub nobody has opened a board here, and nobody has listened."""
        boards, silence = families = _families()
        hub = running_hub()
        for kind, number in zip(("board", "wall"), hub.fanout.count() if hub else (0, 0), strict=True):
            boards.add_metric([kind], number)
        for pbx, seconds in (hub.replica.links.silences() if hub else {}).items():
            silence.add_metric([pbx], seconds)
        yield from families


def _families() -> tuple[GaugeMetricFamily, ...]:
    return (
        GaugeMetricFamily("parkinglot_boards_open", "Boards and wall screens open here.", labels=["kind"]),
        GaugeMetricFamily("parkinglot_bridge_silence_seconds", "Since a bridge was heard here.", labels=["pbx"]),
    )


REGISTRY.register(BoardFigures())
