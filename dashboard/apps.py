"""The app people look at."""

from importlib import import_module

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Configuration of the ``dashboard`` app."""

    name = "dashboard"

    def ready(self) -> None:
        """Listen to changes of rights, and look at the settings when asked to."""
        import_module("dashboard.access.checks")
        import_module("dashboard.signals")
