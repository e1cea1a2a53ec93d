"""Take next: the caller who has waited longest, in the lots this person serves."""

from collections.abc import Iterator

from lots.bridge.command import Failed
from lots.bridge.retrieval import Retrieval
from lots.types.calls import Call


class TakeNext(Retrieval):
    """A retrieval that chooses its call. One that somebody else is taking is passed over for the next."""

    async def claimed(self) -> Call:
        """Claim the first that can be had. Raises ``Failed``."""
        if not self.bridge.link.is_up:
            raise Failed("link_lost")
        for call in self._longest_first():
            self._choose(call)
            try:
                return await super().claimed()
            except Failed as failed:
                if failed.code not in {"claimed_by", "not_parked", "moved", "busy_call"}:
                    raise
        self.order["slot"], self.order["uniqueid"] = 0, ""
        raise Failed("nobody_waiting")

    def _longest_first(self) -> Iterator[Call]:
        calls = [call for call in self.bridge.board.calls.values() if call.lot in self.order["lots"]]
        return iter(sorted(calls, key=lambda call: call.since))

    def _choose(self, call: Call) -> None:
        self.order["lot"], self.order["lot_name"] = self.order["lots"][call.lot], call.lot
        self.order["slot"], self.order["uniqueid"] = call.slot, call.uniqueid
