"""Tells a sealed PDF that is as we made it from one that was changed, without parsing PDF.

Our seals have one known shape, so the file is read as bytes: the signature must cover everything
but its own hexadecimal digits, those digits must be exactly what our key would have written, and
the hash must fit. No part of a hostile file is decompressed or followed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from onboarding.gateways import documents_der as der
from onboarding.gateways.documents import Verdict
from onboarding.gateways.documents_key import Chain, mark

MOST_BYTES = 50_000_000
_MOST_SEALS = 5
_RANGE = re.compile(rb"/ByteRange ?\[ ?0 (\d{1,10}) (\d{1,10}) (\d{1,10}) ?\]")
# How the attribute that holds the hash begins: OID 1.2.840.113549.1.9.4, a set, 32 octets.
_MESSAGE_DIGEST = bytes.fromhex("302f06092a864886f70d01090431220420")
_DIGITS = re.compile(rb"<((?:[0-9A-F]{2})+)>")
_MOST_DIGITS = 60_000

AUTHENTIC = "It is exactly as it was sealed."
ADDED = "Something was added after it was sealed."
CHANGED = "Its contents are not what was sealed."
CUT = "It bears our mark, and its seal is missing or was replaced."
FOREIGN = "It does not bear a seal of ours."
TOO_LARGE = "It is larger than any document we seal."
NOT_PDF = "It is not a PDF."
NO_SUCH = (
    "No document that was sealed here has this fingerprint. A file that was changed has another:"
    " check the file itself."
)
KEPT_CHANGED = "The copy kept here under this fingerprint was changed."


@dataclass(frozen=True)
class _Seal:
    """What a /ByteRange claims: the covered bytes' hash, the signature's, and where both end."""

    digest: bytes
    contents: bytes
    end: int


def examine(pdf: bytes, chains: list[Chain]) -> Verdict:
    """The verdict on `pdf`, for seals made by the key of each chain's first certificate."""
    if len(pdf) > MOST_BYTES:
        return Verdict("unknown", TOO_LARGE)
    best: Verdict | None = None
    for seal in _seals(pdf):
        for chain in chains:
            verdict = _judged(seal, chain, len(pdf))
            if verdict is not None and (best is None or verdict.found == "authentic"):
                best = verdict
    if best is not None:
        return best
    if any(pdf[10:14] == mark(chain[0]) for chain in chains):
        return Verdict("altered", CUT)
    return Verdict("unknown", FOREIGN if pdf.startswith(b"%PDF-") else NOT_PDF)


def _seals(pdf: bytes) -> Iterator[_Seal]:
    """Every range that could be a seal's. A title may say /ByteRange too: it proves nothing."""
    found = 0
    for claim in _RANGE.finditer(pdf):
        start, resume, rest = (int(part) for part in claim.groups())
        digits = None
        if found < _MOST_SEALS and 0 < resume - start <= _MOST_DIGITS:
            digits = _DIGITS.fullmatch(pdf, start, resume)
        if digits:
            found += 1
            covered = hashlib.sha256(pdf[:start])
            covered.update(pdf[resume : resume + rest])
            yield _Seal(covered.digest(), bytes.fromhex(digits[1].decode()), resume + rest)


def _judged(seal: _Seal, chain: Chain, size: int) -> Verdict | None:
    """None where the seal is not of this chain's key."""
    encoded = [each.public_bytes(serialization.Encoding.DER) for each in chain]
    if encoded[0] not in seal.contents:
        return None
    if not _is_intact(seal, chain[0], encoded) or seal.end > size:
        return Verdict("altered", CHANGED)
    if seal.end < size:
        return Verdict("altered", ADDED)
    return Verdict("authentic", AUTHENTIC)


def _is_intact(seal: _Seal, certificate: x509.Certificate, encoded: list[bytes]) -> bool:
    try:
        attributes, signature = _signed_parts(seal.contents)
        # What is signed is tagged as a set, where they stand they are tagged [0] (RFC 5652, 5.4).
        algorithm = _verify(certificate, signature, b"\x31" + attributes)
    except (ValueError, IndexError, InvalidSignature):
        return False
    signer = der.sequence(
        der.VERSION_1,
        der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number)),
        der.SHA256,
        b"\xa0" + attributes,
        algorithm,
        der.octets(signature),
    )
    expected = _container(encoded, signer)
    rest = seal.contents.removeprefix(expected)
    is_ours = seal.contents.startswith(expected) and not any(rest)
    return is_ours and _MESSAGE_DIGEST + seal.digest in attributes


def _verify(certificate: x509.Certificate, signature: bytes, signed: bytes) -> bytes:
    """The algorithm (DER) by which the signature fits. Raises InvalidSignature."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        return der.SHA256_ECDSA
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        return der.SHA256_RSA
    raise InvalidSignature


def _signed_parts(contents: bytes) -> tuple[bytes, bytes]:
    """The signed attributes without their tag, and the signature's value."""
    content_info = der.inside(contents)
    signed_data = der.inside(der.inside(content_info[1])[0])
    signer = der.inside(der.inside(signed_data[-1])[0])
    return signer[3][1:], der.value(signer[5])


def _container(encoded: list[bytes], signer: bytes) -> bytes:
    """The one CMS container (RFC 5652) that our key makes for what it signed.

    Compared as a whole, so that the fields which a signature does not cover cannot be changed.
    """
    signed = der.sequence(
        der.VERSION_1,
        der.a_set(der.SHA256),
        der.sequence(der.DATA),
        # A set stands in the order of its elements' bytes.
        der.tagged(b"".join(sorted(encoded))),
        der.a_set(signer),
    )
    return der.sequence(der.SIGNED_DATA, der.tagged(signed))
