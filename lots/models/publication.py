"""What was published to a PBX, by whom, and how it went."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.models.packed import PackedJSONField
from lots.models.pbx import Pbx


class Publication(models.Model):
    """One try to publish. ``files`` is the whole text of our three files; the last *live* row is what runs."""

    class State(models.TextChoices):
        """From wish to verdict."""

        WANTED = "wanted", _("waiting")
        RUNNING = "running", _("running")
        LIVE = "live", _("published")
        RETURNED = "returned", _("failed; the version before runs again")
        FAILED = "failed", _("failed")

    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="publications", verbose_name=_("PBX"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    author_name = models.CharField(_("by"), max_length=150, blank=True)
    made_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WANTED)
    step = models.CharField(_("step"), max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    files = PackedJSONField(default=dict)
    """File name -> list of [section, owner, [[name, value, arrow], ...]]. Empty: it is old, and not kept any more."""
    setup = PackedJSONField(default=dict, editable=False)
    """The values the files were made of (``lots.config.setup.Setup``)."""
    summary = models.JSONField(_("summary"), default=list)
    """Sentences for people: what it changed."""
    message = models.TextField(_("message"), blank=True)
    """Why it failed."""
    returns_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    """The older publication this one brings back."""

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-pk"]
        permissions = [("publish", "Can publish to the PBX")]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"
