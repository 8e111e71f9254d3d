"""The key that seals documents, and the certificates that tell sealed ones.

A bought one comes from a PKCS#12 file, and its certificates are remembered beside. Otherwise
`<keys_dir>/seal.pem` holds the private key (EC P-256) and its self-signed certificate in one file,
so that the two can never part. It is made on first use. A key that is retired is moved to another
name in the same folder: it seals nothing any more, and what it sealed still verifies. In each file
the sealing certificate comes first, and then those that vouch for it.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from onboarding import clock
from onboarding.gateways.documents import SealingFailed

FILE = "seal.pem"
Chain = tuple[x509.Certificate, ...]
_YEARS_30 = timedelta(days=30 * 365)
_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Onboarding portal document seal")])


@dataclass(frozen=True)
class SealKey:
    """`vouching`: the certificates of those who issued this one, nearest first."""

    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate
    vouching: Chain = ()

    @property
    def chain(self) -> Chain:
        return (self.certificate, *self.vouching)

    @cached_property
    def private_der(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @cached_property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def seal_key(keys_dir: Path) -> SealKey:
    """The present key, made if there is none. Of two processes that make one, the first wins."""
    path = keys_dir / FILE
    if not path.exists():
        _write_once(path, _new_pem())
    content = path.read_bytes()
    try:
        private = serialization.load_pem_private_key(content, password=None)
        certificate = x509.load_pem_x509_certificate(content)
    except ValueError as unreadable:
        raise SealingFailed(f"{path} does not hold a key and its certificate.") from unreadable
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise SealingFailed(f"{path} does not hold a key on an elliptic curve.")
    return SealKey(private, certificate)


def chains(keys_dir: Path) -> list[Chain]:
    """Those of the present key and of every retired one."""
    paths = sorted(keys_dir.glob("*.pem"))
    return [tuple(x509.load_pem_x509_certificates(path.read_bytes())) for path in paths]


def remember(keys_dir: Path, chain: Chain) -> None:
    """Keeps certificates, so that what they sealed verifies when their key is no longer set."""
    path = keys_dir / f"bought-{chain[0].fingerprint(hashes.SHA256()).hex()[:16]}.pem"
    if not path.exists():
        pem = serialization.Encoding.PEM
        _write_once(path, b"".join(each.public_bytes(pem) for each in chain))


def mark(certificate: x509.Certificate) -> bytes:
    """Four bytes of 128 and above that stand for a certificate in the second line of a PDF."""
    fingerprint = certificate.fingerprint(hashes.SHA256())
    return bytes(byte | 0x80 for byte in fingerprint[:4])


def _write_once(path: Path, content: bytes) -> None:
    """Of two processes that write the file, the first wins; it is on the disk, and private."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, coming = tempfile.mkstemp(prefix=".coming-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(coming)
    except FileExistsError:
        return
    finally:
        Path(coming).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _new_pem() -> bytes:
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key()
    point = public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    now = clock.now()
    certificate = (
        x509.CertificateBuilder(issuer_name=_NAME, subject_name=_NAME, public_key=public)
        .serial_number(int.from_bytes(hashlib.sha256(point).digest()[:16]) >> 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS_30)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(private, hashes.SHA256())
    )
    key = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return key + certificate.public_bytes(serialization.Encoding.PEM)


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
