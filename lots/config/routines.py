"""``parkinglot-calls``: what the numbers of all lots share. Each routine is an extension, its arguments are Gosub's.

Nothing here can be dialled: phones include only the contexts of ``public``. All sounds are core sounds of Asterisk.
"""

from lots.config.comeback_routines import COMEBACK
from lots.config.conf import Section, routine
from lots.config.guard import hand_over
from lots.config.harmless import given, has, nobody_in, parked_in, plain

CALLS = "parkinglot-calls"
NOTHING = "pbx-invalidpark"
"""“I am sorry, there is no call parked on that extension. Please try again.”"""
FAILED = "pbx-parkingfailed"
PROMPT = "vm-enter-num-to-call"
TRIES = 3
DIGIT_SECONDS = 5
TELL_SECONDS = 20
"""How long the parker's phone rings to be told a slot's number."""

RING = f"Gosub({COMEBACK},ring,1({TELL_SECONDS},${{PL_TELL}}))"

Steps = tuple[str | tuple[str, str], ...]


def call(name: str, *arguments: object) -> str:
    """The step that runs a routine."""
    return f"Gosub({CALLS},{name},1({','.join(str(argument) for argument in arguments)}))"


TRANSFERRED = "$[${FIELDQTY(BLINDTRANSFER,-)} + ${FIELDQTY(ATTENDEDTRANSFER,-)} > 0]"
"""Whether somebody transferred this channel here: one of the two holds the name of theirs."""


def here(step: str) -> Steps:
    """First steps of what people dial: a transfer by DTMF looks for the number in the channel's context, now ours."""
    return (
        'GotoIf($["${TRANSFER_CONTEXT}" != ""]?ready)',
        "Set(TRANSFER_CONTEXT=${STACK_PEEK(1,c)})",
        ("ready", step),
    )


# Arguments ``rules``, as ``public`` writes them, are eight: the lot, its first and last slot, ``yes`` when the parker
# hears the slot's number (else nothing), WhenFull's word, and for an overflow that lot, its first and last slot.
# A ninth is the slot somebody asked for.

SLOT: Steps = (
    *here(f"GotoIf({TRANSFERRED}?park)"),
    call("take", "${ARG1}", "${ARG9}"),
    "Answer()",
    f"Playback({NOTHING})",
    "Wait(1)",
    # Who transfers with announcement dials the slot first; when they let go, the other party stands here instead.
    f"GotoIf($[{given('ATTENDEDTRANSFER')}]?park)",
    "Hangup(16)",
    ("park", "Goto(park,1)"),
)
"""``slot(rules, slot)``: a transfer to a slot parks there, dialling it picks up, an empty one says so."""

PARK: Steps = (
    *here("Set(LOCAL(lot)=${ARG1})"),
    "Set(LOCAL(say)=${ARG4})",
    "Set(PARKINGEXTEN=${ARG9})",
    # Asterisk 16 ends a call that finds no room, so room is looked for first.
    call("room", "${ARG1}", "${ARG2}", "${ARG3}"),
    'GotoIf($["${GOSUB_RETVAL}" != ""]?room)',
    'GotoIf($["${ARG5}" != "overflow"]?full)',
    "Set(LOCAL(lot)=${ARG6})",
    call("room", "${ARG6}", "${ARG7}", "${ARG8}"),
    'GotoIf($["${GOSUB_RETVAL}" = ""]?full)',
    "Set(PARKINGEXTEN=)",
    ("room", 'GotoIf($["${ARG9}" = ""]?parker)'),
    # Who asked for a slot knows its number, unless the call goes to another one.
    "Set(LOCAL(say)=)",
    f"GotoIf({nobody_in('${ARG9}', '${ARG1}')}?parker)",
    call("spell", "${ARG9}"),
    "Set(LOCAL(say)=extension:${GOSUB_RETVAL}is-in-use:to-extension:)",
    ("parker", call("parker")),
    "Set(PL_SINCE=${STRFTIME(,,%s.%3q)})",
    "Set(PL_MORE=)",
    'GotoIf($["${say}" = "" | "${GOSUB_RETVAL}" = ""]?here)',
    "Set(__PL_TELL=${GOSUB_RETVAL})",
    'GotoIf($["${say}" != "yes"]?tell)',
    "Set(LOCAL(say)=)",
    ("tell", f"ParkAndAnnounce(${{lot}},,${{say}}PARKED,Local/tell@{CALLS}/n)"),
    "Goto(full)",
    ("here", 'Park(${lot},${IF($["${ARG4}" = ""]?s)})'),
    ("full", "Goto(full,1)"),
)
"""``park(rules, slot or nothing)``: parks this channel; the parker's phone is rung and told what they cannot know."""

