"""PAdES seals by pyHanko, certifying that nothing may be changed afterwards.

pyHanko is imported inside functions: only the worker seals, and the web server starts without it.
"""

import asyncio
import io
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from onboarding.gateways.documents import SealingFailed, Verdict
from onboarding.gateways.documents_key import FILE, SealKey, chains, mark, remember, seal_key
from onboarding.gateways.documents_pkcs12 import owner, refuse_expired
from onboarding.gateways.documents_verify import examine

if TYPE_CHECKING:
    from pyhanko.sign.signers import PdfSigner

# The comment line that follows the header tells transfer programs that the file is binary. Its four
# bytes are free, and nearly the last that a cut would take: they carry the mark of our key.
_BINARY_MARK = re.compile(rb"\A(%PDF-\d\.\d\n%)[\x80-\xff]{4}\n")


class PadesSealer:
    """Seals with the `bought` key or the one in `keys_dir`, and tells by it and by all that were
    before it what is authentic."""

    def __init__(self, keys_dir: Path, bought: SealKey | None = None) -> None:
        self._keys_dir = keys_dir
        self._bought = bought

    def seal(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.general import SigningError

        key = self._usable()
        try:
            sealed = _awaited(_signed(_marked(pdf, key), _signer(key, reason), at))
        except (PdfError, SigningError) as unsealed:
            raise SealingFailed(str(unsealed)) from unsealed
        verdict = self.verify(sealed)
        if verdict.found != "authentic":
            raise SealingFailed(verdict.why)
        return sealed

    def verify(self, pdf: bytes) -> Verdict:
        # The bought one may have sealed on another host, and have yet to be remembered on this.
        bought = [self._bought.chain] if self._bought else []
        return examine(pdf, bought + chains(self._keys_dir))

    def check(self) -> str:
        """Raises SealingFailed where the key is missing its privacy."""
        key = self._usable()
        for path in self._keys_dir.glob("*.pem"):
            if path.stat().st_mode & 0o077:
                raise SealingFailed(f"{path} can be read by others: chmod 600 {path}")
        until = key.certificate.not_valid_after_utc
        what = f"the certificate of {owner(key)}" if self._bought else f"{self._keys_dir / FILE}"
        return f"Documents are sealed with {what}, good until {until:%Y-%m-%d}."

    def _usable(self) -> SealKey:
        """A bought certificate ends within years, maybe while this process runs."""
        if self._bought is not None:
            refuse_expired(self._bought.certificate)
        return self._key

    @cached_property
    def _key(self) -> SealKey:
        if self._bought is None:
            return seal_key(self._keys_dir)
        remember(self._keys_dir, self._bought.chain)
        return self._bought


def _awaited(sealing: Coroutine[None, None, bytes]) -> bytes:
    """In a thread of its own: a caller may be inside an event loop, which allows no second."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, sealing).result()


def _marked(pdf: bytes, key: SealKey) -> bytes:
    marked = mark(key.certificate)
    return _BINARY_MARK.sub(lambda found: found[1] + marked + b"\n", pdf, count=1)


def _signer(key: SealKey, reason: str) -> "PdfSigner":
    from asn1crypto import keys, x509
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate = x509.Certificate.load(key.certificate_der)
    # Those that vouch for the certificate; itself it would be embedded a second time.
    vouching = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for each in key.vouching:
        vouching.register(x509.Certificate.load(each.public_bytes(Encoding.DER)))
    return signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="Seal",
            md_algorithm="sha256",
            reason=reason,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        ),
        signer=signers.SimpleSigner(
            signing_cert=certificate,
            signing_key=keys.PrivateKeyInfo.load(key.private_der),
            cert_registry=vouching,
        ),
        new_field_spec=fields.SigFieldSpec(
            "Seal",
            # Of no size and off the page: what both PDF/A-2 and PDF/UA-1 allow an unseen seal.
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
            readable_field_name="Seal of this document",
        ),
    )


async def _signed(pdf: bytes, signer: "PdfSigner", at: datetime) -> bytes:
    """pyHanko's own `async_sign_pdf`, but for the time: it would read the machine's clock."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    session = signer.init_signing_session(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    session.system_time = at
    size = await session.estimate_signature_container_size(None)
    document = session.prepare_tbs_document(None, bytes_reserved=size)
    output = io.BytesIO()
    digest, _ = document.digest_tbs_document(output=output)
    attributes = PdfCMSSignedAttributes(signing_time=at)
    finished = await document.perform_signature(digest.document_digest, attributes)
    await finished.post_signature_processing(output)
    return output.getvalue()
