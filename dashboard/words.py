"""The words of the board's page: what each code of docs/protocol.md says to a person.

The socket carries codes, the page carries these sentences in the viewer's language. `{name}` is filled in by the page.
"""

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

# How a command is going. One sentence for every `code` of the protocol; a failure says what to do next.
PROGRESS: dict[str, Promise] = {
    "claimed": _("Claimed, ringing {phone} …"),
    "ringing": _("Phone {phone} is ringing: pick up"),
    "connected": _("Connected to {caller}"),
    "taken": _("{by} took this call."),
    "claimed_by": _("{by} is taking this call just now."),
    "caller_left": _("{caller} hung up."),
    "timed_out": _("The call went back to the person who parked it before you took it."),
    "moved": _("The call is in another slot now. Retrieve it from there."),
    "not_parked": _("This call is not parked any more."),
    "phone_unknown": _("Asterisk does not know the device of phone {phone}. Ask an administrator to check it."),
    "phone_unregistered": _("Your phone {phone} is not registered. Check that it is switched on, then try again."),
    "phone_busy": _("Your phone {phone} is busy. End the other call, then try again."),
    "phone_declined": _("Your phone {phone} declined the call. Switch off “do not disturb”, then try again."),
    "phone_no_answer": _("Nobody answered phone {phone}. Try again and pick up when it rings."),
    "no_phone": _("No phone is set up for you. Ask an administrator to add one."),
    "forbidden": _("You have no right to do this. Ask an administrator for it."),
    "link_lost": _("Asterisk cannot be heard, so it is unknown how this ended. Check your phone."),
    "bridge_silent": _("The bridge did not answer. Try again; if it stays silent, tell an administrator."),
    "cancelled": _("Stopped. The caller is still parked."),
    "call_back_cancelled": _("Stopped. Nobody was called."),
    "bad_request": _("The portal did not understand this page. Reload the page, then try again."),
    "busy_call": _("You are doing something with this call already. Wait for its end, or stop it."),
    "busy_already": _("Your phone is already ringing for another call. Pick that up or stop it first."),
    "asterisk_refused": _("Asterisk refused: {reason}. Try again, or tell an administrator."),
    "held": _("Marked as yours: colleagues leave this call to you for two minutes."),
    "given_back": _("Given back: everybody may take this call again."),
    "noted": _("Noted."),
    "nobody_waiting": _("Nobody is waiting whom you could take."),
    "no_such_phone": _("This phone is not set up any more. Choose another one."),
    "moved_to": _("{caller} is on {to_slot} now."),
    "extended": _("{caller} stays {minutes} minutes longer."),
    "ended": _("The call with {caller} was ended."),
    "saying": _("{caller} hears the message …"),
    "ended_early": _("{caller} hung up before the end of the message."),
    "ended_unsaid": _(
        "The call with {caller} was ended, but the message was not heard whole. Can the PBX reach the portal?"
    ),
    "can_say": _("A message can be said."),
    "not_sayable": _(
        "This message cannot be said: plain words only, without quotes, brackets or other signs. "
        "{caller} is still parked."
    ),
    "not_spoken": _("The message could not be made into speech. {caller} is still parked."),
    "no_guard": _("Nothing can be said to callers here, so nothing was done. {caller} is still parked."),
    "parked": _("Parked on {to_slot}."),
    "parked_paging": _("Parked on {to_slot}, paging …"),
    "parked_not_paged": _("Parked on {to_slot}, but not paged. {why}"),
    "calls": _("Your calls."),
    "there_already": _("{caller} is in this slot already. Choose another one."),
    "lot_full": _("This lot is full. Choose another one, or free a slot first."),
    "slot_taken": _("Slot {to_slot} is taken. Choose another one."),
    "no_such_slot": _("There is no slot {to_slot} in this lot. Choose another one."),
    "no_such_lot": _("Asterisk does not have this lot. Ask an administrator to publish it."),
    "not_moved": _("Asterisk did not move the call. Look where it is, then try again."),
    "not_ended": _("Asterisk did not end the call. Look at the board, then try again."),
    "call_gone": _("Your phone is not in this call any more."),
    "not_parked_now": _("Asterisk did not park the call: you may still be talking. Try again."),
    "calling_back": _("Calling {number} …"),
    "not_dialable": _("This caller showed no number that can be dialled."),
    "not_dialable_here": _("Your phone cannot dial {number}. Ask an administrator which numbers it may call."),
    "no_context": _("Asterisk does not tell how your phone dials. Ask an administrator to set the phones’ contexts."),
    "paging": _("Paging {zone} …"),
    "paged": _("{zone} was paged. {caller} is still parked."),
    "page_stopped": _("Paging {zone} has ended."),
    "page_stopping": _("Paging ends."),
    "page_unheard": _(
        "Nobody in {zone} answered the page: its phones are switched off, or do not answer by themselves."
    ),
    "nobody_to_page": _("Every phone in {zone} is in a call or switched off. Try again, or another zone."),
    "quiet_hours": _("{zone} is not paged until {until}. Choose another zone, or notify somebody."),
    "paged_lately": _("{zone} was paged just now. It can be paged again in {seconds} s."),
    "paging_already": _("{zone} is being paged for another call. Try again in a moment."),
    "other_pbx": _("That is on another PBX, where this call cannot go. Choose one on the call’s own."),
    "no_such_zone": _("This zone is not set up any more. Choose another one."),
    "notified": _("{name} has been told. The answer shows up on the tile."),
    "not_notified": _("Phone {phone} is switched off and has no owner, so nobody saw it. Try another way."),
    "answered": _("Told."),
    "no_such_notice": _("This notice is not there any more."),
    "settled": _("{caller} is off the list."),
    "unsettled": _("{caller} is on the list again."),
    "not_missed": _("This caller is not on the list any more."),
    # Of a caller who is on the way back there is no slot to choose.
    "retrieve_lot_full": _("No slot is free to bring {caller} back to, so nothing was done. Free one, then try again."),
    "retrieve_not_moved": _("Asterisk did not bring {caller} back. Look at the board, then try again."),
    # Of a call that is sent to a colleague, the same codes read differently.
    "send_asking": _("Sending to {phone} …"),
    "send_claimed": _("Sending to {phone} …"),
    "send_ringing": _("Ringing {phone} …"),
    "send_connected": _("{phone} has taken {caller}."),
    "send_phone_unknown": _("Asterisk does not know the device of {phone}. {caller} is still parked."),
    "send_phone_unregistered": _("{phone} is switched off or not registered. {caller} is still parked."),
    "send_phone_busy": _("{phone} is busy. {caller} is still parked."),
    "send_phone_declined": _("{phone} declined. {caller} is still parked."),
    "send_phone_no_answer": _("{phone} did not answer. {caller} is still parked."),
    "send_busy_already": _("{phone} is already ringing for another call."),
    "send_link_lost": _("Asterisk cannot be heard, so it is unknown whether {phone} has taken {caller}."),
    "send_connection_lost": _(
        "The connection to the portal broke, so it is unknown whether {phone} has taken {caller}."
    ),
    "take_next_asking": _("Asking for the next call …"),
    "note_asking": _("Saving …"),
    "note_not_parked": _("{caller} is not parked any more, so nothing was saved."),
    "note_link_lost": _("Asterisk cannot be heard just now, so nothing was saved. Try again in a moment."),
    "note_connection_lost": _(
        "The connection to the portal broke: it is unknown whether this was saved. Save it again."
    ),
    "claim_asking": _("Telling colleagues …"),
    "claim_link_lost": _("Asterisk cannot be heard just now. Try again in a moment."),
    "claim_connection_lost": _("The connection to the portal broke. Look at the board, then try again."),
    "unclaim_asking": _("Giving back …"),
    "unclaim_link_lost": _("Asterisk cannot be heard just now. Try again in a moment."),
    "unclaim_connection_lost": _("The connection to the portal broke. Look at the board, then try again."),
    "move_asking": _("Moving …"),
    "more_time_asking": _("Asking for more time …"),
    "end_asking": _("Hanging up …"),
    "end_link_lost": _(
        "Asterisk cannot be heard, so it is unknown whether the call with {caller} has ended. Look at the board."
    ),
    "end_connection_lost": _(
        "The connection to the portal broke, so it is unknown whether the call with {caller} has ended. "
        "Look at the board."
    ),
    "park_asking": _("Parking your call …"),
    "call_back_asking": _("Calling your phone …"),
    "call_back_ringing": _("Phone {phone} is ringing: pick up, then {caller} is called"),
    "call_back_busy_already": _("Your phone is already ringing for another call. Pick that up or stop it first."),
    "settle_link_lost": _("The bridge was interrupted. Look at the list, then try again."),
    "settle_connection_lost": _("The connection to the portal broke. Look at the list, then try again."),
    "parked_demo": _("A demo caller is on the way."),
    # The page's own: no such code comes over the socket.
    "asking": _("Asking for the call …"),
    "stopping": _("Stopping …"),
    "connection_lost": _("The connection to the portal broke, so it is unknown how this ended. Check your phone."),
    "not_sent": _("There is no connection to the portal just now. Try again in a moment."),
    "just_changed": _("The board changed under your click, so nothing was done. Look again, then click."),
    "unknown_code": _("Something unexpected happened ({code}). Look at the board, then try again."),
}

