"""What is told of a file that may be one of our sealed documents, in words, and nothing of whose it
is: the page and the command say the same."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from onboarding import gateways
from onboarding.contracts.stamping import stamped_since
from onboarding.gateways import documents_verify as verdicts
from onboarding.gateways.documents import DocumentAltered, DocumentMissing

MOST_BYTES = 20_000_000
_HOW: dict[str, Any] = {
    verdicts.AUTHENTIC: _l("It is exactly as it was sealed."),
    verdicts.ADDED: _l("Something was added after it was sealed."),
    verdicts.CHANGED: _l("Its contents are not what was sealed."),
    verdicts.CUT: _l("It bears our mark, and its seal is missing or was replaced."),
    verdicts.FOREIGN: _l("It does not bear a seal of ours."),
    verdicts.TOO_LARGE: _l("It is larger than any document we seal."),
    verdicts.NOT_PDF: _l("It is not a PDF."),
    verdicts.NO_SUCH: _l(
        "No document that was sealed here has this fingerprint."
        " A file that was changed has another: check the file itself."
    ),
    verdicts.KEPT_CHANGED: _l("The copy kept here under this fingerprint was changed."),
}


@dataclass(frozen=True)
class Found:
    """`verdict` is authentic, altered or unknown; `how` a sentence; `sha256` of the file, to be
    held against the one in the confirmation mail. `stamped_at`: the time that an authority vouches
    for, where it was asked."""

    verdict: str
    how: str
    sha256: str
    stamped_at: datetime | None = None


def told_by_hash(sha256: str) -> Found:
    """The same answers for whoever has only the fingerprint of a file, in small letters.

    What is kept under it is judged as if it had been sent: a fingerprint of anything else that is
    kept here, or of a sealed file that was changed since, is as unknown as one that never was.
    """
    documents = gateways.current().documents
    if not documents.has(sha256):
        return Found("unknown", str(_HOW[verdicts.NO_SUCH]), sha256)
    try:
        found = told(documents.get(sha256))
    except DocumentMissing:
        return Found("unknown", str(_HOW[verdicts.NO_SUCH]), sha256)
    except DocumentAltered:
        return Found("altered", str(_HOW[verdicts.KEPT_CHANGED]), sha256)
    return found if found.verdict != "unknown" else replace(found, how=str(_HOW[verdicts.NO_SUCH]))


def told(content: bytes) -> Found:
    verdict = gateways.current().sealer.verify(content)
    how = str(_HOW.get(verdict.why, verdict.why))
    sha256 = hashlib.sha256(content).hexdigest()
    since = stamped_since(sha256) if verdict.found == "authentic" else None
    return Found(verdict.found, how, sha256, since)
