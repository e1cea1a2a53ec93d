"""Making a PBX what it should be: prepare, look for clashes, write, reload, compare. One connection, one try."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from lots.ami import ActionRefused, AmiClient
from lots.config.conf import EXTENSIONS, FILES, MODULES, MUSIC, PARKING
from lots.config.content import Content
from lots.config.edits import edits
from lots.config.meant import MeantLot, meant_lots
from lots.models import Pbx
from lots.publish import verify, writer
from lots.publish.errors import NotAsMeant, PublishError, ReloadRefused
from lots.publish.live import live_clashes
from lots.publish.pipeline import PATIENCE
from lots.publish.plan import Plan, plan
from lots.publish.reader import read_contents
from lots.publish.report import Report
from lots.publish.rows import Contents
from lots.publish.translated import clash_words

RELOAD = 180.0
"""Seconds a reload may take; see ``lots.config.edits`` for what it does all the while."""
PAUSE = 0.3
"""Seconds before asking again an Asterisk that is busy or starting."""
NOT_YET = ("reload is in progress", "not initialized", "No such module")
"""Words of a reload's refusal that may pass: another reload runs, or Asterisk is starting."""
MOST_SAID = 5
"""Clashes named in one message."""
ALL_LOTS = 64
"""Up to so many lots all are compared after every publication; of more, those that changed."""


class Apply:
    """``known`` are contents that files of ours may have; ``touched`` are the files written so far.

    ``patience``: seconds an Asterisk that is starting may take until it runs what its files say. ``careful``: write
    nothing when parking would refuse it; on the way back there is no choice. ``eyes`` is a session of the account that
    watches calls: only class ``call`` may ask for the lots.
    """

    def __init__(  # noqa: PLR0913
        self,
        ami: AmiClient,
        eyes: AmiClient,
        report: Report,
        goal: Contents,
        pbx: Pbx,
        *,
        patience: float,
        careful: bool = True,
    ) -> None:
        self._ami, self._eyes, self._report = ami, eyes, report
        self._goal, self._pbx = goal, pbx
        self._patience, self._careful = patience, careful
        self.before: dict[str, Content] = {}
        """What the PBX had."""
        self.touched: set[str] = set()
        self._reloaded: set[str] = set()

    async def run(self, known: Sequence[Contents], *, anyway: Collection[str] = ()) -> None:
        """``anyway``: files to be reloaded even if they need not be written. Raises ``PublishError``, ``AmiError``."""
        self._report.step(_("Reading what the PBX has"))
        there = await read_contents(self._ami)
        self.before = {file: content or {} for file, content in there.items()}
        plans = [
            await plan(self._ami, file, self._goal[file], there[file], [one[file] for one in known])
            for file in FILES
            if self._goal[file] != self.before[file]
        ]
        self._report.step(_("Preparing"), writer.work(plans))
        await writer.stage(self._ami, plans, self._report.advance)
        if self._careful and plans:
            await self._look_around()
        by_file = {one.file: one for one in plans}
        for file in FILES:
            if file in by_file or file in anyway:
                await self._make(file, by_file.get(file))
        await self._compare()

    async def _look_around(self) -> None:
        """Raises ``PublishError`` when something on the PBX is in the way."""
        self._report.step(_("Looking for clashes with the PBX's own dialplan"))
        changed = {lot.name for lot in self._watched()}
        found = await live_clashes(self._ami, self._goal, self._pbx, changed=changed)
        if found:
            raise PublishError(" ".join(clash_words(clash) for clash in found[:MOST_SAID]))

    def _watched(self) -> list[MeantLot]:
        """The lots to look at closely."""
        parking, before = self._goal[PARKING], self.before[PARKING]
        few = len(parking) <= ALL_LOTS
        return [lot for lot in meant_lots(parking) if few or parking[lot.name] != before.get(lot.name)]

    def _contexts(self) -> list[str]:
        """The contexts to look at closely."""
        few, before = len(self._goal[PARKING]) <= ALL_LOTS, self.before[EXTENSIONS]
        return [name for name, lines in self._goal[EXTENSIONS].items() if few or lines != before.get(name)]

    async def _make(self, file: str, written: Plan | None) -> None:
        """Write and reload; without a plan the file is only touched, for parking skips one that is unchanged."""
        self._report.step(_("Writing %s") % file)
        self.touched.add(file)
        if written is None and file != EXTENSIONS:  # the dialplan is always read again
            await writer.touch(self._ami, file)
        elif written is not None:
            await writer.copy(self._ami, written)
            await writer.read_back(self._ami, written)
        await verify.check_included(self._ami, file, self._goal[file])
        if file != EXTENSIONS or written is None or not await self._edit():
            await self._reload(file)

    async def _edit(self) -> bool:
        """Change the dialplan that runs instead of loading it anew, where that saves time. False: it must be loaded."""
        found = edits(self.before[EXTENSIONS], self._goal[EXTENSIONS])
        if found is None:
            return False
        self._report.step(_("Changing the dialplan"), len(found))
        try:
            for edit in found:
                await self._ami.send(edit.action, edit.headers, timeout=PATIENCE)
                self._report.advance()
        except ActionRefused:
            return False
        return True

    async def _reload(self, file: str) -> None:
        module = MODULES[file]
        self._report.step(_("Reloading %s") % module)
        end = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                await self._ami.send("Reload", [("Module", module)], timeout=RELOAD)
            except ActionRefused as error:
                if not any(words in error.message for words in NOT_YET) or asyncio.get_running_loop().time() > end:
                    raise ReloadRefused(file, await self._why(file, error.message)) from error
                await asyncio.sleep(PAUSE)
            else:
                self._reloaded.add(file)
                return

    async def _why(self, file: str, words: str) -> str:
        """Asterisk's own word is "unknown error": say what changed, and what may be in the way."""
        changed = [name for name in self._goal[file] if self._goal[file][name] != self.before[file].get(name)]
        told = {"file": file, "module": MODULES[file], "words": words}
        sentence = _("Asterisk refused %(file)s when %(module)s was to load it (%(words)s).") % told
        if file == PARKING:
            try:
                await verify.check_foreign(self._ami, meant_lots(self._goal[PARKING]))
            except Exception as error:  # noqa: BLE001  (one more try to explain; the refusal is what counts)
                sentence += f" {error}"
        named = "; ".join(f"[{name}] {_options(self._goal[file][name])}" for name in changed[:5])
        return f"{sentence} {_('Changed in it: %s.') % named}" if named else sentence

    async def _compare(self) -> None:
        """Ask Asterisk what it runs. What does not fit and was not reloaded is reloaded once."""
        self._report.step(_("Comparing with what Asterisk runs"))
        end = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                await self._compare_once()
            except (NotAsMeant, ActionRefused) as error:
                if isinstance(error, NotAsMeant) and error.file not in self._reloaded:
                    await self._make(error.file, None)
                elif asyncio.get_running_loop().time() > end:
                    raise
                else:
                    await asyncio.sleep(PAUSE)
            else:
                return

    async def _compare_once(self) -> None:
        await verify.check_music(self._ami, self._goal[MUSIC])
        await verify.check_dialplan(self._ami, self._goal[EXTENSIONS], self._contexts())
        await verify.check_lots(self._eyes, self._goal[PARKING])
        await verify.check_native(self._ami, self._watched())


def _options(lines: Sequence[tuple[str, str]]) -> str:
    wanted: Mapping[str, str] = dict(lines)
    return ", ".join(f"{name} = {value}" for name, value in list(wanted.items())[:4])