TILES: dict[str, Promise] = {
    "state_free": _("Free"),
    "state_fresh": _("Waiting"),
    "state_long": _("Waiting long"),
    "state_soon": _("Returning soon"),
    "state_claimed": _("Being taken"),
    "state_mine": _("You are on it"),
    "state_back": _("Going back"),
    "back_recall": _("Going back to {who}, ringing {time}"),
    "back_fallback": _("Nobody took it: ringing {who} {time}"),
    "back_soon": _("Going back to {who}"),
    "back_begun": _("Going back to who parked it"),
    "back_nobody": _("Nobody answered, nobody is ringing since {time}"),
    "back_many": _("{first} and {count} more"),
    "for_whom": _("for {name}"),
    "in_lot": _("{slot} in {lot}"),
    "more_name": _("More for {caller} on {slot}"),
    "note_name": _("Note, for whom: {caller} on {slot}"),
    "is_taking": _("{by} is taking it"),
    "somebody": _("A colleague"),
    "unknown_caller": _("Unknown caller"),
    "parked_by": _("parked by {who}"),
    "name_and_number": _("{name} ({number})"),
    "waited": _("waited {time}"),
    "returns_in": _("returns in {time}"),
    "returns_now": _("returns now"),
    "no_return": _("no time limit"),
    "slot_named": _("{slot} {name}"),
    "retrieve_name": _("Retrieve {caller} from {slot}"),
    "stop_name": _("Stop retrieving {caller}"),
    "stop_send_name": _("Stop ringing for {caller}"),
    "nth_one": _("{count}st today"),
    "nth_two": _("{count}nd today"),
    "nth_few": _("{count}rd today"),
    "nth_other": _("{count}th today"),
    "occupied": _("{count} of {total} occupied"),
}

