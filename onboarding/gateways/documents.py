"""Documents: what is set in type, kept, and sealed, whoever does it.

The dataclasses carry plain values: money in cents, quantities in thousandths, text as it was typed.
Nothing in them is markup: whatever stands in a name or in a contract is printed as it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

Language = Literal["en", "es"]
Point = tuple[float, float, float]
"""x and y in pixels of the pad, and the pen's pressure from 0 to 1 (0.5 where unknown)."""


class DocumentMissing(Exception):
    """No document is kept under this SHA-256."""


class DocumentAltered(Exception):
    """What is kept under this SHA-256 is no longer what was put there."""


class UnusableDocument(Exception):
    """The values cannot be set in type; the message says why."""


class SealingFailed(Exception):
    """A document could not be sealed, or its seal did not stand the test made at once."""


class StampingFailed(Exception):
    """No authority vouched for the time; the message says why."""


@dataclass(frozen=True)
class Company:
    """The letterhead. `color` is #rrggbb; `logo` the bytes of a PNG or JPEG."""

    name: str
    address: str = ""
    phone: str = ""
    license_number: str = ""
    color: str = "#33413a"
    logo: bytes | None = None


@dataclass(frozen=True)
class Line:
    """One line item; `chosen` counts where it is `optional`, or one of a `group` to pick from.
    `section` is the heading that it stands under; `photos` are JPEG or WebP."""

    name: str
    description: str
    quantity_thousandths: int
    unit: str
    unit_price_cents: int
    total_cents: int
    optional: bool = False
    chosen: bool = True
    section: str = ""
    group: str = ""
    photos: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class EstimateDocument:
    """One version of an estimate. `discount_cents` is positive and taken off the subtotal.
    `valid_until` is the last day on which it can be approved."""

    language: Language
    company: Company
    customer_name: str
    job_title: str
    job_site: str
    version: int
    dated: date
    made_at: datetime
    scope: str
    lines: tuple[Line, ...]
    currency: str
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    total_cents: int
    terms: str = ""
    shows_quantities: bool = True
    shows_unit_prices: bool = True
    valid_until: date | None = None


@dataclass(frozen=True)
class CancelForm:
    """The right to cancel in words: the statement beside the signature, and the notice that is
    attached twice. `dated` and `body` are complete; the buyer alone fills in the two `lines`."""

    statement: str
    caption: str
    copies: tuple[str, str]
    dated: str
    body: tuple[str, ...]
    lines: tuple[str, str]


@dataclass(frozen=True)
class ContractDocument:
    """A contract as it is to be read, with the estimate that it is about where that is known.

    `text_sha256` is of its canonical bytes, in hexadecimal.
    """

    language: Language
    company: Company
    customer_name: str
    job_title: str
    job_site: str
    title: str
    document_id: str
    dated: date
    made_at: datetime
    text: str
    text_sha256: str
    estimate: EstimateDocument | None = None
    cancel_form: CancelForm | None = None


@dataclass(frozen=True)
class Drawn:
    """A signature drawn by hand: strokes, each of its points."""

    strokes: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class Typed:
    """A signature typed on a keyboard, set in a script face."""

    text: str


@dataclass(frozen=True)
class OnPaper:
    """Signed by hand on a printed copy. The scan is kept beside; here stands its SHA-256."""

    scan_sha256: str


@dataclass(frozen=True)
class TrailEvent:
    """One line of what happened, in words; `by` names who did it."""

    at: datetime
    what: str
    by: str = ""


@dataclass(frozen=True)
class Certificate:
    """What the certificate of completion says, as it is to be printed (trust requirement R09).

    E-mail and phone come masked as the contractor wants them. What was not recorded is None, and
    is printed as *not recorded*. `chain_head` is the hash of the last event listed, `time_zone` the
    IANA name of the zone in which local times are given.
    """

    signer_name: str
    signer_email: str | None
    signer_phone: str | None
    authentication: str
    authenticated_at: datetime
    consent_version: str | None
    consented_at: datetime | None
    signed_at: datetime
    ip_address: str | None
    user_agent: str | None
    events: tuple[TrailEvent, ...]
    chain_head: str
    time_zone: str
    verify_url: str | None = None


@dataclass(frozen=True)
class SignedContractDocument:
    """The contract, the estimate that was approved with its options, the signature, the proof."""

    contract: ContractDocument
    estimate: EstimateDocument
    signature: Drawn | Typed | OnPaper
    certificate: Certificate
    capacity: str = ""


@dataclass(frozen=True)
class Verdict:
    """`altered`: it bears our seal, or what is left of it, and is not what we sealed."""

    found: Literal["authentic", "altered", "unknown"]
    why: str


@dataclass(frozen=True)
class Stamp:
    """An authority's word that a SHA-256 was there `at` a time: its signed token, DER."""

    token: bytes
    at: datetime


class DocumentStore(Protocol):
    """Where the bytes of documents are kept, each under its own SHA-256 in hexadecimal."""

    def put(self, content: bytes) -> str:
        """Keeps `content` for good and returns its SHA-256; a second time changes nothing."""

    def get(self, sha256: str) -> bytes:
        """Raises DocumentMissing, or DocumentAltered where the bytes no longer fit their name."""

    def has(self, sha256: str) -> bool: ...

    def names(self) -> Iterator[str]:
        """The SHA-256 of every document that is kept."""

    def check(self) -> str:
        """One sentence for the doctor. Raises OSError where nothing can be kept."""


class Renderer(Protocol):
    """Sets documents in type. The same values give the same bytes. Raises UnusableDocument."""

    def estimate(self, data: EstimateDocument) -> bytes: ...

    def contract(self, data: ContractDocument) -> bytes: ...

    def signed_contract(self, data: SignedContractDocument) -> bytes: ...

    def check(self) -> str: ...


class Sealer(Protocol):
    """Seals PDFs so that any later change shows, and tells what was changed from what was not."""

    def seal(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        """The sealed PDF, tested before it is returned. Raises SealingFailed."""

    def verify(self, pdf: bytes) -> Verdict: ...

    def check(self) -> str: ...


class Stamper(Protocol):
    """Asks a time-stamp authority to vouch for when a document was there."""

    def stamp(self, sha256: str) -> Stamp:
        """A stamp of the SHA-256 (hexadecimal), checked. Raises StampingFailed."""

    def check(self) -> str:
        """One sentence for the doctor. Raises StampingFailed."""
