"""Sentences about recordings, for people."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lots.audio.trouble import Trouble
from lots.models import AudioFile


def why_failed(audio: AudioFile) -> str:
    """What went wrong and what to do; ``""``: nothing."""
    return _sentences().get(audio.error, "")


def length(seconds: float | None) -> str:
    """``4:05`` or ``1:02:03``; ``""``: not known."""
    if seconds is None:
        return ""
    whole = max(1, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def too_big() -> str:
    """For a file above the limit."""
    return _("This file is too large; at most %(size)d MB. Save it as mp3 or ogg, and upload that.") % {
        "size": settings.AUDIO_MAX_BYTES // 1_000_000
    }


def _too_long() -> str:
    minutes = settings.AUDIO_MAX_SECONDS // 60
    return ngettext(
        "Longer than %(minutes)d minute. Upload a shorter one.",
        "Longer than %(minutes)d minutes. Upload a shorter one, or several parts.",
        minutes,
    ) % {"minutes": minutes}


def _sentences() -> dict[str, str]:
    return {
        Trouble.NO_FFMPEG: _(
            "The program ffmpeg is missing where the portal runs. Install the package ffmpeg there, "
            "then choose “Convert again”."
        ),
        Trouble.GONE: _("The uploaded file is not on the disk any more. Upload it again."),
        Trouble.NOT_AUDIO: _("There is no sound in this file. Upload a recording, such as an mp3, ogg or wav file."),
        Trouble.EMPTY: _("This file is empty. Upload one with sound in it."),
        Trouble.TOO_LONG: _too_long(),
        Trouble.TOO_SLOW: _("Converting took too long. Save the file as mp3 or wav, and upload that."),
        Trouble.NO_SPACE: _("The portal's disk is full or cannot be written. Make room, then choose “Convert again”."),
        Trouble.BROKEN: _("This file is damaged. Save it again as mp3 or wav, and upload that."),
    }
