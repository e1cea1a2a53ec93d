"""The locks of the outside numbers, asked of Asterisk at this moment: they are its own, not the portal's."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.utils.translation import gettext as _

from lots.ami import AmiClient, AmiError, now_utc
from lots.bridge.start import CannotStart, address, ami_url
from lots.models import ParkingLot
from lots.publish.doors import Ami, lift, locks

T = TypeVar("T")


class Unreachable(Exception):  # noqa: N818  (an answer)
    """Asterisk could not be asked; the sentence says why."""


def shown_locks(lot: ParkingLot | None) -> dict[str, Any]:
    """For the page: ``locks`` with what people call their lots, or ``trouble`` as a sentence."""
    try:
        found = _ask(lambda ami: locks(ami, now_utc()))
    except Unreachable as error:
        return {"locks": [], "trouble": str(error)}
    labels = dict(ParkingLot.objects.filter(name__in={lock.lot for lock in found}).values_list("name", "label"))
    return {"locks": [(lock, labels.get(lock.lot, lock.lot)) for lock in found if lot is None or lock.lot == lot.name]}


def asterisk_lifts(lot: str, caller: str) -> None:
    """Forget the failures of ``caller`` at ``lot`` (``""``: the lot's own). Raises ``Unreachable``."""
    try:
        _ask(lambda ami: lift(ami, lot, caller))
    except ValueError:
        raise Unreachable(_("There is no such lock.")) from None


def _ask(act: Callable[[Ami], Awaitable[T]]) -> T:
    async def asked() -> T:
        async with AmiClient(address(ami_url())) as ami:
            return await act(ami)

    try:
        return async_to_sync(asked)()
    except (AmiError, CannotStart) as error:
        raise Unreachable(str(error)) from error
