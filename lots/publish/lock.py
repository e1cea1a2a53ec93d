"""One publisher at a time: its name stands in the row of the PBX until a time, by the database's clock.

Who has the lock renews it, and sends the PBX nothing any more once it has not been able to for so long that somebody
else might have it soon. What Asterisk was told before that it may still be working on: a reload cannot be called back.
"""

import secrets
import time
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from lots.models import Pbx

LENGTH = timedelta(seconds=12)
"""How long a publisher that vanished still counts."""
RENEW = 4.0
"""Seconds between renewals."""
MARGIN = 2.0
"""Seconds before the end from which nothing more is sent: what is on its way must have arrived by then."""

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where there is such a clock."""


class Busy(Exception):  # noqa: N818  (an answer)
    """Somebody else publishes. The argument says who."""


class Unsure(Exception):  # noqa: N818  (reads as what happened)
    """The lock may be somebody else's by now. The message is a sentence for an administrator."""


def now() -> float:
    """Seconds, by this machine's own clock."""
    return time.clock_gettime(_CLOCK)


def token(who: str) -> str:
    """A name for the lock that no other publisher has."""
    return f"{who[:60]}|{secrets.token_hex(8)}"


def take(pbx: Pbx, me: str) -> None:
    """Take the lock for ``LENGTH``. Raises ``Busy`` while another one has it."""
    free = Q(publisher="") | Q(publisher=me) | Q(publisher_until=None) | Q(publisher_until__lte=Now())
    _write(pbx, me, free)


def renew(pbx: Pbx, me: str) -> None:
    """Keep it for another ``LENGTH``. Raises ``Busy`` when somebody else has it, or had it meanwhile."""
    _write(pbx, me, Q(publisher=me))


def _write(pbx: Pbx, me: str, free: Q) -> None:
    if not Pbx.objects.filter(free, pk=pbx.pk).update(publisher=me, publisher_until=Now() + LENGTH):
        other = Pbx.objects.values_list("publisher", flat=True).get(pk=pbx.pk)
        raise Busy(other.rpartition("|")[0])


def give_back(pbx: Pbx, me: str) -> None:
    """Let the next one in."""
    Pbx.objects.filter(pk=pbx.pk, publisher=me).update(publisher="", publisher_until=None)


class Hold:
    """The lock in the hands of one publisher, who must be able to prove that it is still theirs."""

    def __init__(self, pbx: Pbx, who: str) -> None:
        self._pbx, self._me = pbx, token(who)
        self._until = 0.0

    def take(self) -> None:
        """Raises ``Busy``."""
        asked = now()
        take(self._pbx, self._me)
        self._note(asked)

    def renew(self) -> None:
        """Raises ``Busy``."""
        asked = now()
        renew(self._pbx, self._me)
        self._note(asked)

    def _note(self, asked: float) -> None:
        """The database counts from a moment after ``asked``: we stop sooner than it does."""
        self._until = asked + LENGTH.total_seconds() - MARGIN

    def check(self) -> None:
        """Raises ``Unsure`` unless the lock is certainly ours for the next ``MARGIN`` seconds."""
        if now() >= self._until:
            raise Unsure(
                _(
                    "The database could not be reached in time, so that somebody else may be publishing by now; "
                    "it was stopped."
                )
            )

    def give_back(self) -> None:
        """Let the next one in."""
        give_back(self._pbx, self._me)
