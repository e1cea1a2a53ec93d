"""extensions.conf, as text: what phones can dial, the guarded retrieval, and the demo's people.

Contexts: ``phones`` (what phones dial), ``outside`` (what callers can reach), ``parkinglot-retrieve`` (a click on
the board), ``demo-callers`` and ``demo-park`` (simulated callers), ``simulated-phones`` (who answers for them).
"""

from lots.embedded.config import AsteriskConfig, ParkingLot, Phone

GUARD = """
; A click on the board. PL_LOT, PL_SLOT and PL_UNIQUEID say which call was drawn; PL_NUMBER and PL_NAME are the
; receptionist's own. Another call in that slot, or none: hang up at once, with cause 26.
[parkinglot-retrieve]
exten => s,1,Set(PL_PARKED=${PARK_GET_CHANNEL(${PL_SLOT},${PL_LOT})})
 same => n,GotoIf($["${PL_PARKED}" = ""]?gone)
 same => n,GotoIf($["${IMPORT(${PL_PARKED},UNIQUEID)}" != "${PL_UNIQUEID}"]?gone)
 same => n,Set(CALLERID(num)=${PL_NUMBER})
 same => n,Set(CALLERID(name)=${PL_NAME})
 same => n,ParkedCall(${PL_LOT},${PL_SLOT})
 same => n(gone),Hangup(26)
"""

DEMO_CALLERS = """
; A caller: waits PATIENCE seconds, then gives up. SOUND, when set, is what they say all the while.
[demo-callers]
exten => call,1,Answer()
 same => n,Set(TIMEOUT(absolute)=${PATIENCE})
 same => n(wait),GotoIf($["${SOUND}" = ""]?quiet)
 same => n,Playback(${SOUND})
 same => n,Wait(1)
 same => n,Goto(wait)
 same => n(quiet),Wait(86400)
exten => T,1,Hangup(16)
"""

DEMO_PARK = """
; Park in the lot named by the extension, as if DEMO_PARKER (a phone's number) had transferred the call.
; (Two letters at least: a pattern that matches h would run when a call ends.)
[demo-park]
exten => _[a-z][a-z0-9]!,1,GotoIf($["${DEMO_PARKER}" = ""]?park)
 same => n,Set(BLINDTRANSFER=PJSIP/${DEMO_PARKER}-00000000)
 same => n,Set(CONNECTEDLINE(num,i)=${DEMO_PARKER})
 same => n,Set(CONNECTEDLINE(name,i)=${PHONE_${DEMO_PARKER}})
 same => n(park),Park(${EXTEN})
"""

EMPTY = """
; What the portal publishes goes here; Asterisk complains about an include that leads nowhere.
[parkinglot]
[parkinglot-outside]
"""


def extensions_conf(config: AsteriskConfig) -> str:
    """The whole dialplan."""
    return "".join(
        [
            "[general]\nstatic = yes\nwriteprotect = yes\n\n",
            _globals(config.phones),
            _phones(config),
            "".join(_parking(lot) for lot in config.lots),
            GUARD,
            DEMO_CALLERS,
            DEMO_PARK,
            _simulated(config),
            "\n#tryinclude parkinglot_extensions.conf\n",
        ]
    )


def _globals(phones: tuple[Phone, ...]) -> str:
    return "[globals]\n" + "".join(f"PHONE_{phone.number} = {phone.name}\n" for phone in phones)


def _phones(config: AsteriskConfig) -> str:
    numbers = "".join(_number(phone) for phone in config.phones)
    parking = "".join(f"include => parking-{lot.name}\n" for lot in config.lots)
    return f"""
[phone-numbers]
{numbers}
[outside]
include => phone-numbers
include => parkinglot-outside

[phones]
include => phone-numbers
{parking}include => parkinglot
{EMPTY}"""


def _number(phone: Phone) -> str:
    return f"""\
exten => {phone.number},hint,PJSIP/{phone.number}
exten => {phone.number},1,Dial(PJSIP/{phone.number},30)
 same => n,Hangup(${{HANGUPCAUSE}})
"""


def _parking(lot: ParkingLot) -> str:
    slots = "".join(_slot(lot, slot) for slot in range(lot.first, lot.last + 1))
    return f"""
[parking-{lot.name}]
exten => {lot.park_code},1,Park({lot.name})
{slots}"""


def _slot(lot: ParkingLot, slot: int) -> str:
    """A transfer to a slot parks there; dialling it retrieves."""
    return f"""\
exten => {slot},hint,park:{slot}@{lot.context}
exten => {slot},1,GotoIf($["${{BLINDTRANSFER}}${{ATTENDEDTRANSFER}}" = ""]?retrieve)
 same => n,Set(PARKINGEXTEN={slot})
 same => n,Park({lot.name})
 same => n(retrieve),ParkedCall({lot.name},{slot})
"""


def _simulated(config: AsteriskConfig) -> str:
    return f"""
[simulated-phones]
exten => _X.,1,Ringing()
 same => n,Wait({config.ring_seconds})
 same => n,Answer()
 same => n,MusicOnHold(default,{config.talk_seconds})
 same => n,Hangup(16)
"""
