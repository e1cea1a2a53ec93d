"""Internet streams as hold music: which addresses, and the one command Asterisk runs for each.

``mode=custom`` runs a program as the PBX's user. So the whole line is composed here; of what a person typed it holds
the address alone, which has passed the gate. Asterisk splits the line at spaces and calls ``execv``, so the address is
one argument whatever is in it (``spawn_mp3`` in res_musiconhold.c).

The decoder ends when a stream drops, cannot be reached or is refused, or when it is not installed; Asterisk would start
it several times a second. Worse: Asterisk 22.10.1 crashes when the file is loaded anew in a moment without a running
program (each time, when tried; 16.28 does not): ``moh_class_destructor`` closes the timer that the class's thread still
uses, see also issue 2035 of asterisk/asterisk. So what Asterisk runs is a loop that never ends by itself. Its text is a
constant, and the decoder's words reach it as arguments (``"$@"``), which no shell reads.
"""

from urllib.parse import urlsplit

from lots.config.gate import UnsafeValue, check_directory, check_url
from lots.types.words import gettext_noop

STREAM = gettext_noop("Stream address")

LONGEST_COMMAND = 255
"""Bytes: ``char args[256]`` in res_musiconhold.c; what is longer is cut off without a word."""
LOOP = """/bin/sh -c eval$IFS"while$IFS:;do$IFS"'"$@";sleep${IFS}5;done' -"""
"""``while :; do "$@"; sleep 5; done``, without a space since Asterisk knows no quotes; ``-`` is the name it runs under.

Reserved words must be separated before the shell reads them: the first part is expanded, and ``eval`` reads it then.
"""
COMMANDS = {
    # -rw_timeout, in microseconds: a server that falls silent counts as gone. Without -nostdin it may stop for want of
    # a terminal.
    "ffmpeg": "-v 8 -nostdin -rw_timeout 9000000 -i {url} -ac 1 -ar 8000 -f s16le -",
    # -s: to standard output; -m: mono. (No --timeout: with it the mpg123 of Debian 12 aborts.)
    "mpg123": "-q -s -m -r 8000 {url}",
}
"""Decoder -> its arguments. All write what Asterisk reads: 16-bit signed linear, 8 kHz, mono."""


def stream_command(decoder: str, url: str, programs: str = "/usr/bin") -> str:
    """The command line for ``url``; ``programs`` is the decoder's directory on the PBX. Raises ``UnsafeValue``."""
    check_stream(url)
    check_directory(gettext_noop("Directory of the decoder"), programs)
    if decoder not in COMMANDS:
        raise UnsafeValue(gettext_noop("Decoder"), gettext_noop("choose one of {names}."), names=", ".join(COMMANDS))
    command = _command(decoder, url, programs)
    if len(command) > LONGEST_COMMAND:
        rule = gettext_noop("with {decoder} at most {most} characters.")
        raise UnsafeValue(STREAM, rule, decoder=decoder, most=longest_stream(decoder, programs))
    return command


def longest_stream(decoder: str, programs: str = "/usr/bin") -> int:
    """How many characters an address may have; Asterisk keeps no longer command."""
    return LONGEST_COMMAND - len(_command(decoder, "", programs))


def _command(decoder: str, url: str, programs: str) -> str:
    return f"{LOOP} {programs}/{decoder} {COMMANDS[decoder].format(url=url)}"


def check_stream(url: str) -> None:
    """Nothing but a plain http(s) address without a password in it. Raises ``UnsafeValue``."""
    check_url(STREAM, url)
    if "@" in urlsplit(url).netloc:
        rule = gettext_noop("no user name or password in it; whoever reads the configuration sees them.")
        raise UnsafeValue(STREAM, rule)
