"""The one gate: what a person typed reaches Asterisk's configuration only through these checks.

No value can end a line, open a section, start a comment, run a function or a program. Each check raises
``UnsafeValue`` with a sentence that names the field. Checks are about safety and Asterisk's own limits;
what is merely unwise is said by ``clash`` and by the forms.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lots.config.hosts import is_public
from lots.types.words import gettext_noop

LONGEST_LINE = 900
"""Bytes a value may have: Asterisk reads AMI lines of 1024."""
LONGEST_DIRECTORY = 255
"""Bytes: ``char dir[256]`` in res_musiconhold.c; what is longer is cut off without a word."""
MOST_SLOTS = 1000
HIGHEST_SLOT = 999_999_999

DENIED = (
    *("agi", "curl", "db", "eval", "exec", "externalivr", "file", "mixmonitor", "odbc", "originate", "realtime"),
    *("reload", "shell", "system"),
)
"""Words Asterisk's Originate refuses in an application or its data (``originate_app_permissions`` in manager.c)."""
RESERVED = frozenset({"general", "phones", "outside", "guard", "calls", "comeback", "h", "s"})
"""Sections Asterisk keeps for itself, and names our own contexts have."""

SPECIAL = frozenset({"h", "i", "t", "T", "e", "o", "a"})
"""Extensions Asterisk goes to by itself: at a hangup, after a wrong number, when time is up ..."""


class UnsafeValue(ValueError):  # noqa: N818  (reads as what happened)
    """A value that may not reach Asterisk. The message is a sentence for the person who typed it, in English.

    ``what`` names the field, and ``rule`` with ``params`` says what is allowed; without ``rule``, ``what`` says it all.
    """

    def __init__(self, what: str, rule: str = "", **params: object) -> None:
        super().__init__(f"{what}: {rule.format_map(params)}" if rule else what)
        self.what, self.rule, self.params = what, rule, params


_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_CODE = re.compile(r"[0-9*#]{1,12}")
_EXTEN = re.compile(r"\+?[0-9A-Za-z*#]{1,40}")
_CONTEXT = re.compile(r"[A-Za-z0-9_.-]{1,79}")
_PRIORITY = re.compile(r"[1-9][0-9]{0,4}|[a-z][a-z0-9_-]{0,39}")
_DEVICE = re.compile(r"[A-Za-z0-9]{1,20}/[A-Za-z0-9_.+@-]{1,79}(/n)?")
_MAILBOX = re.compile(r"[A-Za-z0-9_.-]{1,40}(@[A-Za-z0-9_.-]{1,40})?")
_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,199}")
_ALERT_INFO = re.compile(r"[A-Za-z0-9 <>:/._=;@?-]{0,200}")
_CLASS = re.compile(r"[A-Za-z0-9_-]{0,60}")
_HEX = re.compile(r"[0-9a-f]{0,128}")
_DIRECTORY = re.compile(r"/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,20}")
_RECORDING = re.compile(r"[0-9a-f]{64}\.wav")
_URL = re.compile(r"https?://[A-Za-z0-9.:_/%?&=+~@-]{1,500}")
_TEXT_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff;\[\]{}$\"\\|`^~<>,()=&]")

_PHRASE_FORBIDDEN = re.compile(r"[;\[\]{}$\"\\|`^~<>()=&]")


def _check(pattern: re.Pattern[str], what: str, value: str, allowed: str) -> None:
    if not pattern.fullmatch(value):
        raise UnsafeValue(what, allowed)


def check_name(what: str, value: str) -> None:
    """A lot's name in Asterisk: it stands in application data, file sections and contexts."""
    _check(_NAME, what, value, gettext_noop("use 1 to 30 small letters, digits and -, a letter first."))
    if value in RESERVED or value.startswith(("native-", "comeback-", "outside-")):
        raise UnsafeValue(
            what, gettext_noop("“{value}” is a name Parkinglot or Asterisk uses itself; choose another."), value=value
        )
    for word in DENIED:
        if word in value:
            raise UnsafeValue(
                what, gettext_noop("Asterisk refuses to retrieve from a lot with “{word}” in its name."), word=word
            )


def check_code(what: str, value: str) -> None:
    """A code people dial."""
    _check(_CODE, what, value, gettext_noop("use 1 to 12 digits, * and #."))


def check_exten(what: str, value: str) -> None:
    """A literal extension or phone number: never a pattern (no leading underscore)."""
    _check(_EXTEN, what, value, gettext_noop("use digits, letters, * and #, + only in front."))


def check_number(what: str, value: str) -> None:
    """A number people outside dial: not what Asterisk goes to by itself, at a hangup for example."""
    check_exten(what, value)
    if value in SPECIAL:
        raise UnsafeValue(what, gettext_noop("“{value}” is an extension Asterisk uses itself."), value=value)


def check_context(what: str, value: str) -> None:
    """A context of the dialplan."""
    _check(_CONTEXT, what, value, gettext_noop("use letters, digits, _ . and -."))


def check_priority(what: str, value: str) -> None:
    """A priority of the dialplan: a number or a label."""
    _check(_PRIORITY, what, value, gettext_noop("use a number, or a label in small letters."))


