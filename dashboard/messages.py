"""The socket's messages as types; docs/protocol.md says what they mean."""

from typing import Literal, TypedDict

from lots.bridge.messages import LinkFacts, LotFacts, MissedFacts, NoticeFacts, Progress, SlotFacts


class OwnPhone(TypedDict):
    """A phone of the viewer's."""

    id: int
    number: str
    name: str


class ZoneShown(TypedDict):
    """A paging zone; ``repeats`` is how often it is said again."""

    id: int
    label: str
    repeats: int


class Me(TypedDict):
    """What the viewer is and may do."""

    id: int
    name: str
    may_retrieve: bool
    demo: bool
    phones: list[OwnPhone]


class LotShown(LotFacts):
    """A lot as one audience is told of it."""

    may_retrieve: bool
    may_park: bool
    may_page: bool
    may_end: bool


class Snapshot(TypedDict):
    """Everything the viewer may see."""

    type: Literal["snapshot"]
    now: int
    me: Me
    link: LinkFacts
    lots: list[LotShown]
    colleagues: list[OwnPhone]
    """Phones a call can be sent to; none for who may not retrieve."""
    zones: list[ZoneShown]
    """Where the viewer may page; none for who may not."""
    missed: list[MissedFacts]
    notices: list[NoticeFacts]


class NoticesMessage(TypedDict):
    """The notices to the viewer and from them, of calls that are still parked."""

    type: Literal["notices"]
    notices: list[NoticeFacts]


class MissedMessage(TypedDict):
    """The callers to call back, in lots where the viewer may take calls."""

    type: Literal["missed"]
    missed: list[MissedFacts]


class ChangeMessage(TypedDict):
    """Whole slots of one lot."""

    type: Literal["change"]
    lot: int
    after: int
    revision: int
    slots: list[SlotFacts]


class LinkMessage(TypedDict):
    """The link changed."""

    type: Literal["link"]
    now: int
    link: LinkFacts


class BeatMessage(TypedDict):
    """Sign of life; the page answers with ``ack``."""

    type: Literal["beat"]
    beat: int
    now: int
    revisions: dict[str, int]


class ProgressMessage(Progress):
    """How a command is going."""

    type: Literal["progress"]


class CloseCode:
    """Why the server closes a socket."""

    LOGGED_OUT = 4401
    FORBIDDEN = 4403
    TOO_SLOW = 4408
    GOING_DOWN = 4012
