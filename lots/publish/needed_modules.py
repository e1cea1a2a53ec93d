"""The modules of Asterisk that what we publish would use, found in its text."""

import re
from collections.abc import Iterable, Mapping

from lots.config.conf import EXTENSIONS, MODULES, MUSIC, ConfFile

ALWAYS = tuple(MODULES.values())
FUNCTIONS = {
    "CALLERID": "func_callerid",
    "CDR": "func_cdr",
    "CHANNEL": "func_channel",
    "CONNECTEDLINE": "func_callerid",
    "CUT": "func_cut",
    "DB": "func_db",
    "DB_DELETE": "func_db",
    "DB_EXISTS": "func_db",
    "DEVICE_STATE": "func_devstate",
    "DIALPLAN_EXISTS": "func_dialplan",
    "FIELDQTY": "func_strings",
    "FILTER": "func_strings",
    "GLOBAL": "func_global",
    "GROUP": "func_groupcount",
    "IF": "func_logic",
    "IFMODULE": "func_module",
    "IMPORT": "func_channel",
    "ISNULL": "func_logic",
    "LEN": "func_strings",
    "LOCAL": "app_stack",
    "LOCK": "func_lock",
    "PJSIP_DIAL_CONTACTS": "chan_pjsip",
    "PJSIP_HEADER": "res_pjsip_header_funcs",
    "SHA1": "func_sha1",
    "STRFTIME": "func_strings",
    "TIMEOUT": "func_timeout",
    "UNLOCK": "func_lock",
    "VM_INFO": "app_voicemail",
}
"""Those a plain Asterisk may lack, by module."""
APPLICATIONS = {
    "Dial": "app_dial",
    "ExecIf": "app_exec",
    "Gosub": "app_stack",
    "MusicOnHold": "res_musiconhold",
    "Page": "app_page",
    "Playback": "app_playback",
    "Read": "app_read",
    "StackPop": "app_stack",
    "UserEvent": "app_userevent",
    "VoiceMail": "app_voicemail",
    "While": "app_while",
}
VOICEMAIL = "app_voicemail.so"
_FUNCTION = re.compile(r"\b([A-Z][A-Z0-9_]+)\(")
_APPLICATION = re.compile(r"(?:^|,)([A-Z][A-Za-z]+)\(")


def needed_modules(files: Mapping[str, ConfFile], *, voicemail: bool) -> tuple[str, ...]:
    """Names as files (``app_read.so``), each once.

    ``voicemail``: a lot leads to a box; the routine for that is there always, and uses nothing until then.
    """
    lines = [line.value for section in files[EXTENSIONS].sections for line in section.lines]
    found = {*ALWAYS, *_of(lines, _FUNCTION, FUNCTIONS), *_of(lines, _APPLICATION, APPLICATIONS)}
    values = [line.value for file in files.values() for section in file.sections for line in section.lines]
    if any("http://" in value or "https://" in value for value in values):
        found |= {"res_http_media_cache.so", "res_curl.so"}
    if any(line.value == "custom" for section in files[MUSIC].sections for line in section.lines):
        found.add("res_musiconhold.so")
    return tuple(sorted(found if voicemail else found - {VOICEMAIL}))


def _of(lines: Iterable[str], pattern: re.Pattern[str], modules: Mapping[str, str]) -> set[str]:
    named = {name for line in lines for name in pattern.findall(line)}
    return {f"{modules[name]}.so" for name in named if name in modules}
