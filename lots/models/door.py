"""What was tried at the outside numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lots.models.lot import ParkingLot
from lots.types.changes import Door


class DoorTry(models.Model):
    """One word of Asterisk about a caller at an outside number. Only the bridge writes these; the newest are kept."""

    RESULTS = [
        (Door.OPENED.value, _("let in")),
        (Door.NOTHING.value, _("let in, nobody was parked")),
        (Door.WRONG.value, _("wrong PIN")),
        (Door.LOCKED.value, _("turned away, locked")),
    ]
    KEPT = 10_000
    """Rows of all lots together."""

    lot = models.ForeignKey(ParkingLot, models.CASCADE, related_name="door_tries", verbose_name=_("lot"))
    number = models.CharField(_("outside number"), max_length=40, blank=True)
    caller = models.CharField(_("caller's number"), max_length=40, blank=True)
    result = models.CharField(_("result"), max_length=10, choices=RESULTS)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("try at an outside number")
        verbose_name_plural = _("tries at outside numbers")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"], name="door_try_by_time")]

    def __str__(self) -> str:
        return f"{self.caller} → {self.number}: {self.get_result_display()}"
