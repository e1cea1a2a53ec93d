"""One publisher at a time: its name stands in the row of the PBX until a time, by the database's clock."""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from lots.models import Pbx

LENGTH = timedelta(seconds=12)
"""How long a publisher that vanished still counts."""
RENEW = 4.0
"""Seconds between renewals."""


class Busy(Exception):  # noqa: N818  (an answer)
    """Somebody else publishes. The argument says who."""


def token(who: str) -> str:
    """A name for the lock that no other publisher has."""
    return f"{who[:60]}|{secrets.token_hex(8)}"


def take(pbx: Pbx, me: str) -> None:
    """Take or renew the lock for ``LENGTH``. Raises ``Busy`` while another one has it."""
    free = Q(publisher="") | Q(publisher=me) | Q(publisher_until=None) | Q(publisher_until__lte=Now())
    if not Pbx.objects.filter(free, pk=pbx.pk).update(publisher=me, publisher_until=Now() + LENGTH):
        other = Pbx.objects.values_list("publisher", flat=True).get(pk=pbx.pk)
        raise Busy(other.rpartition("|")[0])


def give_back(pbx: Pbx, me: str) -> None:
    """Let the next one in."""
    Pbx.objects.filter(pk=pbx.pk, publisher=me).update(publisher="", publisher_until=None)
