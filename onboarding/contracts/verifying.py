"""What is told of a file that may be one of our sealed documents, in words, and nothing of whose it
is: the page and the command say the same."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from onboarding import gateways
from onboarding.contracts.stamping import stamped_since
from onboarding.gateways import documents_verify as verdicts

MOST_BYTES = 20_000_000
_HOW: dict[str, Any] = {
    verdicts.AUTHENTIC: _l("It is exactly as it was sealed."),
    verdicts.ADDED: _l("Something was added after it was sealed."),
    verdicts.CHANGED: _l("Its contents are not what was sealed."),
    verdicts.CUT: _l("It bears our mark, and its seal is missing or was replaced."),
    verdicts.FOREIGN: _l("It does not bear a seal of ours."),
    verdicts.TOO_LARGE: _l("It is larger than any document we seal."),
    verdicts.NOT_PDF: _l("It is not a PDF."),
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


def told(content: bytes) -> Found:
    verdict = gateways.current().sealer.verify(content)
    how = str(_HOW.get(verdict.why, verdict.why))
    sha256 = hashlib.sha256(content).hexdigest()
    since = stamped_since(sha256) if verdict.found == "authentic" else None
    return Found(verdict.found, how, sha256, since)
