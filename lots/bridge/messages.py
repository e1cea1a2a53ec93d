"""What travels between the bridge and the web processes through the channel layer."""

from typing import Any, Literal, NotRequired, TypedDict

BOARDS = "boards"
"""The group every web process's hub listens to."""


def bridge_channel(pbx: str) -> str:
    """The channel on which the bridge of ``pbx`` takes commands."""
    return f"bridge.{pbx}"


class PartyFacts(TypedDict):
    """A person on the phone; ``device`` only for parkers."""

    name: str
    number: str
    device: NotRequired[str]


class SlotFacts(TypedDict):
    """One slot as boards show it (docs/protocol.md). A free slot has only ``slot`` and ``state``."""

    slot: int
    state: Literal["free", "parked", "claimed"]
    uniqueid: NotRequired[str]
    caller: NotRequired[PartyFacts]
    parker: NotRequired[PartyFacts]
    parked_at: NotRequired[int]
    waiting_since: NotRequired[int]
    """Of a call that was moved here, when its first stay began; else ``parked_at``."""
    timeout_at: NotRequired[int | None]
    claimed_by: NotRequired[str | None]
    claimer: NotRequired[int | None]
    """Who claimed it, by the user's primary key."""
    note: NotRequired[str]
    for_name: NotRequired[str]
    for_phone: NotRequired[int | None]
    earlier: NotRequired[int]
    """Other calls of this number in this lot today, before this one."""


class LotFacts(TypedDict):
    """A lot with its occupied slots, as of ``revision``."""

    id: int
    pbx: int
    """The PBX it is on, by primary key."""
    name: str
    label: str
    revision: int
    first: int
    last: int
    names: dict[str, str]
    """Names of slots, such as Pharmacy, by number (as text)."""
    long_after: int | None
    """Seconds after which a caller waits long; None: after half of their time."""
    soon_before: int | None
    """Seconds before the timeout from which a caller goes back soon; None: in the last 15 %."""
    slots: list[SlotFacts]


class LinkFacts(TypedDict):
    """Whether Asterisk can be heard; ``since`` in milliseconds since 1970."""

    state: str
    since: int
    reason: str


class LotChange(TypedDict):
    """Slots of one lot that changed with the revisions ``after`` + 1 to ``revision``."""

    kind: Literal["change"]
    lot: int
    after: int
    revision: int
    slots: list[SlotFacts]


class LinkNews(TypedDict):
    """The link changed."""

    kind: Literal["link"]
    pbx: int
    link: LinkFacts


class LotsNews(TypedDict):
    """The set of lots, or a lot's name or range, changed: read them again."""

    kind: Literal["lots"]


class RightsNews(TypedDict):
    """Somebody's rights or login changed: look again who may see what."""

    kind: Literal["rights"]


class MissedFacts(TypedDict):
    """A caller who hung up while parked, to be called back; ``waited`` in seconds."""

    id: int
    lot: int
    slot: int
    caller: PartyFacts
    waited: int
    left_at: int
    how: str
    """``hung_up``, or ``unanswered``: went back, and nobody answered before the call was over."""
    note: str
    for_name: str


class ReturningFacts(TypedDict):
    """A call that waited too long and is on its way back; times in milliseconds since 1970."""

    id: int
    lot: int
    slot: int
    uniqueid: str
    caller: PartyFacts
    parker: PartyFacts
    parked_at: int
    waiting_since: int
    left_at: int
    """When it left its slot."""
    since: int
    """When the present ringing began, or the last one ended."""
    stage: Literal["recall", "fallback"]
    ringing: list[str]
    """Who is rung, by name; empty: nobody just now."""
    note: str
    for_name: str


class OwnFacts(TypedDict):
    """What became of a call that ``owner`` (a user's primary key) parked; ``waited`` in seconds, up to ``at``."""

    id: int
    owner: int
    uniqueid: str
    slot: int
    lot_label: str
    caller: PartyFacts
    state: str
    """``parked``, ``moved``, ``recall``, ``fallback``, ``taken``, ``answered``, ``hung_up``, ``unanswered``, ``ended``,
    ``elsewhere`` or ``unknown``."""
    by: str
    """Who took, answered or ended it, or is rung; may be empty."""
    mine: bool
    """It was the owner's own doing."""
    at: int
    waited: int


