"""Why a recording could not be converted, as a word; ``lots.models.music`` has the sentences for people."""

from enum import StrEnum


class Trouble(StrEnum):
    """What went wrong."""

    NO_FFMPEG = "no_ffmpeg"
    GONE = "gone"
    """The file that was uploaded is not there any more."""
    NOT_AUDIO = "not_audio"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_SLOW = "too_slow"
    NO_SPACE = "no_space"
    BROKEN = "broken"
    """It began well, and then could not be read."""


class ConversionError(Exception):
    """``trouble`` says why; ``detail`` is what ffmpeg said last, for the log."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble
        self.detail = detail
