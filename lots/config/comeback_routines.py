"""The dialplan all comebacks share. Extensions of one context, called with Gosub unless they say otherwise.

Values from outside (names above all) are handled as ``harmless`` says.
"""

from lots.config.conf import Section, routine
from lots.config.harmless import QUOTE, empty, given, has, parked_in, plain

COMEBACK = "parkinglot-comeback"

REMINDER = 8
"""Seconds the parker's phone rings to remind: two rings."""
PATIENCE = 60
"""Seconds the reminder waits for a parker who is on the phone; then it is left out."""
MOST_HOPS = 3
"""A call may fall from lot to lot so often without any phone ringing in between. A lot's ``s`` starts anew, its
``s,again`` goes on counting."""
MOST_TURNS = 3
"""A call may find a lot full so often within a minute: a location that leads back here must not go round for ever."""

SINCE, MORE = "PL_SINCE", "PL_MORE"
"""On a parked call: since when its caller waits, in seconds since 1970; and ``1`` where somebody gave it more time: it
goes back when that is over, and is not reminded of again."""

LEFT_BY_A_PARK = ("PARKINGEXTEN", "BLINDTRANSFER", "ATTENDEDTRANSFER", SINCE, MORE)
"""Left on a call that somebody talks to again these would give its next park the old slot, parker and time.

The parker too: where Asterisk parks by itself (REFER, DTMF) it reads these two before it sets them
(parking_park_bridge_channel)."""

_BARE = r"[^][(),\]"
_USUAL = f"^{_BARE}*$|^{_BARE}*[[]{_BARE}*[]]{_BARE}*$"
"""An address without signs that mean something between the arguments of ``Dial``; an IPv6 one has its own brackets."""

_REMINDING = f"Local/r${{PARKING_SPACE}}*${{PARKEDLOT}}*${{UNIQUEID:-12}}@{COMEBACK}/n"

KNOWN = routine(
    # Arguments: first words of the prefix; 1: and the parker's number; 1: and name; 1: Alert-Info.
    "known",
    (
        "Set(PARKINGEXTEN=)",  # or the slot asked for once would be asked for again
        "Set(PL_RING=)",
        f"Set(LOCAL(own)={plain('${CHANNEL(name)}')})",
        "Set(LOCAL(own)=${CUT(own,-,1-$[${FIELDQTY(own,-)} - 1])})",  # the device, as Asterisk cuts it out itself
        # Parked by a dialplan, without anybody's doing, a call is its own parker.
        # So is one whose name no device can have: less of it might be another's.
        f"GotoIf($[{has('PARKER', ')')}]?nobody)",
        f"Set(PL_PARKER={plain('${PARKER}')})",
        'GotoIf($["${PL_PARKER}" = "${own}" | ${LEN(${PL_PARKER})} != ${LEN(${PARKER})}]?nobody)',
        "GotoIf($[${LEN(${PL_PARKER})} = 0]?nobody)",
        "Set(PL_NUMBER=${CONNECTEDLINE(num)})",
        "Set(PL_NAME=${CONNECTEDLINE(name)})",
        f"GotoIf($[{given('PL_NUMBER')}]?prefix)",
        "Set(PL_NUMBER=${CUT(PARKER,/,2)})",
        "Set(PL_NUMBER=${CUT(PL_NUMBER,@,1)})",
        "Goto(prefix)",
        ("nobody", "Set(PL_PARKER=)"),
        "Set(PL_NUMBER=)",
        "Set(PL_NAME=)",
        ("prefix", "Set(_PL_PREFIX=${ARG1})"),
        f'GotoIf($["${{ARG2}}" != "1" | {empty("PL_NUMBER")}]?name)',
        "Set(_PL_PREFIX=${PL_PREFIX} ${PL_NUMBER})",
        ("name", f'GotoIf($["${{ARG3}}" != "1" | {empty("PL_NAME")}]?trim)'),
        "Set(_PL_PREFIX=${PL_PREFIX} ${PL_NAME})",
        ("trim", f"GotoIf($[${{LEN(${{ARG1}})}} > 0 | {empty('PL_PREFIX')}]?alert)"),
        "Set(_PL_PREFIX=${PL_PREFIX:1})",
        ("alert", f'Set(_PL_ALERT=${{IF($["${{ARG4}}" = "1"]?{COMEBACK}-${{PARKEDLOT}})}})'),
        "Return()",
    ),
)