FRAME: dict[str, Promise] = {
    "title": _("Parking board · Parkinglot"),
    "title_waiting": _("({count}) Parking board · Parkinglot"),
    "waiting_none": _("Nobody is waiting"),
    "waiting_one": _("1 caller waiting, for {longest}"),
    "waiting_many": _("{count} callers waiting, the longest for {longest}"),
    "said_parked": _("{caller} parked on {slot} in {lot}."),
    "said_left": _("{caller} left {slot} in {lot}."),
    "said_many": _("{parked} calls parked, {left} left."),
    "said_back_recall": _("{caller} waited too long and goes back to {who}."),
    "said_back_fallback": _("{caller} waited too long, {who} is being rung."),
    "ring_my_phone": _("Ring my phone"),
    "phone_label": _("{number} {name}"),
}

CONSOLE: dict[str, dict[str, Promise]] = {
    "lot": {
        "longest": _("longest {time}"),
        "pin": _("Keep {lot} at the top"),
        "take_next": _("Take next in {lot}"),
    },
    "menu": {
        "about": _("{caller} on {slot} in {lot}"),
        "send": _("Send to …"),
        "note": _("Note, for whom …"),
        "notify": _("Tell somebody …"),
        "page": _("Page …"),
        "stop_page": _("Stop paging"),
        "claim": _("I’m on it"),
        "unclaim": _("Give back"),
        "move": _("Move to …"),
        "more_time": _("5 minutes more"),
        "earlier": _("Earlier calls …"),
        "end": _("Hang up …"),
    },
    "pick": {
        "left": _("This caller is not parked any more."),
        "send_title": _("Send {caller} from {slot} to …"),
        "send_label": _("Colleague: name or number"),
        "send_none": _("No colleague has that name or number."),
        "send_hint": _("Enter sends to the marked one. The caller stays parked until somebody answers."),
        "notify_title": _("Tell somebody that {caller} waits on {slot}"),
        "notify_label": _("Colleague: name or number"),
        "notify_none": _("No colleague has that name or number."),
        "notify_hint": _("Enter tells the marked one, on their board and phone, with the note. Nothing rings."),
        "page_title": _("Page for {caller} on {slot} in …"),
        "page_label": _("Zone"),
        "page_none": _("No zone has that name."),
        "page_hint": _("Enter pages the marked zone until somebody takes the call."),
        "repeats": _("{count} times"),
        "move_title": _("Move {caller} from {slot} to …"),
        "move_label": _("Slot or lot"),
        "move_none": _("No free slot fits that."),
        "move_hint": _("Enter moves to the marked one."),
        "next_free": _("next free slot"),
        "park_title": _("Park my call"),
        "park_label": _("Which call, and where"),
        "park_none": _("Your phones are in no call just now. A call shows up here as soon as it is answered."),
        "park_hint": _(
            "Enter parks the marked one; type a number for a certain slot. Your phone says the slot, then the call is "
            "gone from it."
        ),
        "talk": _("{caller} → {lot}"),
    },
    "carry": {
        "hint": _("{caller}: let go on a free slot or a colleague, or press Esc"),
        "hint_slot": _("{caller}: let go on a free slot, or press Esc"),
        "move": _("Move {caller} to {slot} in {lot}"),
        "park": _("Park {caller} on {slot} in {lot}"),
        "send": _("Send {caller} to {name}"),
    },
    "mine": {
        "asking": _("Asking which calls your phones are in …"),
        "none": _("Your phones are in no call just now."),
        "failed": _("Which calls your phones are in is not known just now."),
        "park_name": _("Park {caller}"),
    },
    "earlier": {
        "title": _("Earlier calls of {caller}"),
        "loading": _("Looking …"),
        "none": _("This caller was not parked before, or in no lot you may see."),
        "not_allowed": _("You have no right to look at the history. Ask an administrator for it."),
        "failed": _("The portal did not answer. Close this, then try again."),
    },
    "end": {
        "title": _("Hang up on {caller}? The call is over then."),
        "yes": _("Hang up"),
        "yes_say": _("Say it and hang up"),
        "left": _("This caller is not parked any more."),
        "asking": _("Looking whether the caller can be told something first …"),
        "hint": _("The caller hears it, then is hung up on. Whoever is taken meanwhile hears nothing."),
        "hint_no_speech": _("Nothing can be said first: espeak-ng is not installed where the portal runs."),
        "hint_no_guard": _("Nothing can be said first: that needs the dialplan Parkinglot publishes."),
        "hint_unknown": _("Nothing can be said first: Asterisk or the bridge does not answer just now."),
    },
    "note": {
        "title": _("{caller} on {slot}"),
        "draft": _("You typed this before and it is not saved yet."),
        "saving": _("Saving …"),
        "left": _("This caller is not parked any more, so the note cannot be saved. Copy it if you need it."),
        "changed": _("Somebody has changed it meanwhile: “{words}”. Saving replaces that by yours."),
        "copied": _("Copied."),
        "copy_by_hand": _("The note is marked: copy it with Ctrl+C."),
    },
    "missed": {
        "none": _("none in the last 24 hours"),
        "said": _("{caller} hung up while parked and is among the missed callers."),
        "facts": _("waited {waited} on {slot} in {lot}, hung up at {time}"),
        "facts_unanswered": _(
            "waited {waited}, from {slot} in {lot} the call went back and nobody answered; over at {time}"
        ),
        "done_name": _("Done with {caller}"),
        "remark_name": _("Done with {caller}, with a remark"),
        "call_name": _("Call back {caller}"),
        "stop_name": _("Stop calling back {caller}"),
        "undo": _("Undo"),
    },
    "own": {
        "title": _("A call you parked"),
        "parked": _("{caller} waits on {slot} in {lot}."),
        "moved": _("{caller} was moved and waits on {slot} in {lot} now."),
        "recall": _("{caller} waited too long and goes back to you."),
        "fallback": _("{caller} waited too long, {by} is being rung."),
        "fallback_by_nobody": _("{caller} waited too long and is on the way to somebody else."),
        "taken": _("{by} took {caller} after {waited}."),
        "taken_by_nobody": _("Somebody took {caller} after {waited}."),
        "answered": _("{by} answered {caller}, who had gone back, after {waited}."),
        "answered_by_nobody": _("Somebody answered {caller}, who had gone back, after {waited}."),
        "hung_up": _("{caller} hung up after {waited}."),
        "unanswered": _("{caller} went back and nobody answered: the call is over."),
        "ended": _("{by} ended the call of {caller} after {waited}."),
        "ended_by_nobody": _("The call of {caller} was ended after {waited}."),
        "elsewhere": _("Somebody took over {caller} by other means after {waited}."),
        "unknown": _("It is unknown what became of {caller}: nobody listened when it happened."),
        "mine": _("You took {caller} after {waited}."),
        "dismiss": _("Dismiss what is said of {caller}"),
    },
    "inbox": {
        "title": _("Somebody waits for you"),
        "got": _("{sender}: {caller} waits for you on {slot}."),
        "sent_open": _("{to} has been told of {caller} on {slot}: no answer yet."),
        "sent_seen": _("{to} has seen that {caller} waits on {slot}."),
        "sent_coming": _("{to} is coming for {caller} on {slot}."),
        "coming_name": _("I’m coming for {caller}"),
        "seen_name": _("I have seen that {caller} waits"),
    },
    "keys": {
        "choose_first": _("Choose a caller first: the arrow keys go from one to the next."),
    },
}

