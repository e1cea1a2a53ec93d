"""A session with Asterisk for who has the publisher's lock."""

from collections.abc import Sequence

from lots.ami import AmiAddress, AmiClient, Reply, Timing
from lots.publish.lock import Hold


class LockedClient(AmiClient):
    """Sends nothing once it is not certain any more that the lock is ours: ``send`` and entering raise ``Unsure``."""

    def __init__(self, address: AmiAddress, hold: Hold, *, timing: Timing | None = None) -> None:
        super().__init__(address, timing=timing)
        self._hold = hold

    async def send(
        self,
        action: str,
        headers: Sequence[tuple[str, str]] = (),
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as the base class has it
    ) -> Reply:
        """As ``AmiClient``, if the lock is ours."""
        self._hold.check()
        return await super().send(action, headers, timeout=timeout)
