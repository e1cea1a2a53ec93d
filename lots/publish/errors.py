"""What can go wrong while publishing. Every message is a sentence for an administrator."""


class PublishError(Exception):
    """The publication cannot be done; the connection is not to blame."""


class NotIncluded(PublishError):  # noqa: N818 - reads as what happened
    """Asterisk's own file does not include ours."""


class ReloadRefused(PublishError):  # noqa: N818 - reads as what happened
    """A module did not take its file. ``file`` is ours that it read."""

    def __init__(self, file: str, sentence: str) -> None:
        super().__init__(sentence)
        self.file = file


class NotAsMeant(PublishError):  # noqa: N818 - reads as what happened
    """Asterisk took everything, and yet it has something else than it was told. ``file`` is where it was told."""

    def __init__(self, file: str, sentence: str) -> None:
        super().__init__(sentence)
        self.file = file
