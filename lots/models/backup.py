"""A backup that was made."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupMade(models.Model):
    """``manage.py backup`` notes it, so that the status page can say how old the newest one is."""

    at = models.DateTimeField(_("at"))
    name = models.CharField(_("file"), max_length=200)
    bytes = models.PositiveBigIntegerField(_("size"))
    seconds = models.FloatField(_("duration"))

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
