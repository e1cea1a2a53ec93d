"""One publication from wish to verdict, and back to the version before when it cannot be done."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from channels.db import database_sync_to_async
from django.utils.translation import gettext as _

from lots.ami import AmiClient, AmiError, Timing
from lots.config.conf import FILES
from lots.models import Publication
from lots.publish import lock, rows
from lots.publish.accounts import Accounts
from lots.publish.apply import Apply
from lots.publish.errors import PublishError
from lots.publish.lock import Hold, Unsure
from lots.publish.locked import LockedClient
from lots.publish.publications import State
from lots.publish.report import Report
from lots.publish.rows import Contents, Task

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds Asterisk may take until it runs what it was told; it takes none, unless it is just starting."""
PATIENCE_AFTER = 20.0
"""The same after the connection was lost: Asterisk may have been started anew."""
RETURN = 60.0
"""Seconds in which the way back is tried again when there is no connection, or no proof that the lock is ours."""
LONGEST_PAUSE = 3.0

atake, arenew = database_sync_to_async(Hold.take), database_sync_to_async(Hold.renew)
agive_back = database_sync_to_async(Hold.give_back)
apbx_of = database_sync_to_async(lambda publication: publication.pbx)
abegin, aend = database_sync_to_async(rows.begin), database_sync_to_async(rows.end)


async def publish(publication: Publication, accounts: Accounts, who: str, *, timing: Timing | None = None) -> None:
    """Do ``publication``; its row has the verdict. Raises ``lock.Busy`` and ``NotWanted``, then nothing was done."""
    hold = Hold(await apbx_of(publication), who)  # the row keeps its PBX from here on
    await atake(hold)
    try:
        await _while_locked(Publisher(publication, accounts, hold, timing), hold)
    finally:
        await asyncio.shield(agive_back(hold))


async def _while_locked(publisher: "Publisher", hold: Hold) -> None:
    """Until it is done, or the lock is somebody else's: then it must not go on."""
    work = asyncio.create_task(publisher.run(), name="publisher")
    keep = asyncio.create_task(_keep_lock(hold), name="publisher's lock")
    try:
        await asyncio.wait({work, keep}, return_when=asyncio.FIRST_COMPLETED)
        if keep.done():
            publisher.why_stopped = _(
                "Interrupted: the database could not be reached in time, and somebody else publishes meanwhile."
            )
    finally:
        keep.cancel()
        if not work.done():
            work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def _keep_lock(hold: Hold) -> None:
    """Ends when somebody else has it. While the database is away ``hold`` stops the work by itself."""
    while True:
        await asyncio.sleep(lock.RENEW)
        try:
            await arenew(hold)
        except lock.Busy as error:
            log.error("Another publisher (%s) has taken over.", error)  # noqa: TRY400  (the error says no more)
            return
        except Exception:
            log.exception("Cannot renew the publisher's lock; trying again.")


class Publisher:
    """Runs once."""

    def __init__(self, publication: Publication, accounts: Accounts, hold: Hold, timing: Timing | None = None) -> None:
        self._row, self._accounts, self._hold, self._timing = publication, accounts, hold, timing
        self.why_stopped = _("Interrupted: the portal was stopped.")
        """The verdict's first sentence when ``run`` is cancelled."""
        self._touched: set[str] = set()
        self._before: Contents | None = None
        self._report = Report(publication)

    async def run(self) -> None:
        """Raises ``NotWanted``, and what a database raises that cannot be written."""
        task = await abegin(self._row)
        try:
            async with self._report:
                state, message = await self._publish(task)
        except asyncio.CancelledError:
            words = self.why_stopped + (_unknown() if self._touched else _nothing())
            await asyncio.shield(aend(self._row, State.FAILED, words))
            raise
        await aend(self._row, state, message)

    async def _publish(self, task: Task) -> tuple[State, str]:
        try:
            known = [task.good] if task.good else []
            await self._apply(task.goal, known, patience=PATIENCE, anyway=FILES if task.suspect else ())
        except Exception as error:
            if not isinstance(error, (PublishError, AmiError, Unsure)):
                log.exception("Publishing failed for a reason of our own.")
            reason = self._sentence(error)
            if isinstance(error, (AmiError, Unsure)) and self._report.words:
                reason = f"{self._report.words}: {reason}"
            if not self._touched:
                return State.FAILED, reason + _nothing()
            return await self._return(task, reason, lost=not isinstance(error, PublishError))
        return State.LIVE, ""

    async def _apply(
        self,
        goal: Contents,
        known: Sequence[Contents],
        *,
        patience: float,
        anyway: Sequence[str] = (),
        careful: bool = True,
    ) -> None:
        self._hold.check()
        ami = LockedClient(self._accounts.publish, self._hold, timing=self._timing)
        eyes = AmiClient(self._accounts.watch, timing=self._timing)
        async with ami, eyes:
            apply = Apply(ami, eyes, self._report, goal, self._row.pbx, patience=patience, careful=careful)
            try:
                await apply.run(known, anyway=anyway)
            finally:
                self._touched |= apply.touched
                self._before = self._before or apply.before

    async def _return(self, task: Task, reason: str, *, lost: bool) -> tuple[State, str]:
        """Bring back what ran before, and compare again."""
        log.warning("Publication %s failed: %s Returning to the version before.", self._row.pk, reason)
        goal, patience = task.good or self._before or {}, PATIENCE_AFTER if lost else PATIENCE
        end, pause = asyncio.get_running_loop().time() + RETURN, 0.2
        while True:
            try:
                known = [goal, task.goal]
                anyway = [file for file in FILES if file in self._touched]
                await self._apply(goal, known, patience=patience, anyway=anyway, careful=False)
            except PublishError as error:
                return State.FAILED, f"{reason} {_('The version before could not be brought back: %s') % error}"
            except (AmiError, Unsure) as error:
                if asyncio.get_running_loop().time() + pause > end:
                    failed = _("The way back failed too: %s") % self._sentence(error)
                    return State.FAILED, f"{reason} {failed}{_unknown()}"
                patience = PATIENCE_AFTER
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            except Exception:
                log.exception("The way back failed for a reason of our own.")
                failed = _("The way back failed for a reason of the portal's own.")
                return State.FAILED, f"{reason} {failed}{_unknown()}"
            else:
                return State.RETURNED, reason

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, AmiError) and "ermission denied" in str(error):
            words = _(
                "The account %s may not write configuration. Give it write = config,command,system in manager.conf."
            )
            return words % self._accounts.publish.user
        known = isinstance(error, (PublishError, AmiError, Unsure))
        return str(error) if known else _("An error of the portal's own: %r.") % error


def _nothing() -> str:
    return " " + _("Nothing was changed on the PBX.")


def _unknown() -> str:
    return " " + _("What the PBX has now is not known; it is compared at the next connection, and shown.")
