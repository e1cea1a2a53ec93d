"""What is done once a publication is live, and is no reason to call it failed: recordings are fetched ahead."""

import logging

from channels.db import database_sync_to_async

from lots.ami import AmiClient, AmiError
from lots.config.gate import UnsafeValue
from lots.models import Publication
from lots.publish.accounts import Accounts
from lots.publish.publications import State
from lots.publish.setup import setup_of
from lots.publish.warm import addresses, warm

log = logging.getLogger(__name__)


def _warn(publication: Publication, sentences: list[str]) -> None:
    Publication.objects.filter(pk=publication.pk, state=State.LIVE).update(message=" ".join(sentences))


def _is_live(publication: Publication) -> bool:
    return Publication.objects.filter(pk=publication.pk, state=State.LIVE).exists()


asetup_of, awarn = database_sync_to_async(setup_of), database_sync_to_async(_warn)
ais_live = database_sync_to_async(_is_live)


async def fetch_recordings(publication: Publication, accounts: Accounts) -> None:
    """Of a publication that is live; what could not be fetched becomes its message. May take minutes; never raises."""
    try:
        setup = await asetup_of(publication.pbx)
        if not addresses(setup) or not await ais_live(publication):
            return
        async with AmiClient(accounts.publish) as ami:
            sentences = await warm(ami, setup)
        if sentences:
            await awarn(publication, sentences)
    except (AmiError, UnsafeValue) as error:
        log.info("Recordings are not fetched ahead: %s", error)
    except Exception:
        log.exception("Recordings could not be fetched ahead for a reason of our own.")
