"""SIPp scenarios for user agents that do what a test tells them.

A scenario cannot be told anything while it runs, except by a SIP message with its Call-ID. So the test sends one, with
a method no telephone knows: ``X-ANSWER``, ``X-HANGUP``, ``X-REFER``. Everything else is ordinary SIP.
"""

from xml.sax.saxutils import escape

SDP = """
v=0
o=kit 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=sendrecv
"""
ALLOW = "Allow: INVITE, ACK, CANCEL, BYE, UPDATE, NOTIFY, REFER, OPTIONS"
SELF = "Contact: <sip:kit@[local_ip]:[local_port]>"


REFUSALS = (403, 404, 408, 480, 486, 488, 500, 503, 603)
"""What Asterisk may say instead of an answer."""


def scenario(body: str) -> str:
    """A whole scenario file."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n'
    return f'{head}<scenario name="kit">\n{body}\n</scenario>\n'


def phone(*, answer_ms: int | None = 0, status: int = 180) -> str:
    """A telephone that is called. ``answer_ms`` None: rings until told; ``status`` 4xx or 6xx: refuses at once."""
    head = _take_invite()
    if status >= 300:
        return scenario(head + _reply(status) + '<recv request="ACK"/>\n<Reference variables="target"/>\n')
    ringing = _reply(180) + _ringing(answer_ms)
    return scenario(head + ringing + _answer() + _talk())


def caller(to: str, number: str, name: str, register: tuple[str, str] | None = None) -> str:
    """A telephone that calls ``to`` and stays; ``register`` is its user and password when Asterisk asks for them."""
    return scenario(_invite(to, number, name, register) + _talk())


def registration(number: str, password: str, port: int, expires: int, user: str = "") -> str:
    """REGISTER of ``number`` at ``port`` for ``expires`` seconds (0: sign off), with digest.

    ``user`` is the contact's, if not the number.
    """

    def request(cseq: int, extra: str) -> str:
        return send(
            f"""REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{number}@[remote_ip]>;tag=[pid]r[call_number]
To: <sip:{number}@[remote_ip]>
Call-ID: [call_id]
CSeq: {cseq} REGISTER
Contact: <sip:{user or number}@[local_ip]:{port}>
{extra}Max-Forwards: 70
Expires: {expires}
Content-Length: 0
""",
            retrans=True,
        )

    auth = f"[authentication username={number} password={password}]\n"
    return scenario(
        request(1, "") + '<recv response="401" auth="true"/>\n' + request(2, auth) + '<recv response="200"/>\n'
    )


def send(text: str, *, retrans: bool = False, **attributes: str) -> str:
    """A ``<send>`` of ``text``."""
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    again = ' retrans="500"' if retrans else ""
    return f"<send{again}{more}><![CDATA[\n{text.strip()}\n{'' if 'v=0' in text else chr(10)}]]></send>\n"


def grab(header: str, variable: str, regexp: str = "[^ ].*") -> str:
    """Keep a header's value in a variable."""
    return (
        f'<ereg regexp="{escape(regexp)}" search_in="hdr" header="{header}:" check_it="true" assign_to="{variable}"/>'
    )


def _take_invite() -> str:
    return f"""<recv request="INVITE"><action>
{grab("Via", "via")}{grab("CSeq", "cseq")}{grab("From", "remote")}{grab("To", "to")}
{grab("Contact", "target", "sip:[^>]*")}
<assignstr assign_to="local" value="[$to];tag=[pid]p[call_number]"/>
</action></recv>
"""


def _reply(status: int, body: str = "", **attributes: str) -> str:
    """An answer to the first INVITE, whatever came since."""
    reason = {180: "Ringing", 200: "OK", 486: "Busy Here", 487: "Request Terminated", 603: "Decline"}[status]
    return send(
        f"""SIP/2.0 {status} {reason}
Via: [$via]
From: [$remote]
To: [$local]
Call-ID: [call_id]
CSeq: [$cseq]
{SELF}
{ALLOW}
{_content(body)}""",
        **attributes,
        retrans=status >= 200,
    )


def _content(body: str) -> str:
    return f"Content-Type: application/sdp\nContent-Length: [len]\n{body}" if body else "Content-Length: 0\n"


def _ringing(answer_ms: int | None) -> str:
    wait = "" if answer_ms is None else f' timeout="{max(1, answer_ms)}" ontimeout="answer"'
    return f"""<recv request="CANCEL" optional="true" next="cancelled"{wait}/>
<recv request="X-ANSWER" next="answer"/>
<label id="cancelled"/>
{_ok("")}{_reply(487)}<recv request="ACK" next="end"/>
"""


