"""The socket's messages as types; docs/protocol.md says what they mean."""

from typing import Literal, TypedDict

from lots.bridge.messages import (
    LinkFacts,
    LotFacts,
    MissedFacts,
    NoticeFacts,
    OwnFacts,
    Progress,
    ReturningFacts,
    SlotFacts,
)


class PbxLink(LinkFacts):
    """The link of one PBX. ``name`` is what people call it."""

    pbx: int
    name: str


class OwnPhone(TypedDict):
    """A phone of the viewer's, or a colleague's, on the PBX ``pbx`` (a primary key)."""

    id: int
    pbx: int
    number: str
    name: str


class ZoneShown(TypedDict):
    """A paging zone; ``repeats`` is how often it is said again."""

    id: int
    pbx: int
    label: str
    repeats: int


class Me(TypedDict):
    """What the viewer is and may do."""

    id: int
    name: str
    may_retrieve: bool
    may_look_back: bool
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
    links: list[PbxLink]
    lots: list[LotShown]
    colleagues: list[OwnPhone]
    """Phones a call can be sent to; none for who may not retrieve."""
    zones: list[ZoneShown]
    """Where the viewer may page; none for who may not."""
    missed: list[MissedFacts]
    notices: list[NoticeFacts]
    returning: list[ReturningFacts]
    own: list[OwnFacts]


class OwnMessage(TypedDict):
    """What became of the calls the viewer parked."""

    type: Literal["own"]
    own: list[OwnFacts]


class ReturningMessage(TypedDict):
    """The calls on their way back, of lots the viewer sees."""

    type: Literal["returning"]
    returning: list[ReturningFacts]


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
    """A link changed. ``link`` is that of the board as a whole, ``links`` are those of the PBXs one by one."""

    type: Literal["link"]
    now: int
    link: LinkFacts
    links: list[PbxLink]


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
