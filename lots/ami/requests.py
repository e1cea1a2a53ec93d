"""Actions of ours that wait for an answer. Entries leave when answered, refused, late, given up, or cut off."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from lots.ami.errors import ActionRefused, ActionTimedOut, AmiError
from lots.ami.message import Headers, Reply

Outcome = Reply | AmiError
Done = Callable[[Outcome], None]
"""Called once, synchronously, in the place of the answer in the stream: that is what keeps the order."""


@dataclass(slots=True)
class _Waiting:
    action: str
    done: Done
    timer: asyncio.TimerHandle
    response: Headers | None = None
    items: list[Headers] = field(default_factory=list)


class Requests:
    """Keyed by ActionID."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._waiting

    def add(self, action_id: str, action: str, done: Done, limit: float) -> None:
        """Wait ``limit`` seconds, list items included."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(limit, lambda: self._finish(action_id, ActionTimedOut(action, limit)))
        self._waiting[action_id] = _Waiting(action, done, timer)

    def longest_wait(self) -> float:
        """Seconds until the last of the waiting actions is late; 0 when none waits."""
        now = asyncio.get_running_loop().time()
        return max((entry.timer.when() - now for entry in self._waiting.values()), default=0.0)

    def take_response(self, headers: Headers) -> None:
        """Ends the action, or begins its list. Late and foreign responses are nobody's."""
        action_id = headers.get("ActionID", "")
        entry = self._waiting.get(action_id)
        if entry is None:
            return
        if headers["Response"] in {"Error", "Failure", "Fail"}:
            self._finish(action_id, ActionRefused(entry.action, headers.get("Message", "")))
        elif headers.get("EventList", "").lower() == "start":
            entry.response = headers
        else:
            self._finish(action_id, Reply(headers, raw=headers.raw))

    def take_item(self, headers: Headers) -> None:
        """An event with an ActionID: part of a list, or its end."""
        action_id = headers["ActionID"]
        entry = self._waiting.get(action_id)
        if entry is None or entry.response is None:
            return
        ending = headers.get("EventList", "").lower()
        if ending == "complete":
            self._finish(action_id, Reply(entry.response, tuple(entry.items)))
        elif ending == "cancelled":
            self._finish(action_id, ActionRefused(entry.action, "the list was cut short"))
        else:
            entry.items.append(headers)

    def forget(self, action_id: str) -> None:
        """Nobody waits for it any more."""
        if entry := self._waiting.pop(action_id, None):
            entry.timer.cancel()

    def fail_all(self, error: Callable[[], AmiError]) -> None:
        """Every waiting action ends now, each with an error of its own."""
        for action_id in list(self._waiting):
            self._finish(action_id, error())

    def _finish(self, action_id: str, outcome: Outcome) -> None:
        if entry := self._waiting.pop(action_id, None):
            entry.timer.cancel()
            entry.done(outcome)
