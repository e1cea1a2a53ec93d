"""What we ask Asterisk to leave out. Regular expressions (POSIX, extended) over a whole event; one match lets it in.

Seen on Asterisk 16.28 and 22.10: an event starts with its ``Event`` line, and ``.`` crosses line ends. Filters do not
touch the replies to our own actions, nor their lists. They add up, and end with the connection.
"""

OWN_CHANNEL_PREFIX = "parkinglot-"
"""Channels we originate get a Uniqueid (``ChannelId``) that starts so."""

FILTERS = (
    "^Event: (Un)?ParkedCall",  # and ParkedCallGiveUp, ParkedCallTimeOut, ParkedCallSwap
    "^Event: Hangup[[:cntrl:]]",  # not HangupRequest
    "^Event: Dial(Begin|End).*[[:cntrl:]]Uniqueid: ",  # some channel waits for it; an Originate has none
    "^Event: OriginateResponse",
    "^Event: UserEvent.*[[:cntrl:]]UserEvent: ParkinglotDoor",
    "^Event: FullyBooted",
    "^Event: Shutdown",
    f"^Event: Newstate.*[[:cntrl:]]Uniqueid: {OWN_CHANNEL_PREFIX}",
)
