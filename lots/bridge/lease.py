"""One bridge at a time serves a PBX. The lease is a row in the database; a second bridge waits for it."""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from lots.models import Pbx

T = TypeVar("T")

LENGTH = timedelta(seconds=12)
"""How long a bridge that vanished still counts."""
RENEW = 4.0
"""Seconds between renewals."""


class LeaseLost(Exception):  # noqa: N818  (an answer)
    """Another bridge serves the PBX: what we wanted to write is its business now."""


def _place() -> str:
    """This boot of this machine and this PID namespace: where a process id means what we think it does."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot[:13]}/{Path('/proc/self/ns/pid').stat().st_ino}"


def holder() -> str:
    """A name for the lease that no other bridge has, not even one of the same process id elsewhere."""
    return f"{_place()}:{os.getpid()}:{secrets.token_hex(6)}"


def take(pbx: Pbx, me: str) -> bool:
    """Take or renew the lease, by the database's clock. True: we serve the PBX for ``LENGTH`` from now."""
    free = Q(lease_holder="") | Q(lease_holder=me) | Q(lease_until=None) | Q(lease_until__lte=Now())
    if _taken(pbx, free, me):
        return True
    other = Pbx.objects.values_list("lease_holder", flat=True).get(pk=pbx.pk)
    return _is_dead_here(other) and _taken(pbx, Q(lease_holder=other), me)


def _taken(pbx: Pbx, free: Q, me: str) -> bool:
    return bool(Pbx.objects.filter(free, pk=pbx.pk).update(lease_holder=me, lease_until=Now() + LENGTH))


def _is_dead_here(other: str) -> bool:
    """Whether ``other`` was a process of this very place that no longer lives: no need to wait for it."""
    place, pid, _token = other.rsplit(":", 2) if other.count(":") >= 2 else ("", "", "")  # noqa: PLR2004
    if place != _place() or not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def fence(pbx: Pbx, me: str) -> None:
    """Inside a transaction: go on only while the lease is ours. Raises ``LeaseLost``.

    A bridge that slept past its lease must not write what it knew before: its successor has heard more.
    """
    if not Pbx.objects.select_for_update().filter(pk=pbx.pk, lease_holder=me).exists():
        raise LeaseLost


def fenced(pbx: Pbx, me: str, act: Callable[[], T]) -> T:
    """Run ``act`` in one transaction with the proof that the lease is ours. Raises ``LeaseLost``."""
    with transaction.atomic():
        fence(pbx, me)
        return act()


def give_back(pbx: Pbx, me: str) -> None:
    """Let the next bridge in at once."""
    Pbx.objects.filter(pk=pbx.pk, lease_holder=me).update(lease_holder="", lease_until=None)
