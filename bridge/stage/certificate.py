"""A certificate for HTTPS where nobody has one: without it no headset's browser offers VR.

There is one a machine. It is kept, since a browser asks a person about each new one, and a page that is open cannot
ask: it would never find a stage again whose process was started anew with another.
"""

import contextlib
import datetime
import ipaddress
import os
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

if TYPE_CHECKING:
    from cryptography import x509

_VALID: Final = datetime.timedelta(days=365)
_VALID_BEFORE: Final = datetime.timedelta(days=1)
"""Clocks of headsets differ."""
_RENEWED_BEFORE_END: Final = datetime.timedelta(days=7)


def kept_certificate() -> Path:
    """Where this user's certificate and its key are kept, in PEM; nobody else can read the file."""
    return platformdirs.user_data_path("transflower-bridge") / "stage.pem"


def tls_context(certificate: Path | None, hosts: Sequence[str]) -> ssl.SSLContext:
    """What a server speaks HTTPS by.

    Args:
        certificate: PEM file with a certificate and its key; None takes the one of this machine, which is made when it
            is missing, damaged, near its end or readable for others. It is signed by itself, so browsers ask about it,
            at each address once.
        hosts: Names and addresses that one which is made names. It stays the same at other addresses later: browsers
            ask there anyway, and a page that is open where it was shown first goes on trusting it.

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
    path = kept_certificate()
    if _is_good(path):
        with contextlib.suppress(OSError, ssl.SSLError):  # its key may be missing
            context.load_cert_chain(path)
            return context
    content = _self_signed(hosts)
    with tempfile.TemporaryDirectory() as folder:  # ssl reads files only; the folder is this user's alone
        new = Path(folder) / "stage.pem"
        new.write_bytes(content)
        context.load_cert_chain(new)
    with contextlib.suppress(OSError):  # a disk that takes nothing costs the next evening a question, not this one
        _keep(path, content)
    return context


def _keep(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all, for this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".stage")  # with mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise


def _is_good(path: Path) -> bool:
    """Whether a kept certificate may be used today, and its key is known to nobody else."""
    from cryptography import x509

    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            return False
        kept = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return False
    now = datetime.datetime.now(datetime.UTC)
    return kept.not_valid_before_utc <= now < kept.not_valid_after_utc - _RENEWED_BEFORE_END


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
        .not_valid_before(now - _VALID_BEFORE)
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