FULL: Steps = (
    call("parker"),
    "Set(PL_LOT=${ARG1})",
    "Set(PL_RULE=${ARG5})",
    "StackPop()",
    "Set(PARKER=${GOSUB_RETVAL})",
    'GotoIf($["${PL_RULE}" = "fallback"]?parkinglot-comeback-${PL_LOT},fallback,1)',
    f"GotoIf($[{given('PARKER')}]?parkinglot-comeback-${{PL_LOT}},back,1)",
    "Answer()",
    f"Playback({FAILED})",
    "Hangup(17)",
)
"""``full(rules)``: there is no room. ``PARKER`` is what Asterisk sets when a parked call times out."""

UNPARKED: Steps = (
    f"GotoIf({TRANSFERRED}?full,1)",
    "Hangup(17)",  # Asterisk has said that it could not park
)
"""``unparked(rules)``: Park found the lot full, and Asterisk goes on: since 18.23, 20.8 and 21.3, not in 16."""

TAKE: Steps = (
    f"GotoIf({nobody_in('${ARG2}', '${ARG1}')}?nobody)",
    f"Set(LOCAL(parked)={parked_in('${ARG2}', '${ARG1}')})",
    *hand_over("${parked}", "${ARG1}"),
    ("take", "ParkedCall(${ARG1},${ARG2})"),
    ("nobody", "Return()"),
)
"""``take(lot, slot)``: connects this channel with who is parked there; returns when nobody is."""

PICK_UP: Steps = (
    *here(call("take", "${ARG1}", "${ARG2}")),
    'GotoIf($["${PL_TRIES}" != ""]?again)',
    "Answer()",
    f"Playback({NOTHING})",
    "Hangup(16)",
    ("again", "StackPop()"),
    "Goto(ask,again)",
)
"""``pick-up(lot, slot)``: takes, or says that nothing is there; whoever was asked for the number is asked again."""

ASK: Steps = (
    *here("Set(PL_CONTEXT=${ARG1})"),
    "Set(PL_CODE=${ARG2})",
    "Set(PL_LONGEST=${ARG3})",
    "Set(PL_TRIES=0)",
    f"Set(PL_SAY={PROMPT})",
    "StackPop()",
    "Answer()",
    ("again", "Set(PL_TRIES=$[${PL_TRIES} + 1])"),
    f"GotoIf($[${{PL_TRIES}} > {TRIES}]?enough)",
    f"Read(PL_TYPED,${{PL_SAY}},${{PL_LONGEST}},,1,{DIGIT_SECONDS})",
    f"Set(PL_SAY={NOTHING})",
    "Set(PL_TYPED=${FILTER(0-9,${PL_TYPED})})",
    'GotoIf($["${PL_TYPED}" = ""]?again)',
    "GotoIf(${DIALPLAN_EXISTS(${PL_CONTEXT},${PL_CODE}${PL_TYPED},1)}?${PL_CONTEXT},${PL_CODE}${PL_TYPED},1:again)",
    ("enough", f"Playback({NOTHING})"),
    "Hangup(16)",
)
"""``ask(context, retrieve code, digits of the longest slot)``: asks for the slot, then is as if it had been dialled."""

LOCK = "parkinglot-next-${ARG1}"
CLAIM = "GLOBAL(PL_NEXT-${ARG1}-${slot})"
CLAIM_SECONDS = 3
NEXT: Steps = (
    # A PBX that keeps no call records has none of this call either, and would complain at each call it was asked about.
    *here("Set(LOCAL(records)=${CDR(start,u)})"),
    # Two who dial this in one moment get two callers: whom one has chosen the other passes over.
    ("look", f"Set(LOCAL(locked)=${{LOCK({LOCK})}})"),
    "Set(LOCAL(slot)=${ARG2})",
    "Set(LOCAL(oldest)=)",
    "Set(LOCAL(since)=)",
    ("slot", f"GotoIf({nobody_in('${slot}', '${ARG1}')}?on)"),
    f"Set(LOCAL(parked)={parked_in('${slot}', '${ARG1}')})",
    f'GotoIf($["${{{CLAIM}:11}}" = "${{parked}}" & ${{EPOCH}} - 0${{{CLAIM}:0:10}} < {CLAIM_SECONDS}]?on)',
    call("since", "${parked}"),
    'GotoIf($["${oldest}" = ""]?older)',
    "GotoIf($[${GOSUB_RETVAL} >= ${since}]?on)",
    ("older", "Set(LOCAL(oldest)=${slot})"),
    "Set(LOCAL(since)=${GOSUB_RETVAL})",
    ("on", "Set(LOCAL(slot)=$[${slot} + 1])"),
    "GotoIf($[${slot} <= ${ARG3}]?slot)",
    'GotoIf($["${oldest}" = ""]?nobody)',
    "Set(LOCAL(slot)=${oldest})",
    f"Set({CLAIM}=${{EPOCH}} {parked_in('${slot}', '${ARG1}')})",
    f"Set(LOCAL(locked)=${{UNLOCK({LOCK})}})",
    call("take", "${ARG1}", "${slot}"),
    "Goto(look)",  # who was there has just hung up
    ("nobody", f"Set(LOCAL(locked)=${{UNLOCK({LOCK})}})"),
    # Asterisk takes one from outside the slots (they were changed), or says that nothing is parked.
    "ParkedCall(${ARG1})",
)
"""``next(lot, first, last)``: takes who has waited longest."""

