"""The version of Asterisk, what that one can do, and the modules that are needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lots.publish.finding import Finding, Level, Paste, ok
from lots.publish.needed_modules import ALWAYS
from lots.publish.pbx_facts import Facts
from lots.publish.versions import CHOSEN_SLOT, FORGETS, FULL_LOT, GUARDED, OLDEST, PLAYLIST, SUPPORTED, Feature

AREA, MODULES = "version", "modules"


@dataclass(frozen=True, slots=True)
class Capability:
    """What is said of an Asterisk that has the feature, and of one that has not."""

    feature: Feature
    has: Any
    lacks: Any


CAPABILITIES = (
    Capability(
        CHOSEN_SLOT,
        gettext_lazy("A call can be parked from the board in the slot somebody chooses."),
        gettext_lazy("A call parked from the board gets any free slot: choosing one needs 18.19, 20.4 or 21."),
    ),
    Capability(
        FULL_LOT,
        gettext_lazy("A call that finds the lot full goes where the lot says."),
        gettext_lazy(
            "When the last slot is taken at the same moment, Asterisk hangs the call up: that is mended in 18.23, "
            "20.8, 21.3 and 22."
        ),
    ),
    Capability(
        FORGETS,
        gettext_lazy("A call that is parked again comes back to who parked it last."),
        gettext_lazy(
            "A call that is parked again may come back to who parked it first: forgetting needs 16.30, 18.16, 20.1 "
            "or 21."
        ),
    ),
    Capability(
        GUARDED,
        gettext_lazy("An account that may only originate calls cannot write files."),
        gettext_lazy(
            "Whoever has the secret of an account that may originate calls can run programs on the PBX "
            "(GHSA-c4cg-9275-6w44). Update Asterisk: 18.24.2, 20.9.2, 21.4.2 and 22 are mended."
        ),
    ),
    Capability(
        PLAYLIST,
        gettext_lazy("Hold music can come from the portal."),
        gettext_lazy("Hold music from the portal is not played: that needs 16.7."),
    ),
)


def findings(facts: Facts) -> Iterator[Finding]:
    """Version, capabilities, modules."""
    yield from _version(facts)
    yield from _modules(facts)


def _version(facts: Facts) -> Iterator[Finding]:
    if facts.version is None:
        yield Finding(Level.HINT, AREA, _("Asterisk does not tell its version, so nobody knows what it can do."))
        return
    name = {"name": f"Asterisk {facts.version_text or facts.version[0]}", "oldest": OLDEST}
    if facts.version[0] < OLDEST:
        words = _("%(name)s is too old: the portal needs %(oldest)s or newer.")
        yield Finding(Level.MISSING, AREA, words % name)
        return
    yield ok(AREA, _("This is %(name)s.") % name)
    if facts.version[0] < SUPPORTED:
        yield Finding(Level.HINT, AREA, _("%(name)s gets no fixes any more, not even for security.") % name)
    for one in CAPABILITIES:
        yield _capability(one, facts)


def _capability(one: Capability, facts: Facts) -> Finding:
    assert facts.version is not None  # noqa: S101 - the caller looked; for the type checker
    if one.feature.is_in(facts.version):
        return ok(AREA, str(one.has))
    needed = one.feature is PLAYLIST and facts.uploads
    return Finding(Level.MISSING if needed else Level.HINT, AREA, str(one.lacks))


def _modules(facts: Facts) -> Iterator[Finding]:
    """Nothing is said of modules that nobody could ask for."""
    lacking = [name for name, loaded in facts.modules.items() if not loaded]
    if facts.modules and not lacking:
        yield ok(MODULES, _("All modules that are needed are loaded."))
    for name in lacking:
        words = _("The module %(name)s is not loaded. Load it, and see that modules.conf does not keep it out.")
        level = Level.MISSING if name in ALWAYS else Level.HINT
        paste = Paste("modules.conf", f"load = {name}\n")
        yield Finding(level, MODULES, words % {"name": name}, (paste,), f"asterisk -rx 'module load {name}'")