FULL = routine(
    # Argument: the lot that is full. What Asterisk sets at a timeout is set already, but for the slot.
    "full",
    (
        "Set(PARKEDLOT=${ARG1})",
        "Set(PARKING_SPACE=)",
        f"Set({SINCE}=)",  # it was not parked
        "GotoIf($[${EPOCH} - 0${PL_TURNS_SINCE} > 60]?first)",
        "Set(PL_TURNS=$[0${PL_TURNS} + 1])",
        f"GotoIf($[${{PL_TURNS}} <= {MOST_TURNS}]?done)",
        "StackPop()",
        "Goto(end,1)",
        ("first", "Set(PL_TURNS_SINCE=${EPOCH})"),
        "Set(PL_TURNS=1)",
        "Set(PL_HOPS=0)",
        ("done", "Return()"),
    ),
)

REMIND = (
    *routine(
        # Goto, with PL_WAITED and PL_REST: seconds the call has waited and may still wait, 0: for ever; and PL_SINCE
        # where the PBX keeps records. Parks it where it was, as one that waits since then.
        "remind",
        (
            'GotoIf($["${PL_SINCE}" != ""]?call)',
            "Set(PL_SINCE=$[${STRFTIME(,,%s.%3q)} - ${PL_WAITED}])",
            ("call", "GotoIf($[${LEN(${PL_PARKER})} = 0]?park)"),
            f"Originate({_REMINDING},exten,{COMEBACK},s${{PARKING_SPACE}},1,{PATIENCE + REMINDER + 10},a)",
            ("park", "Set(PARKINGEXTEN=${PARKING_SPACE})"),
            "Gosub(parker-kept,1)",
            f"Park(${{PARKEDLOT}},st(${{PL_REST}})c({COMEBACK}-${{PARKEDLOT}},timeout,1))",
            f"Goto({COMEBACK}-${{PARKEDLOT}},timeout,1)",
        ),
    ),
    *routine(
        # One end of the reminder: r701*reception*<end of the call's Uniqueid> rings the parker when they are free.
        "_rX!",
        (
            "Set(PL_SLOT=${CUT(EXTEN,*,1)})",
            "Set(PL_SLOT=${PL_SLOT:1})",
            "Set(PL_LOT=${CUT(EXTEN,*,2)})",
            ("wait", "Wait(0.5)"),
            f"Set(PL_CALL={parked_in('${PL_SLOT}', '${PL_LOT}')})",
            "GotoIf($[${LEN(${PL_CALL})} = 0]?gone)",
            'GotoIf($["${IMPORT(${PL_CALL},UNIQUEID):-12}" != "${CUT(EXTEN,*,3)}"]?gone)',
            'GotoIf($["${IFMODULE(func_export.so)}" != "1"]?who)',  # Asterisk 16 has none
            *(f"Set(EXPORT(${{PL_CALL}},{name})=)" for name in LEFT_BY_A_PARK if name not in {SINCE, MORE}),
            ("who", "Set(PL_PARKER=${IMPORT(${PL_CALL},PL_PARKER)})"),
            'GotoIf($["-INUSE-BUSY-RINGING-RINGINUSE-ONHOLD-" =~ "-${DEVICE_STATE(${PL_PARKER})}-"]?later)',
            # Who calls this number back from the list of missed calls retrieves the caller.
            "Set(CALLERID(num)=${PL_SLOT})",
            "Set(CALLERID(name)=${PL_SLOT})",
            'GotoIf($["${IMPORT(${PL_CALL},CALLERID(pres)):0:6}" = "prohib"]?ring)',
            "Set(CALLERID(name)=${IMPORT(${PL_CALL},CALLERID(name))})",
            ("ring", "Set(_PL_PREFIX=${IMPORT(${PL_CALL},PL_PREFIX)})"),
            "Set(_PL_ALERT=${IMPORT(${PL_CALL},PL_ALERT)})",
            f"Gosub(ring,1({REMINDER},${{PL_PARKER}}))",
            ("gone", "Hangup()"),
            ("later", "Set(PL_TRIES=$[0${PL_TRIES} + 1])"),
            f"GotoIf($[${{PL_TRIES}} < {PATIENCE * 2}]?wait:gone)",
        ),
    ),
    *routine(
        # The other end, once they answered: says the slot, twice.
        "_sX!",
        ("Wait(0.5)", "SayDigits(${EXTEN:1})", "Wait(1)", "SayDigits(${EXTEN:1})", "Wait(0.5)", "Hangup()"),
    ),
)

