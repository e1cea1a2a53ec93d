"""Why a backup cannot be made, read or put in."""


class BackupError(Exception):
    """A sentence for the person at the terminal. What was there before is untouched."""
