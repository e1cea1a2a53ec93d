"""How a recording is shown in the admin: heard, measured, and how far its conversion is."""

from typing import Any, TypedDict

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lots.audio.words import length, why_failed
from lots.models import AudioFile

HIDDEN = SafeString(" hidden")


class Facts(TypedDict):
    """What the page is told of one recording (``static/admin-audio.js``)."""

    state: str
    words: str
    error: str
    percent: int
    length: str
    src: str


def facts(audio: AudioFile) -> Facts:
    """How it is now."""
    return {
        "state": audio.state,
        "words": str(audio.get_state_display()),
        "error": why_failed(audio),
        "percent": audio.percent,
        "length": length(audio.seconds),
        "src": audio.path,
    }


def player(audio: AudioFile) -> SafeString:
    """The browser's own player; hidden while there is nothing to hear."""
    return format_html(
        '<audio controls preload="none" data-audio-player="{}" aria-label="{}"{}{}></audio>',
        audio.pk,
        _("Listen to %(title)s") % {"title": audio},
        format_html(' src="{}"', audio.path) if audio.path else "",
        "" if audio.path else HIDDEN,
    )


def standing(audio: AudioFile) -> SafeString:
    """Its state, which the page keeps up to date by itself."""
    now = facts(audio)
    return format_html(
        '<span class="audio-state" data-audio="{}" data-state="{}" data-status="{}">'
        '<span data-words>{}</span> <progress max="100" value="{}" aria-label="{}"{}></progress>'
        '<span class="audio-error" data-error>{}</span></span>',
        audio.pk,
        now["state"],
        reverse("admin:lots_audiofile_status"),
        now["words"],
        now["percent"],
        _("Conversion of %(title)s") % {"title": audio},
        "" if is_open(audio) else HIDDEN,
        now["error"],
    )


def duration(audio: AudioFile) -> SafeString:
    """Its length."""
    return format_html('<span data-audio-length="{}">{}</span>', audio.pk, length(audio.seconds) or "–")


def is_open(audio: Any) -> bool:
    """Whether it is still to be converted."""
    return audio.state in (AudioFile.WAITING, AudioFile.WORKING)
