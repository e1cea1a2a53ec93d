"""Wall screens as viewers of the hub: who has the link sees its lots, and may do nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from dashboard import rights
from dashboard.audience import Audience
from dashboard.form import Form
from dashboard.rights import Rights, Viewer
from lots.models import ParkingLot, WallScreen
from lots.models.wall import hash_of

SEEN_EVERY = timedelta(minutes=1)
"""``seen_at`` is no newer than this, to spare the database."""


@dataclass(frozen=True, slots=True)
class WallViewer(Viewer):
    """A screen and the secret it came with. It is nobody's login: asked for a person's rights it has none."""

    user: int = 0
    session: str = field(default="", repr=False)
    screen: int = 0
    secret_hash: str = field(default="", repr=False)


def admit(secret: str) -> WallViewer | None:
    """The screen this secret belongs to, as long as it is neither revoked nor replaced."""
    asked, found = hash_of(secret), None
    for screen in WallScreen.objects.filter(revoked_at=None):
        if constant_time_compare(screen.secret_hash, asked):
            found = WallViewer(screen=screen.pk, secret_hash=asked)
    return found


def current(viewers: Iterable[Viewer]) -> dict[Viewer, Rights]:
    """The rights of people and of wall screens. A screen that may see no more is in it, with no right to see."""
    asked = set(viewers)
    walls = {viewer for viewer in asked if isinstance(viewer, WallViewer)}
    found: dict[Viewer, Rights] = {**rights.current(asked - walls)} if asked != walls else {}
    return {**found, **_walls(walls)} if walls else found


def _walls(walls: set[WallViewer]) -> dict[Viewer, Rights]:
    rows = WallScreen.objects.filter(pk__in={wall.screen for wall in walls}, revoked_at=None)
    screens = {screen.pk: screen for screen in rows.prefetch_related("lots")}
    every = frozenset(ParkingLot.objects.values_list("pk", flat=True))
    return {wall: _rights(wall, screens.get(wall.screen), every) for wall in walls}


def _rights(wall: WallViewer, screen: WallScreen | None, every: frozenset[int]) -> Rights:
    if screen is None or screen.secret_hash != wall.secret_hash:
        return Rights("", see=False, acts=frozenset(), phones=(), lots=Audience())
    see = frozenset(lot.pk for lot in screen.lots.all()) or every
    lots = Audience(see, form=Form.MASKED if screen.hide_numbers else Form.WALL)
    return Rights(screen.label, see=True, acts=frozenset(), phones=(), lots=lots)


def note_seen(screen: int) -> None:
    """Write down that the screen is in use, at most once in ``SEEN_EVERY``."""
    now = timezone.now()
    old = Q(seen_at=None) | Q(seen_at__lte=now - SEEN_EVERY)
    WallScreen.objects.filter(old, pk=screen).update(seen_at=now)