SINCE: Steps = (
    "Set(LOCAL(since)=${FILTER(0-9.,${IMPORT(${ARG1},PL_SINCE)})})",
    'GotoIf($["${since}" != ""]?known)',
    'GotoIf($["${records}" = ""]?began)',
    "Set(LOCAL(since)=${FILTER(0-9.,${IMPORT(${ARG1},CDR(start,u))})})",
    'GotoIf($["${since}" != ""]?known)',
    ("began", "Set(LOCAL(since)=${IMPORT(${ARG1},UNIQUEID)})"),
    "Set(LOCAL(since)=${CUT(since,-,${FIELDQTY(since,-)})})",
    "Set(LOCAL(since)=${FILTER(0-9,${CUT(since,.,1)})})",
    ("known", 'Return(${IF($["${since}" = ""]?${EPOCH}:${since})})'),
)
"""``since(channel)``: when it was parked, in seconds since 1970.

Exact where a routine of ours parked it (PL_SINCE; anew after a reminder, too), and on every PBX with call records on,
as they are by default: a record starts with the park. Where they are off, a call Asterisk parked by itself counts from
when it began, until its reminder."""

ROOM: Steps = (
    "Set(LOCAL(slot)=${ARG2})",
    ("look", f"GotoIf({nobody_in('${slot}', '${ARG1}')}?free)"),
    "Set(LOCAL(slot)=$[${slot} + 1])",
    "GotoIf($[${slot} <= ${ARG3}]?look)",
    "Return()",
    ("free", "Return(${slot})"),
)
"""``room(lot, first, last)``: the first free slot, or nothing."""

PARKER: Steps = (
    "Set(LOCAL(who)=${ATTENDEDTRANSFER})",
    f"GotoIf($[{given('who')}]?named)",
    "Set(LOCAL(who)=${BLINDTRANSFER})",
    ("named", f"GotoIf($[{has('who', ')')}]?nobody)"),
    f"Set(LOCAL(who)={plain('${who}')})",
    'GotoIf($["${who}" = "" | "${who:0:6}" = "Local/"]?nobody)',
    # A channel's name is the device, a hyphen and a number; devices have hyphens too.
    "Return(${CUT(who,-,1-$[${FIELDQTY(who,-)} - 1])})",
    ("nobody", "Return()"),
)
"""``parker()``: the device that transferred this channel, or nothing."""

SPELL: Steps = (
    "Set(LOCAL(said)=)",
    "Set(LOCAL(at)=0)",
    ("digit", "Set(LOCAL(said)=${said}digits/${ARG1:${at}:1}:)"),
    "Set(LOCAL(at)=$[${at} + 1])",
    "GotoIf($[${at} < ${LEN(${ARG1})}]?digit)",
    "Return(${said})",
)
"""``spell(number)``: the sounds of its digits, each with a colon behind, as ParkAndAnnounce wants them."""

TELL: Steps = (
    "Set(_PL_PREFIX=${PARKEDAT})",
    "Set(_PL_ALERT=)",
    RING,
    # A phone with one line may still be putting down the call it has just transferred.
    'GotoIf($["${DIALSTATUS}" != "BUSY"]?over)',
    "Wait(2)",
    RING,
    ("over", "Hangup()"),
)
"""``tell``, with PL_TELL and PARKEDAT: rings all contacts of the parker; ParkAndAnnounce then speaks.

The name shown starts with the slot."""

ROUTINES = {
    "slot": SLOT,
    "park": PARK,
    "full": FULL,
    "unparked": UNPARKED,
    "take": TAKE,
    "pick-up": PICK_UP,
    "ask": ASK,
    "next": NEXT,
    "since": SINCE,
    "room": ROOM,
    "parker": PARKER,
    "spell": SPELL,
    "tell": TELL,
}
CALLS_SECTION = Section(CALLS, tuple(line for name, steps in ROUTINES.items() for line in routine(name, steps)))
