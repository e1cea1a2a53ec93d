"""The app that knows what a lot is and how Asterisk is told and heard."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LotsConfig(AppConfig):
    """Configuration of the ``lots`` app."""

    name = "lots"
    verbose_name = _("Parking")
