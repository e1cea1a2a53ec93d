import pytest

from lots.ami import AmiAddress

SECRET = "pa55w0rd"


def test_it_reads_a_plain_url() -> None:
    address = AmiAddress.parse("ami://portal:pa55w0rd@pbx.example:5555")
    assert address == AmiAddress(user="portal", secret=SECRET, host="pbx.example", port=5555, tls=False)


@pytest.mark.parametrize(("scheme", "port", "tls"), [("ami", 5038, False), ("amis", 5039, True)])
def test_the_scheme_decides_default_port_and_tls(scheme: str, port: int, tls: bool) -> None:
    address = AmiAddress.parse(f"{scheme}://portal:pa55w0rd@pbx.example")
    assert (address.port, address.tls) == (port, tls)


def test_user_and_secret_are_percent_decoded() -> None:
    address = AmiAddress.parse("ami://p%40rtal:a%3Ab%2Fc%23%C3%BC+@pbx.example")
    assert (address.user, address.secret) == ("p@rtal", "a:b/c#ü+")


def test_it_takes_an_ipv6_host() -> None:
    address = AmiAddress.parse("ami://portal:pa55w0rd@[::1]:5038")
    assert (address.host, address.place) == ("::1", "[::1]:5038")


def test_a_ca_goes_with_tls() -> None:
    assert AmiAddress.parse("amis://portal:pa55w0rd@pbx.example?ca=/etc/my%20ca.pem").ca == "/etc/my ca.pem"


def test_neither_text_nor_repr_shows_the_secret() -> None:
    address = AmiAddress.parse(f"ami://portal:{SECRET}@pbx.example")
    assert SECRET not in f"{address} {address!r} {address.place}"


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://portal:pa55w0rd@pbx", "ami://"),
        ("portal:pa55w0rd@pbx", "ami://"),
        ("", "ami://"),
        ("ami://portal:pa55w0rd@", "host"),
        ("ami://portal:pa55w0rd@:5038", "host"),
        ("ami://:pa55w0rd@pbx", "user"),
        ("ami://portal@pbx", "secret"),
        ("ami://portal:@pbx", "secret"),
        ("ami://pbx", "user"),
        ("ami://portal:pa55w0rd@pbx:99999", "port"),
        ("ami://portal:pa55w0rd@pbx:0", "port"),
        ("ami://portal:pa55w0rd@pbx:pa55w0rd", "port"),
        ("ami://portal:pa55w0rd/x@pbx", "%2F"),
        ("ami://portal:pa55w0rd#x@pbx", "%23"),
        ("ami://portal:pa55w0rd@pbx/path", "follow"),
        ("ami://portal:pa55w0rd@[pbx", "brackets"),
        ("ami://portal:pa55w0rd@p\u2100x", "cannot be read"),
        ("ami://portal:pa55w0rd@pbx\r\nAction: x", "line end"),
        ("ami://portal:pa55w0rd%0d%0aAction: x@pbx", "line end"),
        ("ami://portal:pa55w0rd%00@pbx", "control"),
        (" ami://portal:pa55w0rd@pbx", "space"),
        ("ami://portal:pa55w0rd@p bx", "spaces"),
        ("ami://portal:pa55w0rd@pbx?pa55w0rd=1", "option"),
        ("ami://portal:pa55w0rd@pbx?ca=/ca.pem", "amis"),
        (f"ami://portal:{'pa55w0rd' * 100}@pbx", "longer"),
    ],
)
def test_a_bad_url_gets_a_sentence_without_the_secret(url: str, word: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as caught:
        AmiAddress.parse(url)
    assert word in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
