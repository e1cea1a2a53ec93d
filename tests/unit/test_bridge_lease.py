"""One bridge at a time serves a PBX."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from lots.bridge import lease
from lots.bridge.lease import LeaseLost
from lots.models import Pbx

pytestmark = pytest.mark.django_db
A, B = "host-a:1", "host-b:2"


@pytest.fixture
def free(pbx: Pbx) -> Pbx:
    Pbx.objects.update(lease_holder="", lease_until=None)
    return pbx


def until(pbx: Pbx) -> timedelta:
    pbx.refresh_from_db()
    assert pbx.lease_until is not None
    return pbx.lease_until - timezone.now()


def test_the_second_waits_until_it_is_given_back(free: Pbx) -> None:
    assert lease.take(free, A)
    assert not lease.take(free, B)
    lease.give_back(free, B)
    assert not lease.take(free, B), "only the holder gives it back"
    lease.give_back(free, A)
    assert lease.take(free, B)
    assert not lease.take(free, A)


def test_the_holder_renews(free: Pbx) -> None:
    assert lease.take(free, A)
    Pbx.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    assert lease.take(free, A)
    assert until(free) > lease.LENGTH - timedelta(seconds=2)
    assert timedelta(seconds=2 * lease.RENEW) < lease.LENGTH, "one renewal may be missed"


def test_it_expires(free: Pbx) -> None:
    assert lease.take(free, A)
    Pbx.objects.update(lease_until=timezone.now() - timedelta(milliseconds=1))
    assert lease.take(free, B)
    assert not lease.take(free, A), "who was late has to wait like anybody"


def test_a_holder_that_died_on_this_machine_is_not_waited_for(free: Pbx) -> None:
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        alive = f"{lease._place()}:{process.pid}:token"
        assert lease.take(free, alive)
        assert not lease.take(free, B)
        process.communicate()
    assert lease.take(free, B)


@pytest.mark.parametrize(
    "other", ["elsewhere:{dead}:t", "{here}:pid:t", "{here}:", "no colon", "{here}:{me}:t", "{here}:{dead}"]
)
def test_a_holder_we_cannot_judge_is_waited_for(free: Pbx, other: str) -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    holder = other.format(here=lease._place(), dead=process.pid, me=os.getpid())
    assert lease.take(free, holder)
    assert not lease.take(free, B)


def test_two_bridges_have_two_names(free: Pbx) -> None:
    """Even two of one process."""
    first, second = lease.holder(), lease.holder()
    assert first.startswith(f"{lease._place()}:{os.getpid()}:")
    assert lease.take(free, first)
    assert not lease.take(free, second)
    assert len(first) <= 80, "the column's length"


def test_only_the_holder_may_write(free: Pbx) -> None:
    written: list[str] = []
    assert lease.take(free, A)
    lease.fenced(free, A, lambda: written.append("a"))
    with pytest.raises(LeaseLost):
        lease.fenced(free, B, lambda: written.append("b"))
    lease.give_back(free, A)
    with pytest.raises(LeaseLost):
        lease.fenced(free, A, lambda: written.append("late"))
    assert written == ["a"]


def test_leases_of_two_pbxs_are_two(free: Pbx) -> None:
    assert lease.take(free, A)
    assert lease.take(Pbx.objects.create(name="other"), B)
    assert not lease.take(free, B)
