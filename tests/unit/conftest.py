import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from channels.layers import channel_layers
from django.contrib.auth.models import User
from django.utils import timezone, translation
from pytest_django import Settings

from dashboard.hub import Hub
from lots.bridge.start import the_pbx
from lots.models import ParkingLot, Pbx
from tests.kit.logins import make_roles, person, phone
from tests.kit.served import BOB, Served, serving


@pytest.fixture(autouse=True)
def fresh_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of an earlier test's messages, and queues of this test's loop."""
    monkeypatch.setattr(channel_layers, "backends", {})


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page leaves its viewer's language to whatever runs in its thread next."""
    yield
    translation.deactivate()


@pytest.fixture
def roles(db: None) -> None:
    """The groups of the migration, made again by it: a transactional test before this one has emptied the tables."""
    make_roles()


@pytest.fixture
def pbx(db: None) -> Pbx:
    """A PBX that a bridge on another machine serves and hears."""
    pbx = the_pbx()
    pbx.link_state, pbx.link_since = "hearing", timezone.now()
    pbx.lease_holder, pbx.lease_until = "elsewhere:1", timezone.now() + timedelta(hours=1)
    pbx.save()
    return pbx


@pytest.fixture
def lot(pbx: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(pbx=pbx, name="desk", label="Desk", first_slot=701, last_slot=704)


@pytest.fixture
def rita(pbx: Pbx, roles: None) -> User:
    """A receptionist with a phone."""
    user = person("rita", "Receptionists")
    phone(pbx, "201", user)
    return user


@pytest.fixture
def ron(pbx: Pbx, roles: None) -> User:
    """Another receptionist with another phone."""
    user = person("ron", "Receptionists")
    phone(pbx, "202", user)
    return user


@pytest.fixture
def sam(roles: None) -> User:
    """Staff: sees the board, may touch nothing."""
    return person("sam", "Staff")


@pytest.fixture
def alex(roles: None) -> User:
    """An administrator by group alone."""
    return person("alex", "Administrators", is_staff=True)


@pytest.fixture
async def serve(pbx: Pbx) -> AsyncIterator[Any]:
    """Starts bridges of a PBX that nobody serves yet."""
    await Pbx.objects.aupdate(lease_holder="", lease_until=None, link_state="hearing")
    async with serving(pbx) as start:
        yield start


@pytest.fixture
async def hub(pbx: Pbx) -> AsyncIterator[Hub]:
    started = Hub()
    await started.start()
    yield started
    await started.stop(4012)
    await asyncio.gather(*started._tasks, return_exceptions=True)


@pytest.fixture
async def served(serve: Any) -> Served:
    """A bridge that hears Asterisk; Bob is parked."""
    started: Served = await serve()
    await started.come_up(BOB)
    return started
