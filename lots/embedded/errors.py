"""The one error of this package."""


class EmbeddedError(Exception):
    """One clear sentence that says what went wrong and what to do about it."""