RING = (
    *routine(
        # Argument: seconds. Rings the parker, if there is one.
        "parker",
        (
            "GotoIf($[${LEN(${PL_PARKER})} = 0]?done)",
            "Gosub(ring,1(${ARG1},${PL_PARKER}))",
            ("done", "Return()"),
        ),
    ),
    *routine(
        # Arguments: seconds, devices. Rings them and those gathered before; returns when nobody answered.
        "ring",
        (
            "Gosub(gather,1(${ARG2}))",
            "GotoIf($[${LEN(${PL_RING})} = 0]?done)",
            "Set(PL_HOPS=0)",
            "Set(LOCAL(all)=${PL_RING:1})",
            "Set(PL_RING=)",
            f"Set(LOCAL(waits)=${{{SINCE}}})",
            *(f"Set({name}=)" for name in LEFT_BY_A_PARK),
            f"Dial(${{all}},${{ARG1}},b({COMEBACK}^dress^1))",
            f"Set({SINCE}=${{waits}})",  # nobody answered: the caller waits on
            ("done", "Return()"),
        ),
    ),
    *routine(
        # Argument: devices, with & between. Adds where they can be reached to PL_RING: Dial(PJSIP/x) would ring the
        # first contact only.
        "gather",
        (
            "Set(LOCAL(left)=${ARG1})",
            ("next", "GotoIf($[${LEN(${left})} = 0]?done)"),
            "Set(LOCAL(one)=${CUT(left,&,1)})",
            "Set(LOCAL(left)=${CUT(left,&,2-)})",
            'GotoIf($["${one:0:6}" != "PJSIP/" | ${FIELDQTY(one,@)} > 1]?add)',
            # An address is what the phone registered: signs in it could dial other devices, or set Dial's options.
            "Set(LOCAL(own)=${one}/)",
            f"Set(LOCAL(usual)={_USUAL})",
            "Set(LOCAL(contacts)=${PJSIP_DIAL_CONTACTS(${one:6})})",
            ("contact", f"GotoIf($[{empty('contacts')}]?next)"),
            "Set(LOCAL(one)=${CUT(contacts,&,1)})",
            "Set(LOCAL(contacts)=${CUT(contacts,&,2-)})",
            f"GotoIf($[{has('one', QUOTE)}]?contact)",
            'GotoIf($["${one:0:${LEN(${own})}}" != "${own}"]?contact)',
            'GotoIf($["${one}" =~ "${usual}"]?:contact)',
            "Set(PL_RING=${PL_RING}&${one})",
            "Goto(contact)",
            ("add", "Set(PL_RING=${PL_RING}&${one})"),
            "Goto(next)",
            ("done", "Return()"),
        ),
    ),
    *routine(
        # On the way to each phone (Dial's b): the prefix, and Alert-Info. The caller's own name stays as it is.
        "dress",
        (
            f"GotoIf($[{empty('PL_PREFIX')}]?alert)",
            'GotoIf($["${CONNECTEDLINE(pres):0:6}" = "prohib"]?hidden)',
            "Set(LOCAL(who)=${CONNECTEDLINE(name)})",
            f"GotoIf($[{given('who')}]?named)",
            "Set(LOCAL(who)=${CONNECTEDLINE(num)})",
            ("named", "Set(CONNECTEDLINE(name,i)=${PL_PREFIX}: ${who})"),
            "Goto(alert)",
            ("hidden", "Set(CONNECTEDLINE(num,i)=)"),
            "Set(CONNECTEDLINE(name,i)=${PL_PREFIX})",
            "Set(CONNECTEDLINE(pres,i)=allowed)",
            ("alert", 'GotoIf($["${PL_ALERT}" = "" | "${CHANNEL(channeltype)}" != "PJSIP"]?done)'),
            "Gosub(${PL_ALERT},alert,1)",
            ("done", "Return()"),
        ),
    ),
)

