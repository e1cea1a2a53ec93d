"""Audio people upload, and the classes of hold music made of it."""

from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.config.setup import MusicKind
from lots.models.pbx import Pbx

AUDIO = ("wav", "mp3", "ogg", "oga", "opus", "flac", "m4a", "aac", "wma", "aif", "aiff", "gsm", "ulaw", "alaw", "webm")


class AudioFile(models.Model):
    """A recording: kept as it came and as telephones play it (``played``: 8 kHz WAV, named by its content's hash)."""

    STATES = [
        ("waiting", _("waiting")),
        ("working", _("being converted")),
        ("ready", _("ready")),
        ("failed", _("failed")),
    ]

    title = models.CharField(_("title"), max_length=80)
    original = models.FileField(_("file"), upload_to="audio/original/", validators=[FileExtensionValidator(AUDIO)])
    played = models.FileField(upload_to="audio/played/", blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False, help_text="SHA-256 of the played file")
    seconds = models.FloatField(_("length"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=STATES, default="waiting", editable=False)
    percent = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(_("error"), max_length=300, blank=True, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class HoldMusic(models.Model):
    """A music-on-hold class; ``name`` is what Asterisk calls it."""

    KINDS = [
        (MusicKind.UPLOADS.value, _("recordings uploaded here")),
        (MusicKind.DIRECTORY.value, _("a directory on the PBX")),
        (MusicKind.STREAM.value, _("an internet stream")),
    ]
    SORTS = [
        ("alpha", _("in the order given")),
        ("random", _("in random order")),
        ("randstart", _("in order, from a random start")),
    ]
    DECODERS = [("ffmpeg", "ffmpeg"), ("mpg123", "mpg123")]

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="music", verbose_name=_("PBX"))
    name = models.CharField(_("name in Asterisk"), max_length=60, blank=True)
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("source"), max_length=10, choices=KINDS, default=MusicKind.UPLOADS.value)
    directory = models.CharField(
        _("directory"),
        max_length=300,
        blank=True,
        help_text=_("The whole path on the PBX, such as /var/lib/asterisk/moh."),
    )
    stream = models.URLField(
        _("stream"), max_length=500, blank=True, help_text=_("Address of an mp3, ogg or aac stream.")
    )
    decoder = models.CharField(
        _("decoder"), max_length=10, choices=DECODERS, default="ffmpeg", help_text=_("Must be installed on the PBX.")
    )
    sort = models.CharField(_("order"), max_length=10, choices=SORTS, default="alpha")

    class Meta:
        verbose_name = _("hold music")
        verbose_name_plural = _("hold music")
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["pbx", "name"], name="music_name_once_a_pbx")]

    def __str__(self) -> str:
        return self.label


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
