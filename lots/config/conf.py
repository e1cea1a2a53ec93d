"""A configuration file of Asterisk as structure: what AMI writes and reads back is the same as the text on a disk."""

from collections.abc import Iterable
from dataclasses import dataclass

from lots.config.gate import LONGEST_LINE, UnsafeValue
from lots.types.words import gettext_noop

_ENDS_A_LINE = ("\r", "\n", "\0", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")


@dataclass(frozen=True, slots=True)
class Line:
    """``name = value``, or ``name => value`` for objects such as extensions.

    ``value`` is what Asterisk shall read: escaping is the writer's business.
    """

    name: str
    value: str
    arrow: bool = False

    def __post_init__(self) -> None:
        for text in (self.name, self.value):
            if any(mark in text for mark in _ENDS_A_LINE) or not text.isprintable():
                raise UnsafeValue(repr(self.name), gettext_noop("a line end or another control character."))
        if len(self.value.encode()) > LONGEST_LINE:
            raise UnsafeValue(self.name, gettext_noop("longer than {most} bytes."), most=LONGEST_LINE)
        if self.value != self.value.strip() or self.name != self.name.strip():
            raise UnsafeValue(self.name, gettext_noop("spaces around a value are lost in Asterisk."))

    @property
    def text(self) -> str:
        """The line as it stands in a file: a semicolon would start a comment."""
        sign = "=>" if self.arrow else "="
        return f"{self.name} {sign} {self.value.replace(';', chr(92) + ';')}"


@dataclass(frozen=True, slots=True)
class Section:
    """``[name]`` and its lines, in order. ``owner`` says whose it is: ``lot:reception``, ``music:x``, ``""`` (all)."""

    name: str
    lines: tuple[Line, ...]
    owner: str = ""

    @property
    def text(self) -> str:
        """As it stands in a file."""
        return "\n".join([f"[{self.name}]", *(line.text for line in self.lines)]) + "\n"


@dataclass(frozen=True, slots=True)
class ConfFile:
    """One file of ours on the PBX. ``name`` is its file name."""

    name: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join([HEAD, *(section.text for section in self.sections)])

    def section(self, name: str) -> Section | None:
        """The section called ``name``."""
        return next((section for section in self.sections if section.name == name), None)


LEAVING = "leaving:"
"""Begins the owner of what is kept of a removed lot until its last caller has gone: nobody's change."""
HEAD = "; Written by Parkinglot. Changes made here are found and undone; make them in the portal's admin.\n"

PARKING = "parkinglot_res_parking.conf"
EXTENSIONS = "parkinglot_extensions.conf"
MUSIC = "parkinglot_musiconhold.conf"
FILES = (MUSIC, EXTENSIONS, PARKING)
"""In the order they are written and loaded: a lot may name a class and contexts that must be there before it."""
INCLUDED_BY = {PARKING: "res_parking.conf", EXTENSIONS: "extensions.conf", MUSIC: "musiconhold.conf"}
"""The stock file that must ``#tryinclude`` each of ours."""
MODULES = {PARKING: "res_parking.so", EXTENSIONS: "pbx_config.so", MUSIC: "res_musiconhold.so"}
"""The module that reads each."""


def option(name: str, value: object) -> Line:
    """``name = value``."""
    return Line(name, str(value))


def exten(pattern: str, priority: int | str, application: str) -> Line:
    """``exten => pattern,priority,application``."""
    return Line("exten", f"{pattern},{priority},{application}", arrow=True)


def same(application: str, label: str = "") -> Line:
    """``same => n(label),application``."""
    return Line("same", f"n({label}),{application}" if label else f"n,{application}", arrow=True)


def include(context: str) -> Line:
    """``include => context``."""
    return Line("include", context, arrow=True)


def routine(pattern: str, steps: Iterable[str | tuple[str, str]]) -> tuple[Line, ...]:
    """An extension from priority 1 on; a step is an application, or a label and one."""
    lines: list[Line] = []
    for step in steps:
        label, application = ("", step) if isinstance(step, str) else step
        if not lines:
            lines.append(exten(pattern, f"1({label})" if label else 1, application))
        else:
            lines.append(same(application, label))
    return tuple(lines)
