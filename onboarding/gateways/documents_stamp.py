"""Time-stamps by an authority (RFC 3161) over a document's SHA-256, checked before they are kept.

A stamp stands beside the document and never in it. pyHanko is imported inside functions: only the
worker asks for stamps, and the web server starts without it. It comes before asn1crypto, to whose
tables it adds names.
"""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import requests

from onboarding import clock, tokens
from onboarding.gateways import documents_der as der
from onboarding.gateways.documents import Stamp, StampingFailed

if TYPE_CHECKING:
    from asn1crypto import cms, tsp

_PATIENCE = 10.0
_MOST_BYTES = 100_000
# The authority's clock and ours may differ by this much: of a stamp that is further off, one lies.
_SKEW = timedelta(minutes=10)
_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_QUERY = "application/timestamp-query"
_REPLY = "application/timestamp-reply"


class Rfc3161Stamper:
    """Asks at `url`, as `user:password@` in it where there is one; `patience` is in seconds."""

    def __init__(self, url: str, *, patience: float = _PATIENCE) -> None:
        parts = urlsplit(url)
        # A password would stand in logs, were it in the address that is asked.
        bare = parts.netloc.rpartition("@")[2]
        self._url = urlunsplit(parts._replace(netloc=bare))
        self._host = bare
        self._sign_in = (unquote(parts.username or ""), unquote(parts.password or ""))
        self._patience = patience

    def stamp(self, sha256: str) -> Stamp:
        try:
            request = _request(bytes.fromhex(sha256))
            return _checked(self._post(request.dump()), request)
        except StampingFailed:
            raise
        except Exception as fault:
            # A parser may stumble over what a liar sends in more ways than can be listed.
            raise StampingFailed("The answer is no time-stamp that can be read.") from fault

    def check(self) -> str:
        stamp = self.stamp(hashlib.sha256(tokens.new_secret().encode()).hexdigest())
        return f"{self._host} stamps, and its clock says {stamp.at:%Y-%m-%d %H:%M:%S} UTC."

    def _post(self, request: bytes) -> bytes:
        try:
            with requests.post(
                self._url,
                request,
                headers={"Content-Type": _QUERY, "Accept": _REPLY},
                auth=self._sign_in if any(self._sign_in) else None,
                timeout=self._patience,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code != 200:
                    raise StampingFailed(f"{self._host} answers with {answer.status_code}.")
                return self._read(answer)
        except requests.Timeout as late:
            raise StampingFailed(f"{self._host} does not answer in time.") from late
        except requests.RequestException as dead:
            raise StampingFailed(f"{self._host} cannot be reached.") from dead

    def _read(self, answer: requests.Response) -> bytes:
        """The whole answer, within one time: each byte of a slow one would begin it anew."""
        until, content = clock.monotonic() + self._patience, b""
        while part := answer.raw.read1(4096, decode_content=True):
            content += part
            if len(content) > _MOST_BYTES:
                raise StampingFailed(f"{self._host} answers with more than a time-stamp.")
            if clock.monotonic() > until:
                raise StampingFailed(f"{self._host} does not answer in time.")
        return content


def _request(digest: bytes) -> "tsp.TimeStampReq":
    from pyhanko.sign.timestamps import TimeStamper

    asks = TimeStamper()  # type: ignore[no-untyped-call]
    _, request = asks.request_cms(digest, "sha256")  # type: ignore[no-untyped-call]
    return request


def _checked(answer: bytes, request: "tsp.TimeStampReq") -> Stamp:
    """Raises StampingFailed where the answer does not vouch for what was asked."""
    from asn1crypto import tsp

    # Read by itself first: a refusal carries no token, which the whole would be missed for.
    status = tsp.PKIStatusInfo.load(der.inside(answer)[0])["status"].native
    if status not in {"granted", "granted_with_mods"}:
        raise StampingFailed(f"The authority refuses: {status}.")
    token = tsp.TimeStampResp.load(answer, strict=True)["time_stamp_token"]
    info = token["content"]["encap_content_info"]["content"].parsed
    if info["message_imprint"].dump() != request["message_imprint"].dump():
        raise StampingFailed("The time-stamp is of something else.")
    if info["nonce"].native != request["nonce"].native:
        raise StampingFailed("The time-stamp answers another question.")
    _refuse_forged(token["content"])
    return Stamp(token.dump(), _moment(info["gen_time"].native))


def _moment(said: datetime) -> datetime:
    if abs(said - clock.now()) > _SKEW:
        raise StampingFailed(f"The authority's clock says {said:%Y-%m-%d %H:%M:%S} UTC.")
    return said


def _refuse_forged(signed: "cms.SignedData") -> None:
    """The token's signature, by the certificate in it; whose that is remains to be looked up."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import extract_certificate_info
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        (signer,) = signed["signer_infos"]
        certificate = extract_certificate_info(signed).signer_cert
        content = signed["encap_content_info"]["content"].contents
        digest = _HASHES[signer["digest_algorithm"]["algorithm"].native](content).digest()
        is_intact, is_valid = validate_sig_integrity(signer, certificate, "tst_info", digest)
    except (PdfError, ValueError, KeyError) as fault:
        raise StampingFailed(f"The time-stamp is not well signed: {fault}") from fault
    if not (is_intact and is_valid):
        raise StampingFailed("The time-stamp's signature does not fit.")
    purposes = certificate.extended_key_usage_value
    if purposes is None or "time_stamping" not in purposes.native:
        raise StampingFailed("The time-stamp is signed with a key that is for something else.")
