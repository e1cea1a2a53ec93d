"""What callers and phones say, before the dialplan reads it a second time.

Asterisk puts values into a line as text and reads the line then. A quote in one ends the string inside ``$[ ]``, and
what follows it there may call any function, ``SHELL()`` too (``op_func`` in ast_expr2.y). In ``ExecIf`` a colon begins
another application, in arguments a comma begins the next one, and a bracket followed by a colon ends a function.
``Set`` alone takes a value as it is. So names of channels (a Local channel's holds the number somebody dialled), names
and numbers of callers, and addresses of phones are only ever set, filtered here, or asked about by their variable's
name.
"""

SIGNS = r"A-Za-z0-9/@._:#*+%~\x2d\x3b\x80-\xff"
"""For ``FILTER``: of names of channels and devices. ``-`` and ``;`` mean something to it, and to Asterisk's files."""

QUOTE = '"'


def plain(value: str) -> str:
    """An expression's text without any other sign. The name of a channel that has one is then no channel's name."""
    return f"${{FILTER({SIGNS},{value})}}"


def given(variable: str) -> str:
    """Whether ``variable`` holds anything, as a condition to stand in ``$[ ]``."""
    return f"${{FIELDQTY({variable},-)}} > 0"


def empty(variable: str) -> str:
    """Whether ``variable`` holds nothing, as a condition to stand in ``$[ ]``."""
    return f"${{FIELDQTY({variable},-)}} = 0"


def has(variable: str, sign: str) -> str:
    """Whether ``sign`` is somewhere in ``variable``, as a condition to stand in ``$[ ]``."""
    return rf"${{FIELDQTY({variable},\x{ord(sign):02x})}} > 1"


def nobody_in(slot: str, lot: str) -> str:
    """1 where no call is parked. ``ISNULL`` says so of no channel's name, whatever it is."""
    return f"${{ISNULL(${{PARK_GET_CHANNEL({slot},{lot})}})}}"


def parked_in(slot: str, lot: str) -> str:
    """The name of the channel that is parked there, ``plain``."""
    return plain(f"${{PARK_GET_CHANNEL({slot},{lot})}}")