ELSEWHERE = (
    *routine(
        # Argument: a mailbox. Returns when there is none, or nothing could be recorded.
        "voicemail",
        (
            'GotoIf($["${VM_INFO(${ARG1},exists)}" != "1"]?done)',
            "VoiceMail(${ARG1},u)",
            'GotoIf($["${VMSTATUS}" != "FAILED"]?bye,1)',
            ("done", "Return()"),
        ),
    ),
    *routine(
        # Argument: a lot. Parks there as its parker did; returns when there is no room.
        "park",
        (
            f"GotoIf($[0${{PL_HOPS}} >= {MOST_HOPS}]?done)",
            f"GotoIf($[0${{DIALPLAN_EXISTS({COMEBACK}-${{ARG1}},room,1)}} = 0]?try)",
            f"Gosub({COMEBACK}-${{ARG1}},room,1)",
            'GotoIf($["${GOSUB_RETVAL}" = ""]?done)',
            f"Set(LOCAL(again)=c({COMEBACK}-${{ARG1}},s,again))",
            ("try", "Set(PL_HOPS=$[0${PL_HOPS} + 1])"),
            "Set(CONNECTEDLINE(num,i)=${PL_NUMBER})",  # phones that rang meanwhile left theirs there
            "Set(CONNECTEDLINE(name,i)=${PL_NAME})",
            "Gosub(parker-kept,1)",
            f"Set({SINCE}=${{IF($[{given(SINCE)}]?${{{SINCE}}}:${{STRFTIME(,,%s.%3q)}})}})",
            "Set(PL_MORE=)",
            "Park(${ARG1},s${again})",
            ("done", "Return()"),
        ),
    ),
    *routine(
        # Park() takes the parker from here, and cuts what stands behind the last dash: the device's own stay.
        "parker-kept",
        (
            "Set(ATTENDEDTRANSFER=)",
            "Set(BLINDTRANSFER=)",
            f"GotoIf($[{empty('PARKER')}]?done)",
            "Set(BLINDTRANSFER=${PARKER}-00000000)",
            ("done", "Return()"),
        ),
    ),
    *routine(
        # Arguments: context, extension, priority. Goes there; returns when there is no such place.
        "location",
        (
            "GotoIf($[0${DIALPLAN_EXISTS(${ARG1},${ARG2},${ARG3})} = 0]?done)",
            "Set(PL_TO=${ARG1},${ARG2},${ARG3})",
            f"Set({SINCE}=)",  # who talks to them there is none of ours
            "Gosub(parker-kept,1)",
            "StackPop()",
            "Goto(${PL_TO})",
            ("done", "Return()"),
        ),
    ),
)

END = (
    *routine(
        # Goto. Nobody took the call: the caller hears so, and the log has it.
        "end",
        (
            "Log(NOTICE,Parkinglot: nobody took a call of lot ${PARKEDLOT} slot ${PARKING_SPACE} and it ends now.)",
            "UserEvent(ParkinglotEnded,Lot: ${PARKEDLOT},Slot: ${PARKING_SPACE})",
            "Playback(vm-nobodyavail&vm-goodbye)",
            'GotoIf($["${PLAYBACKSTATUS}" != "FAILED"]?bye)',
            "Playtones(congestion)",  # where those sounds are not installed
            "Wait(3)",
            ("bye", "Hangup(16)"),
        ),
    ),
    *routine("bye", ("Playback(vm-goodbye)", "Hangup(16)")),
)

COMEBACK_ROUTINES = (Section(COMEBACK, (*KNOWN, *FULL, *REMIND, *RING, *ELSEWHERE, *END)),)
