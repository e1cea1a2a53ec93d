"""The locks of the outside numbers, asked of Asterisk at this moment: they are its own, not the portal's."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.utils.translation import gettext as _

from lots.ami import AmiClient, AmiError, now_utc
from lots.models import ParkingLot, Pbx
from lots.publish.accounts import CannotStart, watch_address, where_set
from lots.publish.doors import Ami, Lock, lift, locks

T = TypeVar("T")


class Unreachable(Exception):  # noqa: N818  (an answer)
    """Asterisk could not be asked; the sentence says why."""


def shown_locks(lot: ParkingLot | None) -> dict[str, Any]:
    """For the page: ``locks`` with what people call their lots and the PBX, and ``trouble`` as sentences."""
    found, troubles = list[tuple[Lock, str, Pbx]](), list[str]()
    for pbx in [lot.pbx] if lot else Pbx.objects.filter(active=True).order_by("pk"):
        try:
            locked = _ask(pbx, lambda ami: locks(ami, now_utc()))
        except Unreachable as error:
            troubles.append(str(error))
            continue
        labels = dict(pbx.lots.values_list("name", "label"))
        found += [(one, labels.get(one.lot, one.lot), pbx) for one in locked if lot is None or one.lot == lot.name]
    return {"locks": found, "trouble": " ".join(troubles)}


def asterisk_lifts(pbx: Pbx, lot: str, caller: str) -> None:
    """Forget the failures of ``caller`` at ``lot`` (``""``: the lot's own). Raises ``Unreachable``."""
    try:
        _ask(pbx, lambda ami: lift(ami, lot, caller))
    except ValueError:
        raise Unreachable(_("There is no such lock.")) from None


def _ask(pbx: Pbx, act: Callable[[Ami], Awaitable[T]]) -> T:
    async def asked() -> T:
        address = watch_address(pbx)
        if address is None:
            raise CannotStart(_("%(setting)s is not set.") % {"setting": where_set(pbx, "ASTERISK_AMI_URL")})
        async with AmiClient(address) as ami:
            return await act(ami)

    try:
        return async_to_sync(asked)()
    except (AmiError, CannotStart) as error:
        raise Unreachable(str(error)) from error
