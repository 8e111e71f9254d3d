"""A bought certificate with its key, as authorities hand it out: one PKCS#12 file."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from onboarding import clock
from onboarding.gateways.documents import SealingFailed
from onboarding.gateways.documents_key import Chain, SealKey

_LEAST_RSA_BITS = 2048


def bought_key(path: Path, password: str) -> SealKey:
    """The key in the file, its certificate, and those that vouch for it. Raises SealingFailed, in a
    sentence for whoever set SEAL_PKCS12."""
    try:
        content = path.read_bytes()
    except OSError as unread:
        raise SealingFailed(f"SEAL_PKCS12 {path} cannot be read: {unread.strerror}.") from unread
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode())
    except ValueError as closed:
        raise SealingFailed(
            f"SEAL_PKCS12 {path} does not open: it is no PKCS#12, or has another password."
        ) from closed
    if key is None or certificate is None:
        raise SealingFailed(f"SEAL_PKCS12 {path} does not hold a key and its certificate.")
    is_weak = isinstance(key, rsa.RSAPrivateKey) and key.key_size < _LEAST_RSA_BITS
    if is_weak or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SealingFailed(f"SEAL_PKCS12 {path} holds a key that is too weak, or cannot seal.")
    refuse_expired(certificate)
    return SealKey(key, certificate, _vouching(certificate, others))


def refuse_expired(certificate: x509.Certificate) -> None:
    """Raises SealingFailed outside of the certificate's time."""
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not since <= clock.now() <= until:
        raise SealingFailed(
            f"The seal's certificate is good from {since:%Y-%m-%d} to {until:%Y-%m-%d} only:"
            " SEAL_PKCS12 needs its successor."
        )


def owner(key: SealKey) -> str:
    names = key.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else "somebody without a name"


def _vouching(certificate: x509.Certificate, others: list[x509.Certificate]) -> Chain:
    """Of the others in the file those that lead up from the certificate, each once."""
    found: list[x509.Certificate] = []
    present = certificate
    while above := _above(present, [each for each in others if each not in found]):
        found.append(above)
        present = above
    return tuple(found)


def _above(
    certificate: x509.Certificate, others: list[x509.Certificate]
) -> x509.Certificate | None:
    fitting = (each for each in others if each.subject == certificate.issuer)
    return next((each for each in fitting if each != certificate), None)