def check_device(what: str, value: str) -> None:
    """Technology and resource, nothing that could carry dial options or a second device."""
    _check(_DEVICE, what, value, gettext_noop("write it as Asterisk does, such as PJSIP/201."))


def check_mailbox(what: str, value: str) -> None:
    """A voicemail box."""
    _check(_MAILBOX, what, value, gettext_noop("write the box, or box@context."))


def check_sound(what: str, value: str, *, own: str = "", lan: bool = False) -> None:
    """A sound by Asterisk's name without extension, or an http(s) address; ``""``: none.

    Below the address ``own`` lie our recordings; all others must be public unless ``lan``.
    """
    if not value:
        return
    if value.startswith(("http://", "https://")):
        check_url(what, value)
        if "&" in value:  # Playback takes what follows for a second sound
            raise UnsafeValue(what, gettext_noop("the address of a sound may not have “&” in it."))
        if not (own and value.startswith(own) and _RECORDING.fullmatch(value, len(own))):
            check_public(what, value, lan=lan)
        return
    _check(_SOUND, what, value, gettext_noop("use Asterisk's name of the sound, such as vm-goodbye."))
    if ".." in value:
        raise UnsafeValue(what, gettext_noop("a sound's name may not lead to another directory with “..”."))


def check_alert_info(what: str, value: str) -> None:
    """The value of a SIP Alert-Info header; ``""``: none."""
    _check(_ALERT_INFO, what, value, gettext_noop("use plain letters, digits and < > : / . _ = ; @ ? -."))


def check_class(what: str, value: str) -> None:
    """The name of a music class; ``""``: the default one."""
    _check(_CLASS, what, value, gettext_noop("use letters, digits, _ and -."))


def check_own_class(what: str, value: str) -> None:
    """The name of a music class that is to be made."""
    check_some(what, (value,) if value else ())
    check_class(what, value)
    if value.lower() == "general":
        raise UnsafeValue(
            what, gettext_noop("“{value}” is a section Asterisk keeps for itself; choose another name."), value=value
        )


def check_hex(what: str, value: str) -> None:
    """Hexadecimal digits in small letters."""
    _check(_HEX, what, value, gettext_noop("not a hash."))


def check_directory(what: str, value: str) -> None:
    """An absolute directory on the PBX."""
    _check(
        _DIRECTORY,
        what,
        value,
        gettext_noop("write the whole path, with letters, digits, _ . and - between the slashes."),
    )
    if len(value) > LONGEST_DIRECTORY:
        raise UnsafeValue(what, gettext_noop("at most {longest} characters."), longest=LONGEST_DIRECTORY)
    if ".." in value:
        raise UnsafeValue(what, gettext_noop("“..” may not be part of it."))


def check_url(what: str, value: str) -> None:
    """An http(s) address without anything a shell, a header or the dialplan would read."""
    _check(
        _URL,
        what,
        value,
        gettext_noop("write an address that starts with http:// or https://, without spaces or quotes."),
    )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise UnsafeValue(what, gettext_noop("this address cannot be read.")) from None
    if not parts.hostname or port == 0:
        raise UnsafeValue(what, gettext_noop("this address names no host."))


def check_public(what: str, url: str, *, lan: bool) -> None:
    """An address outside the PBX's network, which fetches it; with ``lan``: any."""
    if not lan and not is_public(url):
        rule = gettext_noop(
            "this address is inside a private network. The PBX fetches it, so only addresses of the internet are "
            "allowed. STREAMS_FROM_LAN=on in the portal's settings allows others."
        )
        raise UnsafeValue(what, rule)


def check_range(what: str, first: int, last: int) -> None:
    """A range of slots, both ends in it."""
    if not 0 < first <= last <= HIGHEST_SLOT:
        raise UnsafeValue(what, gettext_noop("the first must be above 0 and not above the last."))
    if last - first >= MOST_SLOTS:
        raise UnsafeValue(what, gettext_noop("at most {most} in one lot."), most=MOST_SLOTS)


def check_text(what: str, value: str, *, longest: int) -> None:
    """Plain words that are shown on a phone."""
    if len(value) > longest:
        raise UnsafeValue(what, gettext_noop("at most {longest} characters."), longest=longest)
    if _TEXT_FORBIDDEN.search(value) or not value.isprintable():
        raise UnsafeValue(what, gettext_noop("plain words only, without quotes, brackets, commas or other signs."))


def check_phrase(what: str, value: str, *, longest: int) -> None:
    """A sentence that is spoken: it is made into sound on this machine, and only the sound reaches Asterisk."""
    if not value.strip() or len(value) > longest:
        raise UnsafeValue(what, gettext_noop("at most {longest} characters."), longest=longest)
    if _PHRASE_FORBIDDEN.search(value) or not value.isprintable():
        raise UnsafeValue(what, gettext_noop("plain words only, without quotes, brackets or other signs."))


def check_some(what: str, values: Sequence[str]) -> None:
    """At least one."""
    if not values:
        raise UnsafeValue(what, gettext_noop("choose at least one."))