def _answer() -> str:
    return f"""<label id="answer"/>
{_reply(200, SDP)}<recv request="ACK"/>
"""


def _invite(to: str, number: str, name: str, register: tuple[str, str] | None) -> str:
    if register is None:
        return _request("INVITE", to, number, name, 1) + _progress(to, number, name, 1)
    auth = f"[authentication username={register[0]} password={register[1]}]\n"
    challenged = '<recv response="401" auth="true"/>\n' + _ack(to, 1)
    again = _request("INVITE", to, number, name, 2, extra=auth)
    return _request("INVITE", to, number, name, 1) + challenged + again + _progress(to, number, name, 2)


def _request(method: str, to: str, number: str, name: str, cseq: int, *, extra: str = "") -> str:
    """INVITE, or the CANCEL that goes with it: the branch is the same."""
    return send(
        f"""{method} sip:{to}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-{cseq}
From: "{name}" <sip:{number}@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:{to}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:{number}@[local_ip]:[local_port]>
P-Asserted-Identity: "{name}" <sip:{number}@[local_ip]>
{extra}Max-Forwards: 70
{ALLOW}
{_content(SDP if method == "INVITE" else "")}""",
        retrans=True,
    )


def _progress(to: str, number: str, name: str, cseq: int) -> str:
    """Wait for the answer; hang up (CANCEL) when told; acknowledge a refusal."""
    refusals = "".join(f'<recv response="{status}" optional="true" next="refused"/>\n' for status in REFUSALS)
    return f"""<label id="waiting"/>
<recv response="100" optional="true" next="waiting"/>
<recv response="180" optional="true" next="waiting"/>
<recv response="183" optional="true" next="waiting"/>
<recv request="X-HANGUP" optional="true" next="cancel"/>
{refusals}<recv response="200" next="answered"><action>
{grab("From", "local")}{grab("To", "remote")}{grab("Contact", "target", "sip:[^>]*")}
</action></recv>
<label id="cancel"/>
{_request("CANCEL", to, number, name, cseq)}<recv response="200"/>
<recv response="487"/>
<label id="refused"/>
{_ack(to, cseq).replace("<send", '<send next="end"', 1)}<label id="answered"/>
{_in_dialog("ACK", str(cseq))}"""


def _ack(to: str, cseq: int) -> str:
    """The acknowledgement of a refusal."""
    return send(
        f"""ACK sip:{to}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-{cseq}
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: {cseq} ACK
Max-Forwards: 70
Content-Length: 0
"""
    )


def _in_dialog(method: str, cseq: str, extra: str = "", *, retrans: bool = False) -> str:
    return send(
        f"""{method} [$target] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]-{cseq}
From: [$local]
To: [$remote]
Call-ID: [call_id]
CSeq: {cseq} {method}
{SELF}
Max-Forwards: 70
{extra}Content-Length: 0
""",
        retrans=retrans,
    )


def _ok(body: str, **attributes: str) -> str:
    """200 to the request that came last."""
    return send(
        f"""SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
{SELF}
{_content(body)}""",
        **attributes,
    )


def _talk() -> str:
    """Both sides of a call: takes what Asterisk sends, does what the test says."""
    refer = _in_dialog("REFER", "[cseq]", "Refer-To: [$refer_to]\nReferred-By: [$local]\n", retrans=True)
    return f"""<label id="talk"/>
<recv request="INVITE" optional="true" next="reinvite"/>
<recv request="UPDATE" optional="true" next="update"/>
<recv request="NOTIFY" optional="true" next="notify"/>
<recv request="X-HANGUP" optional="true" next="hangup"/>
<recv request="X-REFER" optional="true" next="refer"><action>{grab("Refer-To", "refer_to")}</action></recv>
<recv request="BYE" next="bye"/>
<label id="reinvite"/>
{_ok(SDP)}<recv request="ACK" next="talk"/>
<label id="update"/>
{_ok(SDP, next="talk")}<label id="notify"/>
{_ok("", next="talk")}<label id="refer"/>
{refer}<label id="referred"/>
<recv request="NOTIFY" optional="true" next="early_notify"/>
<recv response="202" next="talk"/>
<label id="early_notify"/>
{_ok("", next="referred")}<label id="hangup"/>
{_in_dialog("BYE", "[cseq]", retrans=True)}<label id="ending"/>
<recv request="NOTIFY" optional="true" next="late_notify"/>
<recv response="200" next="end"/>
<label id="late_notify"/>
{_ok("", next="ending")}<label id="bye"/>
{_ok("")}<label id="end"/>
<nop/>
"""
