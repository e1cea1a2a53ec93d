"""Send to a colleague: their phone rings, showing the caller and who sends it. Until they answer the call is parked."""

from lots.bridge.originate import plain
from lots.bridge.retrieval import Retrieval
from lots.types.calls import Call


class Send(Retrieval):
    """A retrieval by somebody else's phone. It is the phone's owner who has taken the call then."""

    def shown(self, call: Call) -> str:
        """The caller, and who sends the call."""
        return plain(f"{super().shown(call)[:30]} / sent by {self.order['user_name']}")

    @property
    def taker(self) -> tuple[int | None, str]:
        """The owner of the phone, by what the phone is called."""
        return self.order.get("taker"), self.order["phone"]["name"]
