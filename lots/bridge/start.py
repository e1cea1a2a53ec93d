"""What must be so before a bridge can serve: a PBX row, and an account that Asterisk takes."""

import asyncio
import contextlib
import logging

from django.conf import settings

from lots.ami import AmiAddress, AmiLink
from lots.models import Pbx
from lots.types import events

PBX = "main"

quiet = logging.getLogger("knock")
quiet.setLevel(logging.CRITICAL)  # who knocks says what came of it


class CannotStart(Exception):  # noqa: N818  (the start's answer)
    """One sentence for the person at the terminal."""


def the_pbx() -> Pbx:
    """The row of the one PBX that the environment names."""
    return Pbx.objects.get_or_create(name=PBX)[0]


def address(url: str, *, setting: str = "ASTERISK_AMI_URL") -> AmiAddress:
    """The address in ``url``, the value of ``setting``. Raises ``CannotStart``."""
    try:
        return AmiAddress.parse(url)
    except ValueError as error:
        raise CannotStart(f"{setting}: {error}") from error


def watch_address() -> AmiAddress | None:
    """The account for day-to-day work; None: the environment names none. Raises ``CannotStart``."""
    return address(str(settings.ASTERISK_AMI_URL)) if settings.ASTERISK_AMI_URL else None


def publish_address() -> AmiAddress | None:
    """The account that publishes; None: the environment names none. Raises ``CannotStart``."""
    url = str(settings.ASTERISK_AMI_PUBLISH_URL)
    return address(url, setting="ASTERISK_AMI_PUBLISH_URL") if url else None


async def knock(at: AmiAddress) -> str:
    """Log in once. Returns ``""`` or why Asterisk cannot be heard for now; a refused account raises ``CannotStart``."""
    inbox: asyncio.Queue[events.Event] = asyncio.Queue(maxsize=1000)
    task = asyncio.ensure_future(AmiLink(at, inbox, log=quiet).run())
    try:
        match await inbox.get():
            case events.LoginRefused(reason=reason):
                raise CannotStart(
                    f"{reason.rstrip('.')}. Check user and secret in ASTERISK_AMI_URL and in manager.conf."
                )
            case events.LinkLost(reason=reason):
                return reason
        return ""
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def ami_url() -> str:
    """``ASTERISK_AMI_URL``. Raises ``CannotStart`` when unset: only ``serve`` brings an Asterisk of its own."""
    if not settings.ASTERISK_AMI_URL:
        raise CannotStart("ASTERISK_AMI_URL is not set. Write ami://user:secret@host:5038.")
    return str(settings.ASTERISK_AMI_URL)
