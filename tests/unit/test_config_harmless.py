"""What callers and phones say is nowhere in the whole dialplan where Asterisk would read it as more than text."""

import re
from collections.abc import Iterator

import pytest

from lots.config.extensions import extensions_file
from lots.config.harmless import SIGNS, plain
from lots.config.setup import Door, Lot, Prefix, Setup, Step, StepKind, WhenFull

SETUP = Setup(
    lots=(
        Lot(name="desk", next_code="*86", retrieve_code="*85", reminder=10, alert_info="<http://x>;info=a"),
        Lot(
            name="full",
            first=801,
            last=802,
            park_code="800",
            when_full=WhenFull.OVERFLOW,
            overflow="desk",
            prefix=Prefix(text="P", slot=True, number=True, name=True),
            message="beep",
            steps=(
                Step(kind=StepKind.GROUP, devices=("PJSIP/201", "Local/9@x")),
                Step(kind=StepKind.VOICEMAIL, mailbox="201"),
                Step(kind=StepKind.LOT, lot="desk"),
                Step(kind=StepKind.LOCATION, context="ivr", exten="s"),
            ),
            door=Door(numbers=("4930123",), pin_salt="a" * 32, pin_hash="b" * 40),
        ),
        Lot(name="last", first=901, last=902, park_code="900", when_full=WhenFull.FALLBACK, announce=False),
    )
)
RAW = (
    *("PARKER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "PL_NAME", "PL_NUMBER", "PL_PREFIX", "contacts"),
    *("CALLERID(num)", "CALLERID(name)", "CONNECTEDLINE(num)", "CONNECTEDLINE(name)", "CHANNEL(name)"),
)
"""Variables and functions that hold what callers and phones say, as they say it."""
BEHIND = {"PL_NUMBER": {"parkinglot-guard", "parkinglot-outside_door"}, "PL_NAME": {"parkinglot-guard"}}
"""There they are the receptionist's own, or the number that was dialled."""


def steps() -> Iterator[tuple[str, str]]:
    """Every step of every routine: its context, and its application with the data."""
    for section in extensions_file(SETUP).sections:
        for line in section.lines:
            if line.name in ("exten", "same") and ",hint," not in line.value:
                yield section.name, line.value.split(",", 2 if line.name == "exten" else 1)[-1]


def test_nothing_runs_an_application_that_it_holds_as_text() -> None:
    """``ExecIf`` and its like read a whole application again."""
    assert not [step for _context, step in steps() if re.match(r"(ExecIf|Exec|TryExec|ExecIfTime|Eval)\(", step)]
    assert not [step for _context, step in steps() if "EVAL(" in step]


@pytest.mark.parametrize("name", RAW)
def test_what_is_raw_is_set_filtered_or_asked_about_by_name(name: str) -> None:
    """``Set`` takes all behind its first equals sign as it is."""
    found = [step for context, step in steps() if f"${{{name}" in step and context not in BEHIND.get(name, ())]
    for step in found:
        rest = re.sub(rf"\$\{{FILTER\([^,]+,\$\{{{re.escape(name)}\}}", "", step)
        rest = re.sub(rf"\$\{{LEN\(\$\{{{re.escape(name)}\}}\)\}}", "", rest)
        set_to = re.fullmatch(r"Set\(([^=]*)=(.*)\)", rest)
        assert f"${{{name}" not in rest or (set_to and f"${{{name}" not in set_to[1] and "$[" not in set_to[2]), step


def test_names_of_channels_pass_the_filter_or_are_only_looked_for() -> None:
    raw = [step for _context, step in steps() if "PARK_GET_CHANNEL" in step]
    assert raw
    for step in raw:
        assert "ISNULL(${PARK_GET_CHANNEL(" in step or f"FILTER({SIGNS},${{PARK_GET_CHANNEL(" in step, step


def test_a_plain_name_means_nothing_to_asterisk() -> None:
    assert not set(SIGNS.replace(r"\x2d\x3b\x80-\xff", "")) & set("\"'(),&=?|\\$[]{}<>!^ ")
    assert plain("${X}") == f"${{FILTER({SIGNS},${{X}})}}"
