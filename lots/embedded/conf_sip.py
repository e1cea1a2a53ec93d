"""pjsip.conf and rtp.conf, as text."""

from lots.embedded.config import LOOPBACK, SIMULATED, Phone, Ports

COMMON = f"""\
direct_media = no
disallow = all
allow = ulaw,alaw
send_pai = yes
trust_id_inbound = yes
trust_id_outbound = yes
send_connected_line = yes
from_domain = {LOOPBACK}
"""
"""What every endpoint has: names travel both ways, audio stays in Asterisk."""

CALLER = "caller"
"""Name in the From header of calls to simulated phones: nobody's."""


def pjsip_conf(phones: tuple[Phone, ...], ports: Ports) -> str:
    """Two transports (phones; simulated phones), one endpoint per phone, one for the outside world."""
    return _transports(ports) + _outside() + _simulator() + "".join(_phone(phone, ports) for phone in phones)


def rtp_conf(ports: Ports) -> str:
    """The range is shared in good faith: Asterisk tries another port when one is taken."""
    return f"[general]\nrtpstart = {ports.rtp_first}\nrtpend = {ports.rtp_last}\nicesupport = no\n"


def _transports(ports: Ports) -> str:
    return f"""\
[global]
type = global
endpoint_identifier_order = username,ip
user_agent = Parkinglot embedded Asterisk

[transport-phones]
type = transport
protocol = udp
bind = {LOOPBACK}:{ports.sip}

[transport-simulated]
type = transport
protocol = udp
bind = {SIMULATED}:{ports.simulated}
"""


def _outside() -> str:
    """Calls from anybody else on this host come from the outside world, as over a trunk."""
    return f"""
[outside]
type = endpoint
transport = transport-phones
context = outside
{COMMON}
[outside]
type = identify
endpoint = outside
match = {LOOPBACK}
"""


def _simulator() -> str:
    """The answering side of the simulated phones."""
    return f"""
[simulator]
type = endpoint
transport = transport-simulated
context = simulated-phones
{COMMON}
[simulator]
type = identify
endpoint = simulator
match = {SIMULATED}
"""


def _phone(phone: Phone, ports: Ports) -> str:
    number = phone.number
    transport = "transport-simulated" if phone.kind == "simulated" else "transport-phones"
    return f"""
[{number}]
type = endpoint
transport = {transport}
context = phones
aors = {number}
{_auth_line(phone)}{_from_line(phone)}callerid = "{phone.name}" <{number}>
allow_subscribe = yes
subscribe_context = phones
{COMMON}
[{number}]
type = aor
{_aor(phone, ports)}{_auth(phone)}"""


def _auth_line(phone: Phone) -> str:
    return f"auth = {phone.number}\n" if phone.kind == "registered" else ""


def _from_line(phone: Phone) -> str:
    """Calls to a simulated phone come back to this Asterisk, which would take one "from 204" for a call of phone 204.

    204 would then dial itself, for ever. The caller's number still travels in P-Asserted-Identity.
    """
    return f"from_user = {CALLER}\n" if phone.kind == "simulated" else ""


def _aor(phone: Phone, ports: Ports) -> str:
    match phone.kind:
        case "registered":
            return "max_contacts = 2\nremove_existing = yes\n"
        case "contact":
            return f"contact = {phone.contact}\n"
        case "simulated":
            return f"contact = sip:{phone.number}@{SIMULATED}:{ports.simulated}\n"


def _auth(phone: Phone) -> str:
    if phone.kind != "registered":
        return ""
    return f"\n[{phone.number}]\ntype = auth\nusername = {phone.number}\npassword = {phone.password}\n"
