"""What makes a telephone answer by itself when it is paged: one SIP header for each brand.

A semicolon would start a comment in Asterisk's files; ``lots.config.conf`` escapes it when it writes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """``name: value`` in the INVITE, and what must be switched on in the phone itself (``""``: nothing)."""

    name: str
    value: str
    phone_setting: str = ""


GENERIC = Header(name="Call-Info", value="<sip:localhost>;answer-after=0")
"""The usual one: Grandstream, Snom, AudioCodes, Gigaset, Mitel and most softphones read it."""

HEADERS = {
    "generic": GENERIC,
    # Yealink administrator's guides (T5 series, "Auto Answer"; support FAQ 546): Alert-Info with one of four texts.
    "yealink": Header(
        name="Alert-Info", value="<http://localhost>;info=alert-autoanswer", phone_setting="features.intercom.allow = 1"
    ),
    # Poly has no word of its own: the phone maps a text to a kind of ring (UC Software, "voIpProt.SIP.alertInfo").
    "poly": Header(
        name="Alert-Info",
        value="Auto Answer",
        phone_setting='voIpProt.SIP.alertInfo.1.value = "Auto Answer", voIpProt.SIP.alertInfo.1.class = "autoAnswer"',
    ),
    # Grandstream GXP/GRP guides: "Allow Auto Answer by Call-Info/Alert-Info".
    "grandstream": Header(
        name="Call-Info", value=GENERIC.value, phone_setting="Allow Auto Answer by Call-Info/Alert-Info: Yes"
    ),
    # Snom's manual: settings intercom_enabled and answer_after_policy.
    "snom": Header(name="Call-Info", value=GENERIC.value, phone_setting="intercom_enabled = on"),
    # Cisco SPA and Multiplatform (MPP) phones: "Auto Answer Page". Phones with Cisco's enterprise load cannot do it.
    "cisco": Header(name="Call-Info", value=GENERIC.value, phone_setting="Auto Answer Page: yes"),
}


def header_of(brand: str) -> Header:
    """The header for a phone of ``brand`` (``lots.models.phone.BRANDS``); an unknown one gets the usual one."""
    return HEADERS.get(brand, GENERIC)
