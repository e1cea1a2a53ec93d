"""Audio people upload, and the classes of hold music made of it."""

import itertools
from collections.abc import Container
from typing import Any

from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lots.config.setup import MusicKind
from lots.models.pbx import Pbx
from lots.models.storage import audio_storage

AUDIO = ("wav", "mp3", "ogg", "oga", "opus", "flac", "m4a", "aac", "wma", "aif", "aiff", "gsm", "ulaw", "alaw", "webm")


class AudioFile(models.Model):
    """A recording: kept as it came and as telephones play it (8 kHz WAV; ``digest``, its SHA-256, is its name).

    A recording that was replaced keeps its ``digest`` until the new file is converted: callers hear the old one.
    """

    WAITING, WORKING, READY, FAILED = "waiting", "working", "ready", "failed"
    STATES = [
        (WAITING, _("waiting")),
        (WORKING, _("being converted")),
        (READY, _("ready")),
        (FAILED, _("failed")),
    ]

    title = models.CharField(
        _("title"), max_length=80, blank=True, help_text=_("The name of the file when left empty.")
    )
    original = models.FileField(
        _("file"),
        upload_to="audio/original/",
        storage=audio_storage,
        max_length=120,
        validators=[FileExtensionValidator(AUDIO)],
        help_text=_("Any common audio format, such as mp3, wav, m4a, ogg or flac."),
    )
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    """SHA-256 of the file that is played; empty: there is none yet."""
    seconds = models.FloatField(_("length"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=STATES, default=WAITING, editable=False)
    percent = models.PositiveSmallIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When who converts it was last seen at work."""
    error = models.CharField(_("error"), max_length=20, blank=True, editable=False)
    """A word of ``lots.audio.trouble``."""
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        """Where it can be heard; ``""``: nowhere yet."""
        return f"/audio/{self.digest}.wav" if self.digest else ""


class HoldMusic(models.Model):
    """A music-on-hold class; ``name`` is what Asterisk calls it, and stays when the label changes."""

    KINDS = [
        (MusicKind.UPLOADS.value, _("recordings uploaded here")),
        (MusicKind.DIRECTORY.value, _("a directory on the PBX")),
        (MusicKind.STREAM.value, _("an internet stream")),
        (MusicKind.EXISTING.value, _("a class the PBX has already")),
    ]
    SORTS = [
        ("alpha", _("in the order given")),
        ("random", _("in random order")),
        ("randstart", _("in order, from a random start")),
    ]
    DECODERS = [("ffmpeg", "ffmpeg"), ("mpg123", "mpg123")]

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="music", verbose_name=_("PBX"))
    name = models.CharField(_("name in Asterisk"), max_length=60, blank=True)
    label = models.CharField(_("label"), max_length=80, help_text=_("What people call it, such as Jazz."))
    kind = models.CharField(_("source"), max_length=10, choices=KINDS, default=MusicKind.UPLOADS.value)
    directory = models.CharField(
        _("directory"),
        max_length=300,
        blank=True,
        help_text=_("The whole path on the PBX, such as /var/lib/asterisk/moh. Asterisk plays the sounds in it."),
    )
    stream = models.CharField(
        _("stream"),
        max_length=500,
        blank=True,
        help_text=_(
            "Address of an mp3, ogg or aac stream. The PBX fetches it all the time, whether somebody listens or not."
        ),
    )
    decoder = models.CharField(
        _("decoder"),
        max_length=10,
        choices=DECODERS,
        default="ffmpeg",
        help_text=_("Must be installed on the PBX. ffmpeg plays every format; mpg123 is smaller, and plays mp3 only."),
    )
    sort = models.CharField(_("order"), max_length=10, choices=SORTS, default="alpha")

    class Meta:
        verbose_name = _("hold music")
        verbose_name_plural = _("hold music")
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["pbx", "name"], name="music_name_once_a_pbx")]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new class its name."""
        if not self.name:
            taken = set(HoldMusic.objects.filter(pbx=self.pbx).values_list("name", flat=True))
            self.name = free_name(self.label, taken)
        super().save(*args, **kwargs)


def free_name(label: str, taken: Container[str]) -> str:
    """``pl-jazz`` for Jazz, ``pl-jazz-2`` where that is taken. The prefix keeps off the PBX's own classes."""
    stem = f"pl-{slugify(label)[:50].strip('-') or 'music'}"
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)


class MusicTrack(models.Model):
    """A recording's place in a class."""

    music = models.ForeignKey(HoldMusic, models.CASCADE, related_name="tracks")
    audio = models.ForeignKey(AudioFile, models.PROTECT, related_name="tracks", verbose_name=_("recording"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.audio)
