"""Recordings are brought into the PBX's own cache before the first caller needs them.

Asterisk fetches an address when it is played for the first time, and the caller waits for it; when the portal is away
then, nothing is played. So each is fetched once at publishing, by Asterisk's command ``media cache refresh``, which
does nothing for one that is there and may still be kept (``ast_media_cache_retrieve``). What it has fetched plays on
without the portal, also after a restart of Asterisk. Needs the class ``command``.
"""

from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lots.ami import ActionRefused, ActionTimedOut
from lots.ami.message import Reply
from lots.config.setup import Setup

PATIENCE = 190.0
"""Seconds for one file: Asterisk itself gives up after 180 (``timeout_secs`` in res_http_media_cache.conf)."""

MAY_NOT = gettext_noop(
    "The AMI account for publishing may not run commands (class command), so the PBX fetches each recording only when "
    "it is played for the first time."
)
NOT_FETCHED = gettext_noop(
    "The PBX could not fetch {some} of {all} recordings, such as {one}. Callers hear nothing or other music instead. "
    "Can the PBX reach the portal there? If not, set PORTAL_URL to an address it can reach; it also needs the modules "
    "res_http_media_cache and res_curl."
)


class Ami(Protocol):
    """What is needed of a session."""

    async def send(
        self,
        action: str,
        headers: list[tuple[str, str]],
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as AmiClient has it
    ) -> Reply:
        """Send an action and wait for its reply."""


async def warm(ami: Ami, setup: Setup) -> list[str]:
    """Have the PBX fetch every recording of ``setup``. Sentences about those it could not; none: all is well.

    Never a reason to fail: music that is not there now is fetched when it is played. Raises ``Disconnected``.
    """
    urls = addresses(setup)
    missing = []
    for url in urls:
        try:
            reply = await ami.send("Command", [("Command", f"media cache refresh {url}")], timeout=PATIENCE)
        except ActionRefused:
            return [_(MAY_NOT)]
        except ActionTimedOut:
            missing.append(url)
            break
        if not _is_there(reply):
            missing.append(url)
    return [_(NOT_FETCHED).format(some=len(missing), all=len(urls), one=missing[0])] if missing else []


def addresses(setup: Setup) -> list[str]:
    """Every address Asterisk will fetch, once each: hold music, messages, tones."""
    sounds = [url for music in setup.music for url in music.urls]
    sounds += [sound for lot in setup.lots for sound in (lot.message, lot.courtesy_tone)]
    return list(dict.fromkeys(sound for sound in sounds if sound.startswith(("http://", "https://"))))


def _is_there(reply: Reply) -> bool:
    """It prints ``Refreshed '…' to local storage '…'``, or ``Unable to refresh '…'``."""
    return "Refreshed " in reply.headers.get("Output", "")
