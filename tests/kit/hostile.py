"""What somebody could type to break out of a line of Asterisk's, into every text of ``lots.config.setup``."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from lots.config import gate
from lots.config.clash import clashes
from lots.config.render import render
from lots.config.setup import Door, Lot, Music, MusicKind, Prefix, Setup, Step, StepKind, WhenFull

SLOTS = 90_000
"""Slots of the lots made here lie beyond it."""
TAKEN = {"reception", "quick", "default"}
"""Lots and classes the test PBX has already."""

STREAM = "http://radio.example/a.mp3"
GOOD = [
    "sales",
    "700",
    "*85",
    "beep",
    "PJSIP/201",
    "201@default",
    "4930123",
    STREAM,
    "/moh",
    "/usr/bin",
    "mpg123",
    "alpha",
]
"""Every field takes one of these: none is ever without a value."""


def payloads(marker: str = "/tmp/marker") -> list[str]:
    """Values as they are; ``marker`` is a file that comes to be where one of them is run."""
    run = f"${{SHELL(touch {marker})}}"
    return [
        *GOOD,
        *("", " ", "\r", "\n", "\0", ";", "[", "]", '"', "'", ",", "&", "^", "|", "\\", "..", "/", "#", "$", "%", "`"),
        *(run, f"$({run})", f"`touch {marker}`", f"|touch {marker}", f";touch {marker}", f"a&&touch${{IFS}}{marker}"),
        *("$[1+1]", "${EVAL(${X})}", "a\r\nb", "a\nexten => _X.,1,System(id)", "a\r\n\r\nAction: Command\r\n", "x;y"),
        *(
            "[general]",
            "a\n[general]",
            "#exec /bin/sh",
            '#include "/etc/passwd"',
            ";--",
            "--;",
            "a;--b--;c",
            "\\;",
            "=>",
        ),
        *("../../etc/passwd", "a/../b", "/..", "beep&/../../secret", "http://x/a&../../voicemail/201/msg0000"),
        *("http://x/\r\nHost: y", "http://x/a b", "https://[::1", "http://x:99999/", "http://x|id", "HTTP://X/a"),
        *(" a", "a ", "\ta", "a\u00a0", "\u2028", "\x85", "\x0b", "\u202e700", "\u200fa", "\ufeffa", "a\u200b"),
        *(
            "😀",
            "👩‍👩‍👧",
            "é",
            "e\u0301",
            "٧٠٠",
            "Ａ",
            "\ud800",
            "\udfff\ud800",
            "\U0010ffff",
            "x" * 10_000,
            "7" * 10_000,
        ),
        *("_X.", "_[0-9]!", "h", "i", "t", "s", "general", "globals", "default", "GENERAL", "a,1,NoOp", "1)", "a)b(c"),
        *(
            "PJSIP/201&Local/9@x",
            "PJSIP/201,20,G(x^s^1)",
            "Local/s@x/n",
            "1" * 12,
            "*" * 12,
            "a" * 30,
            "b" * 79,
            "9" * 40,
        ),
        *(
            "<http://x>;info=a;b",
            "<x>;--y--;",
            "=",
            ">a",
            ":?",
            "/" + "/".join(["d" * 80] * 4),
            "a=b",
            "@",
            "!a",
            "~",
            "{a}",
            "+",
            "+49",
            "--",
            "a\\\nb",
        ),
    ]


@dataclass(frozen=True)
class Field:
    """One text: what it should look like, and the smallest setup it stands in."""

    looks: str
    setup: Callable[[str], Setup]

    def values(self, marker: str) -> st.SearchStrategy[str]:
        """Good ones, bad ones, and good ones with something bad in them."""
        good = st.from_regex(re.compile(self.looks), fullmatch=True)
        bad = st.sampled_from(payloads(marker)) | st.text(st.characters(), max_size=20)
        return good | bad | st.builds(_insert, good, bad, st.integers(0, 30))


def _insert(good: str, bad: str, at: int) -> str:
    return good[:at] + bad + good[at:]


def _lot(**fields: object) -> Setup:
    values = {"name": "x1", "first": SLOTS, "last": SLOTS + 1, **fields}
    return Setup(lots=(Lot(**values),))  # type: ignore[arg-type]  # by name


def _step(kind: StepKind, **fields: object) -> Setup:
    return _lot(steps=(Step(kind=kind, **fields),))  # type: ignore[arg-type]  # as above


def _music(kind: MusicKind, **fields: object) -> Setup:
    values = {"name": "pl-x", "kind": kind, **fields}
    return Setup(music=(Music(**values),))  # type: ignore[arg-type]  # as above


def _place(context: str = "phones", exten: str = "201", priority: str = "1") -> Setup:
    return _step(StepKind.LOCATION, context=context, exten=exten, priority=priority)


URL = r"https?://[a-z]{1,9}\.example/[A-Za-z0-9.:_/%?&=+~@-]{0,30}"
FIELDS = {
    "label": Field(".{0,20}", lambda text: _lot(label=text)),
    "name": Field("[a-z][a-z0-9-]{0,29}", lambda text: _lot(name=text)),
    "park code": Field("[0-9*#]{1,12}", lambda text: _lot(park_code=text)),
    "retrieve code": Field("[0-9*#]{1,12}", lambda text: _lot(retrieve_code=text)),
    "next code": Field("[0-9*#]{1,12}", lambda text: _lot(next_code=text)),
    "prefix": Field(r"[\w '!#%*+./:?@_-]{0,20}", lambda text: _lot(prefix=Prefix(text=text, slot=True))),
    "alert info": Field("[A-Za-z0-9 <>:/._=;@?-]{0,200}", lambda text: _lot(alert_info=text)),
    "message": Field(rf"[A-Za-z0-9][A-Za-z0-9_./-]{{0,30}}|{URL}", lambda text: _lot(message=text)),
    "courtesy tone": Field(rf"[A-Za-z0-9][A-Za-z0-9_./-]{{0,30}}|{URL}", lambda text: _lot(courtesy_tone=text)),
    "music of a lot": Field("[A-Za-z0-9_-]{0,60}", lambda text: _lot(music=text)),
    "overflow": Field("[a-z][a-z0-9-]{0,29}", lambda text: _lot(when_full=WhenFull.OVERFLOW, overflow=text)),
    "device": Field(
        "(PJSIP|SIP|Local)/[A-Za-z0-9_.+@-]{1,30}(/n)?", lambda text: _step(StepKind.PHONE, devices=(text,))
    ),
    "mailbox": Field(
        "[A-Za-z0-9_.-]{1,40}(@[A-Za-z0-9_.-]{1,40})?", lambda text: _step(StepKind.VOICEMAIL, mailbox=text)
    ),
    "other lot": Field("[a-z][a-z0-9-]{0,29}", lambda text: _step(StepKind.LOT, lot=text)),
    "context": Field("[A-Za-z0-9_.-]{1,79}", lambda text: _place(context=text)),
    "exten": Field(r"\+?[0-9A-Za-z*#]{1,40}", lambda text: _place(exten=text)),
    "priority": Field("[1-9][0-9]{0,4}|[a-z][a-z0-9_-]{0,39}", lambda text: _place(priority=text)),
    "number": Field(r"\+?[0-9*#]{4,40}", lambda text: _lot(door=Door(numbers=(text,)))),
    "salt": Field("[0-9a-f]{0,64}", lambda text: _lot(door=Door(numbers=("4930",), pin_salt=text))),
    "hash": Field("[0-9a-f]{0,128}", lambda text: _lot(door=Door(numbers=("4930",), pin_hash=text))),
    "class": Field("[A-Za-z0-9_-]{1,60}", lambda text: _music(MusicKind.UPLOADS, name=text, urls=(STREAM,))),
    "recording": Field(URL, lambda text: _music(MusicKind.UPLOADS, urls=(text,))),
    "directory": Field(
        "/[A-Za-z0-9_.-]{1,9}(/[A-Za-z0-9_.-]{1,9}){0,5}", lambda text: _music(MusicKind.DIRECTORY, directory=text)
    ),
    "stream": Field(URL, lambda text: _music(MusicKind.STREAM, stream=text)),
    "decoder": Field("ffmpeg|mpg123", lambda text: _music(MusicKind.STREAM, stream=STREAM, decoder=text)),
    "programs": Field("(/[a-z]{1,9}){1,3}", lambda text: _music(MusicKind.STREAM, stream=STREAM, programs=text)),
    "sort": Field("alpha|random|randstart", lambda text: _music(MusicKind.DIRECTORY, directory="/moh", sort=text)),
}


def refusal(name: str, value: str) -> str:
    """The sentence that says why ``value`` may not stand in the field called ``name``; ``""``: it may."""
    try:
        render(FIELDS[name].setup(value))
    except gate.UnsafeValue as error:
        return str(error)
    return ""


@dataclass
class Accepted:
    """Values the gate let pass, by field; each once."""

    values: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FIELDS})

    def add(self, name: str, value: str) -> None:
        """One more."""
        if value not in self.values[name]:
            self.values[name].append(value)

    def setup(self, folder: str) -> Setup:
        """All of them in one; music comes from directories below ``folder``."""
        return Setup(lots=tuple(self._lots()), music=tuple(self._music(folder)))

    def nth(self, name: str, number: int) -> str:
        """Round and round."""
        return self.values[name][number % len(self.values[name])]

    def _lots(self) -> Iterator[Lot]:
        """Each with one value of every field, until every value was in one."""
        names = [name for name in dict.fromkeys(self.values["name"]) if name not in TAKEN]
        most = max(len(values) for name, values in self.values.items() if name not in {*MUSIC, "label"})
        names += [f"further{number}" for number in range(most - len(names))]
        for number, name in enumerate(names):
            yield _without_clash(self._one(number, name))

    def _one(self, number: int, name: str) -> Lot:
        pick = {key: self.nth(key, number) for key in FIELDS if key not in MUSIC}
        numbers = self.values["number"]
        door = Door(numbers=tuple(numbers[number : number + 1]), pin_salt=pick["salt"], pin_hash=pick["hash"])
        return Lot(
            name=name,
            label=pick["label"],
            park_code=pick["park code"],
            retrieve_code=pick["retrieve code"],
            next_code=pick["next code"],
            first=SLOTS + 10 * number,
            last=SLOTS + 10 * number + 1,
            separate=True,
            prefix=Prefix(text=pick["prefix"], slot=bool(number % 2)),
            alert_info=pick["alert info"],
            steps=(
                Step(kind=StepKind.GROUP, devices=(pick["device"], "PJSIP/201")),
                Step(kind=StepKind.VOICEMAIL, mailbox=pick["mailbox"]),
                Step(kind=StepKind.LOT, lot=pick["other lot"]),
                Step(kind=StepKind.LOCATION, context=pick["context"], exten=pick["exten"], priority=pick["priority"]),
            ),
            message=pick["message"],
            when_full=WhenFull.OVERFLOW,
            overflow=pick["overflow"],
            music=pick["music of a lot"],
            door=door,
            courtesy_tone=pick["courtesy tone"],
        )

    def _music(self, folder: str) -> Iterator[Music]:
        for number, name in enumerate(_apart(self.values["class"])):
            url, sort = self.nth("recording", number), self.nth("sort", number)
            yield Music(name=name, kind=MusicKind.UPLOADS, urls=(url,), sort=sort)
        for number, directory in enumerate(self.values["directory"]):
            yield Music(name=f"pl-directory-{number}", kind=MusicKind.DIRECTORY, directory=folder + directory)
        for number, stream in enumerate(self.values["stream"][:3]):
            yield Music(name=f"pl-stream-{number}", kind=MusicKind.STREAM, stream=stream)


MUSIC = {"class", "recording", "directory", "stream", "decoder", "programs", "sort"}


def _apart(names: list[str]) -> list[str]:
    """Asterisk tells classes apart by more than case."""
    return list({name.lower(): name for name in names if name.lower() not in TAKEN}.values())


def _without_clash(lot: Lot) -> Lot:
    """What one lot's own codes must not be together is no matter of this."""
    for further in ({}, {"next_code": ""}, {"retrieve_code": ""}, {"park_code": "1"}):
        lot = replace(lot, **further)  # type: ignore[arg-type]  # by name
        if not clashes(Setup(lots=(replace(lot, when_full=WhenFull.PARKER, steps=()),))):
            return lot
    raise AssertionError(lot)
