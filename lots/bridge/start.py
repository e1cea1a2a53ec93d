"""What must be so before a bridge can serve: a PBX row, and an account that Asterisk takes."""

import asyncio
import contextlib
import logging

from django.conf import settings

from lots.ami import AmiAddress, AmiLink
from lots.models import Pbx
from lots.publish.accounts import MAIN, CannotStart, is_from_environment, publish_address, watch_address, where_set
from lots.types import events

quiet = logging.getLogger("knock")
quiet.setLevel(logging.CRITICAL)  # who knocks says what came of it


def the_pbx() -> Pbx:
    """The row of the PBX that the environment names, or the demo's."""
    return Pbx.objects.get_or_create(name=MAIN)[0]


def named_pbx(name: str | None) -> Pbx:
    """The one with this name; None: the environment's. Raises ``CannotStart``."""
    if name is None:
        return the_pbx()
    found = Pbx.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Pbx.objects.values_list("name", flat=True)) or "none"
        raise CannotStart(f"There is no PBX {name!r}. Known: {known}.")
    return found


def check_environment() -> Pbx:
    """The environment's PBX. Raises ``CannotStart`` where what it says cannot be right."""
    pbx = the_pbx()
    for find in (watch_address, publish_address):
        find(pbx)
    return pbx


def must_be_named() -> None:
    """Raise ``CannotStart`` when no PBX has an account: only ``serve`` brings an Asterisk of its own."""
    if not settings.ASTERISK_AMI_URL and not Pbx.objects.filter(active=True).exclude(host="").exists():
        raise CannotStart("ASTERISK_AMI_URL is not set. Write ami://user:secret@host:5038.")


def needs_own_asterisk() -> bool:
    """Whether nothing says where the first PBX is, and it is not switched off."""
    pbx = the_pbx()
    return pbx.active and not settings.ASTERISK_AMI_URL and not pbx.host


async def try_out(pbx: Pbx, at: AmiAddress) -> str:
    """As ``knock``, but an account in the database that is refused stops nobody: it is mended in the running portal."""
    try:
        return await knock(at, where_set(pbx, "ASTERISK_AMI_URL"))
    except CannotStart as error:
        if is_from_environment(pbx):
            raise
        return f"{pbx}: {error}"


async def knock(at: AmiAddress, setting: str = "ASTERISK_AMI_URL") -> str:
    """Log in once. Returns ``""`` or why Asterisk cannot be heard for now; a refused account raises ``CannotStart``."""
    inbox: asyncio.Queue[events.Event] = asyncio.Queue(maxsize=1000)
    task = asyncio.ensure_future(AmiLink(at, inbox, log=quiet).run())
    try:
        match await inbox.get():
            case events.LoginRefused(reason=reason):
                raise CannotStart(f"{reason.rstrip('.')}. Check user and secret in {setting} and in manager.conf.")
            case events.LinkLost(reason=reason):
                return reason
        return ""
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
