"""The shared routines hang together: every place a step leads to exists, and everything it says is installed."""

import re
from collections.abc import Iterator

import pytest

from lots.config.conf import Section
from lots.config.extensions import extensions_file
from lots.config.guard import GUARD, GUARD_SECTION
from lots.config.harmless import parked_in
from lots.config.routines import CALLS, CALLS_SECTION, ROUTINES
from lots.config.setup import Lot, Setup, WhenFull

SETUP = Setup(lots=(Lot(name="desk", next_code="*86", retrieve_code="*85"), Lot(name="x", when_full=WhenFull.FALLBACK)))
SOUNDS = "vm-enter-num-to-call pbx-invalidpark pbx-parkingfailed extension is-in-use to-extension"
"""Names looked up in Debian's core sounds for Asterisk 16 and 22."""


def places(section: Section) -> dict[str, set[str]]:
    """Labels by extension; an extension without labels is there too."""
    found: dict[str, set[str]] = {}
    exten = ""
    for line in section.lines:
        exten = line.value.split(",")[0] if line.name == "exten" else exten
        found.setdefault(exten, {"1"}).update(re.findall(r"^(?:[^,]+,1|n)\(([a-z-]+)\)", line.value))
    return found


def steps(section: Section) -> Iterator[tuple[str, str]]:
    """Extension and application with its data, one after the other."""
    exten = ""
    for line in section.lines:
        exten = line.value.split(",")[0] if line.name == "exten" else exten
        yield exten, line.value.split(",", 2 if line.name == "exten" else 1)[-1]


def targets(application: str) -> Iterator[str]:
    """Where a step goes: ``label``, ``extension,priority`` or ``context,extension,priority``."""
    if application.startswith("Goto("):
        yield application[5:-1]
    if found := re.fullmatch(r"GotoIf\((?:.*\]|\$\{ISNULL\(.*\})\?([^?]*)\)", application):
        yield from (target for target in found[1].split(":") if target)
    if found := re.match(r"Gosub\(([^(]+)", application):
        yield found[1]


@pytest.mark.parametrize("section", [CALLS_SECTION, GUARD_SECTION], ids=lambda section: section.name)
def test_every_step_leads_somewhere(section: Section) -> None:
    contexts = {one.name: places(one) for one in extensions_file(SETUP).sections}
    for exten, application in steps(section):
        for target in targets(application):
            parts = [part.replace("${PL_LOT}", "desk") for part in target.split(",")]
            context, there, label = [section.name, exten][: 3 - len(parts)] + parts
            assert label in contexts[context][there], f"{exten}: {application} leads to {target}"


def test_every_routine_ends() -> None:
    for name, routine in ROUTINES.items():
        last = routine[-1] if isinstance(routine[-1], str) else routine[-1][1]
        assert last.startswith(("Hangup(", "Goto(", "Return(", "ParkedCall(")), f"{name}: {last}"


def test_lots_use_no_routine_that_is_not_there() -> None:
    used = {
        name
        for section in extensions_file(SETUP).sections
        for name in re.findall(rf"{CALLS},([a-z-]+),1", section.text)
    }
    assert used <= set(ROUTINES)
    assert {"slot", "pick-up", "ask", "next", "unparked", "park"} <= used


def test_all_sounds_are_core_sounds() -> None:
    said = set(re.findall(r"Playback\(([^)]+)\)", CALLS_SECTION.text)) | set(
        re.findall(r"PL_SAY=([a-z-]+)", CALLS_SECTION.text)
    )
    said |= {word for said in re.findall(r"say\)=([a-z:-]+)\$", CALLS_SECTION.text) for word in said.split(":") if word}
    assert said
    assert said <= set(SOUNDS.split())


def test_the_guard_takes_the_call_that_was_drawn_or_hangs_up_with_its_own_cause() -> None:
    text = GUARD_SECTION.text
    assert text.startswith(f"[{GUARD}]\nexten => s,1,Set(PL_PARKED={parked_in('${PL_SLOT}', '${PL_LOT}')})\n")
    assert text.index('"${PL_UNIQUEID}"]?gone') < text.index("ParkedCall(${PL_LOT},${PL_SLOT})")
    assert text.endswith("same => n(gone),Hangup(26)\n")