LINK: dict[str, Promise] = {
    "short_hearing": _("Live"),
    "short_connecting": _("Connecting …"),
    "short_down": _("Not live"),
    "lost": _("Cannot hear Asterisk since {time}. What you see is the last known picture."),
    "refused": _(
        "Asterisk refuses the portal’s account since {time}. What you see is the last known picture. "
        "Ask an administrator to check the account."
    ),
    "silent": _("The bridge does not answer since {time}. What you see is the last known picture."),
    "part_lost": _("{pbx} cannot be heard since {time}: its lots are the last known picture."),
    "reason": _("Reason: {reason}"),
    "first_connection": _("Connecting to the portal …"),
    "no_connection": _(
        "No connection to the portal since {time}, trying again. What you see is the last known picture."
    ),
    "not_allowed": _("You have no right to see this board. Ask an administrator for it, then load the page again."),
    "live_now": _("The board is live."),
}


# Said to callers, so in the portal's own language and not in the viewer's.
PHRASES = (
    _("Nobody is free just now. Please call again later."),
    _("We are closed now. Please call again tomorrow."),
    _("Please send us an email. We will answer as soon as we can."),
)


def spoken() -> dict[str, Any]:
    """What can be said to a caller before the end: sentences to choose from, and the language of the voice."""
    with override(settings.LANGUAGE_CODE):
        return {"language": settings.LANGUAGE_CODE, "phrases": [str(phrase) for phrase in PHRASES]}


def board_words() -> dict[str, str]:
    """Every word the page's scripts need, in the language of this request."""
    groups = {"progress": PROGRESS, "tile": TILES, "frame": FRAME, "link": LINK, **CONSOLE}
    return {f"{group}.{code}": str(words) for group, codes in groups.items() for code, words in codes.items()}
