"""A certificate for HTTPS where nobody has one: without it no headset's browser offers VR."""

import datetime
import ipaddress
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography import x509

_VALID: Final = datetime.timedelta(days=30)


def tls_context(certificate: Path | None, hosts: Sequence[str]) -> ssl.SSLContext:
    """What a server speaks HTTPS by.

    Args:
        certificate: PEM file with a certificate and its key; None makes one that is signed by itself, so browsers ask.
        hosts: Names and addresses that a certificate of our own holds for.

    Raises:
        ValueError: The file is missing, or not a certificate with its key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        try:
            context.load_cert_chain(certificate)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(
                f"{certificate}: no certificate with its key in PEM ({error}); without --stage-certificate one is made"
            ) from error
        return context
    with tempfile.TemporaryDirectory() as folder:  # ssl reads files only; the folder is this user's alone
        path = Path(folder) / "stage.pem"
        path.write_bytes(_self_signed(hosts))
        context.load_cert_chain(path)
    return context


def _self_signed(hosts: Sequence[str]) -> bytes:
    """A certificate that is signed by itself, and its key, in PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Transflower stage")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # clocks of headsets differ
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )


def _alternative(host: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
