"""How Asterisk says that a phone was not reached, in the codes of docs/protocol.md."""

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

_BY_REASON = {1: "phone_no_answer", 3: "phone_no_answer", 5: "phone_busy", 8: "phone_unregistered"}


def failure_of_hangup(cause: int, *, was_ringing: bool) -> str:
    """The code for a leg of ours that ended with Q.850 ``cause`` before anybody was connected."""
    if cause == 16 and was_ringing:  # noqa: PLR2004  (normal clearing: the time limit of the ringing)
        return "phone_no_answer"
    return _BY_CAUSE.get(cause, "not_parked" if was_ringing else "phone_unregistered")


def failure_of_reason(reason: int) -> str:
    """The code for ``OriginateResponse`` with ``Reason`` (facts: 3 and 1 no answer, 5 busy, 8 congestion, 0 failed)."""
    return _BY_REASON.get(reason, "phone_unregistered")
