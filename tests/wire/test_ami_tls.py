"""``amis://``: trusted certificates only, and the authority may be named."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lots.ami import AmiAddress
from lots.types.events import LinkLost, LinkUp
from tests.kit.fake_ami import FakeAmi
from tests.wire.conftest import SECRET, Listen

Certificate = Callable[[str], tuple[ssl.SSLContext, Path]]


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """A self-signed certificate for an address: the server's context, and the file to trust."""

    def make(address: str) -> tuple[ssl.SSLContext, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pbx")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        own = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (tmp_path / "key.pem").write_bytes(own)
        (tmp_path / "ca.pem").write_bytes(made.public_bytes(pem))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tmp_path / "ca.pem", tmp_path / "key.pem")
        return context, tmp_path / "ca.pem"

    return make


def address(fake: FakeAmi, ca: Path | str = "") -> AmiAddress:
    return AmiAddress(user="portal", secret=SECRET, host="127.0.0.1", port=fake.port, tls=True, ca=str(ca))


async def test_a_trusted_certificate_is_a_link(listen: Listen, certificate: Certificate) -> None:
    context, ca = certificate("127.0.0.1")
    async with FakeAmi(tls=context) as fake:
        heard = await listen(fake, address=address(fake, ca))
        assert isinstance(await heard.next(), LinkUp)
        await heard.stop()
        await fake.got("Logoff")


async def test_an_untrusted_certificate_gets_no_secret(listen: Listen, certificate: Certificate) -> None:
    context, _ = certificate("127.0.0.1")
    async with FakeAmi(tls=context) as fake:
        lost = await (await listen(fake, address=address(fake))).next()
        assert isinstance(lost, LinkLost)
        assert "not trusted" in lost.reason
        assert fake.actions == []


async def test_a_certificate_for_another_host_gets_no_secret(listen: Listen, certificate: Certificate) -> None:
    context, ca = certificate("127.0.0.2")
    async with FakeAmi(tls=context) as fake:
        lost = await (await listen(fake, address=address(fake, ca))).next()
        assert "not trusted" in lost.reason
        assert fake.actions == []


async def test_tls_at_a_plain_port_is_told(fake: FakeAmi, listen: Listen) -> None:
    lost = await (await listen(fake, address=address(fake))).next()
    assert isinstance(lost, LinkLost)
    assert "TLS" in lost.reason


async def test_a_missing_authority_file_is_told(fake: FakeAmi, listen: Listen, tmp_path: Path) -> None:
    lost = await (await listen(fake, address=address(fake, tmp_path / "none.pem"))).next()
    assert isinstance(lost, LinkLost)
    assert "none.pem cannot be read" in lost.reason
