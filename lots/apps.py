"""The app that knows what a lot is and how Asterisk is told and heard."""

from django.apps import AppConfig


class LotsConfig(AppConfig):
    """Configuration of the ``lots`` app."""

    name = "lots"
    verbose_name = "Parking"
