"""How Asterisk says that a phone was not reached, in the codes of docs/protocol.md."""

from typing import Any

from lots.types.changes import Ending, Outcome

GUARD_REFUSED = 26
"""Q.850 cause with which the dialplan's guard hangs up when another call is in the slot, or none."""

_BY_CAUSE = {
    17: "phone_busy",  # user busy
    18: "phone_no_answer",  # no user responding
    19: "phone_no_answer",  # no answer from the user
    20: "phone_unregistered",  # subscriber absent
    21: "phone_declined",  # call rejected
    3: "phone_unregistered",  # no route
    GUARD_REFUSED: "not_parked",
}


def failure_of_hangup(cause: int, state: str) -> str:
    """The code for a leg of ours that ended with Q.850 ``cause`` before anybody was connected.

    ``state`` is Asterisk's last word on the leg (``""``: none). Asterisk 16 gives cause 0 to a leg that rang too
    long, 22 gives 19 (tried live); a phone that was picked up and put down again has declined.
    """
    if cause in _BY_CAUSE:
        return _BY_CAUSE[cause]
    return {"Ringing": "phone_no_answer", "Up": "phone_declined"}.get(state, "phone_unregistered")


_BY_OUTCOME = {
    Outcome.ABANDONED: "caller_left",
    Outcome.TIMED_OUT: "timed_out",
    Outcome.MOVED: "moved",
}


def code_of_ending(ending: Ending) -> tuple[str, dict[str, Any]]:
    """Why a call is not where it was, to somebody who wanted it: a code and its params."""
    if ending.outcome in {Outcome.RETRIEVED, Outcome.TAKEN_ELSEWHERE}:
        return "taken", {"by": ending.retriever.name or ending.retriever.number}
    return _BY_OUTCOME.get(ending.outcome, "not_parked"), {}
