#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run the command given on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parkinglot.settings")
    from django.conf import settings  # noqa: PLC0415  (settings must be named first)
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        settings.INSTALLED_APPS  # noqa: B018  (reads the settings: a wrong one is a sentence, not a trace)
    except ImproperlyConfigured as error:
        sys.exit(f"parkinglot: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