class OwnNews(TypedDict):
    """Something became of a call that somebody's own phone parked: read them again."""

    kind: Literal["own"]


class ReturningNews(TypedDict):
    """The calls that are on their way back changed: read them again."""

    kind: Literal["returning"]


class NoticeFacts(TypedDict):
    """A notice to ``to`` (a user's primary key; None: a phone without an owner) from ``sender``, and its answer."""

    id: int
    lot: int
    slot: int
    uniqueid: str
    caller: PartyFacts
    to: int | None
    to_name: str
    sender: int | None
    sender_name: str
    text: str
    at: int
    answer: str
    """``seen``, ``coming``, or nothing yet."""


class NoticesNews(TypedDict):
    """A notice came, or was answered: read them again."""

    kind: Literal["notices"]


class MissedNews(TypedDict):
    """The list of missed calls changed: read it again."""

    kind: Literal["missed"]


class Beat(TypedDict):
    """The bridge lives; and enough of what it wrote to notice that other news got lost."""

    kind: Literal["beat"]
    pbx: int
    revisions: dict[str, int]
    """The revision of each lot by its id (as text: JSON has no other keys)."""
    link: LinkFacts
    lots: str
    """``facts.stamp`` of the lots on boards."""
    returning: str
    """The same of the calls on their way back: most of their news touch no revision."""


News = LotChange | LinkNews | LotsNews | RightsNews | MissedNews | NoticesNews | ReturningNews | OwnNews | Beat


class PhoneFacts(TypedDict):
    """A phone that may be rung."""

    id: int
    number: str
    name: str
    device: str


class Noted(TypedDict):
    """What a person wrote on a call; ``for_phone`` is a primary key."""

    note: str
    for_name: str
    for_phone: int | None


class Notified(TypedDict):
    """Who is told of a call, by whom, in which words."""

    phone: PhoneFacts
    sender: str
    text: str


class Order(TypedDict):
    """A command a person gave, checked by the web process; the answer goes to ``reply_to`` for ``socket``."""

    kind: str
    """``cancel``, or a kind of ``lots.bridge.commands``."""
    command: str
    socket: str
    reply_to: str
    user: int
    user_name: str
    pbx: NotRequired[int]
    """Whose bridge it is for, by primary key; left out: every bridge's."""
    lot: NotRequired[int]
    lot_name: NotRequired[str]
    """Asterisk's name of the lot: the call must be in this very one."""
    slot: NotRequired[int]
    uniqueid: NotRequired[str]
    phone: NotRequired[PhoneFacts]
    """The phone that is rung. One phone is rung by one order at a time."""
    taker: NotRequired[int | None]
    """Of a call that is sent, or of a notice: the owner of the phone."""
    lots: NotRequired[dict[str, int]]
    """Lots to take the next call from: primary key by Asterisk's name."""
    note: NotRequired[Noted]
    to_lot_name: NotRequired[str]
    to_lot_label: NotRequired[str]
    to_slot: NotRequired[int]
    """0: any."""
    seconds: NotRequired[int]
    message: NotRequired[str]
    """What the caller hears before they are hung up on."""
    watch: NotRequired[bool]
    """Whether the page goes on being told."""
    phones: NotRequired[list[PhoneFacts]]
    """The viewer's own phones."""
    call: NotRequired[str]
    """The uniqueid of the viewer's own phone in a talk."""
    zone: NotRequired[int]
    """A paging zone, by primary key."""
    lot_label: NotRequired[str]
    for_whom: NotRequired[str]
    """Who is paged, as it is said."""
    for_phone: NotRequired[int | None]
    """Their phone, by primary key."""
    notified: NotRequired[Notified]
    notice: NotRequired[int]
    """A notice, by primary key of its row."""
    answer: NotRequired[str]
    """``seen`` or ``coming``."""
    missed: NotRequired[int]
    """A missed call, by primary key of its row."""
    number: NotRequired[str]
    """The missed caller's."""
    context: NotRequired[str]
    """Where phones dial that do not tell their own context."""
    remark: NotRequired[str]
    undo: NotRequired[bool]
    detail: NotRequired[str]
    """For the audit log: what was asked for, in a word."""


class Progress(TypedDict):
    """How a command is going; see docs/protocol.md for the codes."""

    command: str
    state: str
    code: str
    lot: int | None
    slot: int | None
    params: dict[str, Any]
