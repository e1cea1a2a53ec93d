"""The two AMI accounts of a PBX: from the environment for the one it names, from its row for every other."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lots.ami import AmiAddress
from lots.models import Pbx
from lots.sealed import CannotOpen, unseal
from lots.telemetry.logs import hide

MAIN = "main"
"""Name of the PBX that the environment names, and of the demo's."""


class CannotStart(Exception):  # noqa: N818  (the start's answer)
    """One sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """``publish`` writes configuration; ``watch`` sees calls (class ``call``), and is the bridge's own."""

    publish: AmiAddress
    watch: AmiAddress


def is_from_environment(pbx: Pbx) -> bool:
    """Whether the environment says where it is. What its row says does not count then."""
    return pbx.name == MAIN and bool(settings.ASTERISK_AMI_URL or settings.ASTERISK_AMI_PUBLISH_URL)


def watch_address(pbx: Pbx) -> AmiAddress | None:
    """The account for day-to-day work; None: there is none. Raises ``CannotStart``."""
    if is_from_environment(pbx):
        return _given("ASTERISK_AMI_URL")
    return _own(pbx, pbx.watch_user, pbx.watch_sealed)


def publish_address(pbx: Pbx) -> AmiAddress | None:
    """The account that publishes; None: there is none. Raises ``CannotStart``."""
    if is_from_environment(pbx):
        return _given("ASTERISK_AMI_PUBLISH_URL")
    return _own(pbx, pbx.publish_user, pbx.publish_sealed)


def accounts(pbx: Pbx) -> Accounts | None:
    """Both; None: nothing can be published. Raises ``CannotStart``."""
    watch, publish = watch_address(pbx), publish_address(pbx)
    return Accounts(publish=publish, watch=watch) if watch and publish else None


def where_set(pbx: Pbx, setting: str) -> str:
    """Where an account is named: ``setting`` of the environment, or the PBX's page in the admin."""
    by_environment = is_from_environment(pbx) or (pbx.name == MAIN and not pbx.host)
    return setting if by_environment else _("The account of %(pbx)s") % {"pbx": pbx}


def _given(setting: str) -> AmiAddress | None:
    url = str(getattr(settings, setting))
    try:
        return AmiAddress.parse(url) if url else None
    except ValueError as error:
        raise CannotStart(f"{setting}: {error}") from error


def _own(pbx: Pbx, user: str, sealed: str) -> AmiAddress | None:
    if not pbx.host or not user:
        return None
    place: dict[str, Any] = {"host": pbx.host, "port": pbx.port, "tls": pbx.tls, "ca": pbx.ca}
    try:
        secret = unseal(sealed)
        hide(secret)
        return AmiAddress(user=user, secret=secret, **place)
    except (ValueError, CannotOpen) as error:
        raise CannotStart(f"{pbx}: {error}") from error
