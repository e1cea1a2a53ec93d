"""The demo's lots are published when nothing was yet, as an administrator would do with one click."""

import asyncio
import logging

from channels.db import database_sync_to_async

from lots.models import Pbx, Publication
from lots.publish.publications import CannotPublish, live, want

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds the first publication may take; it takes one or two."""


def _want_first(pbx: Pbx) -> Publication | None:
    return None if live(pbx) else want(pbx, None, name="Demo")


def _is_over(publication: Publication) -> bool:
    publication.refresh_from_db(fields=["state", "message"])
    return publication.state not in {Publication.State.WANTED, Publication.State.RUNNING}


awant_first = database_sync_to_async(_want_first)
ais_over = database_sync_to_async(_is_over)


async def publish_first(pbx: Pbx) -> None:
    """Publish unless something was, and wait for the end. A demo that cannot be published still runs."""
    try:
        async with asyncio.timeout(PATIENCE):
            publication = await awant_first(pbx)
            while publication and not await ais_over(publication):  # noqa: ASYNC110  (another task writes the row)
                await asyncio.sleep(0.1)
    except (CannotPublish, TimeoutError) as error:
        log.warning("The demo's lots could not be published: %s", error or "it took too long")
    else:
        if publication and publication.state != Publication.State.LIVE:
            log.warning("The demo's lots could not be published: %s", publication.message)
