"""One bridge at a time serves a PBX. The lease is a row in the database; a second bridge waits for it."""

import os
import socket
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from lots.models import Pbx

LENGTH = timedelta(seconds=12)
"""How long a bridge that vanished still counts."""
RENEW = 4.0
"""Seconds between renewals."""


def holder() -> str:
    """This process, as the lease names it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def take(pbx: Pbx, me: str) -> bool:
    """Take or renew the lease. True: we serve the PBX until now + ``LENGTH``."""
    now = timezone.now()
    free = Q(lease_holder="") | Q(lease_holder=me) | Q(lease_until=None) | Q(lease_until__lte=now)
    if _taken(pbx, free, me):
        return True
    other = Pbx.objects.values_list("lease_holder", flat=True).get(pk=pbx.pk)
    return _is_dead_here(other) and _taken(pbx, Q(lease_holder=other), me)


def _taken(pbx: Pbx, free: Q, me: str) -> bool:
    until = timezone.now() + LENGTH
    return bool(Pbx.objects.filter(free, pk=pbx.pk).update(lease_holder=me, lease_until=until))


def _is_dead_here(other: str) -> bool:
    """Whether ``other`` was a process of this host that no longer lives: no need to wait for it."""
    host, _, pid = other.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def give_back(pbx: Pbx, me: str) -> None:
    """Let the next bridge in at once."""
    Pbx.objects.filter(pk=pbx.pk, lease_holder=me).update(lease_holder="", lease_until=None)
