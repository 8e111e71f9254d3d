"""The frozen contract: canonical JSON bytes of everything that is signed, and how they are read.

Canonical: UTF-8, keys sorted, no spaces, one value a key. The same values give the same bytes, and
the bytes give the SHA-256 that stands in the form, the database, the certificate and the trail.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from onboarding.contracts.pricing import PricedEstimate, PricedLine

FORMAT = 2
"""1 knew no right to cancel: what was frozen so has none, and keeps its bytes."""


@dataclass(frozen=True)
class Company:
    """The contractor as the letterhead had it at approval."""

    name: str
    address: str
    phone: str
    license_number: str
    reply_to: str
    color: str
    logo_sha256: str | None


@dataclass(frozen=True)
class CancelRight:
    """The right to cancel as it stands beside the signature: for `days` business days, by `profile`
    of state_profiles, towards a seller of this name and address."""

    days: int
    profile: str
    seller_name: str
    seller_address: str


@dataclass(frozen=True)
class Agreement:
    """What is signed. `dated` is the day of approval at the job site, `text` is merged."""

    contract_id: str
    title: str
    text: str
    language: Literal["en", "es"]
    dated: date
    frozen_at: datetime
    company: Company
    customer_name: str
    customer_address: str
    job_title: str
    job_site: str
    time_zone: str
    estimate: PricedEstimate
    cancel_right: CancelRight | None = None


# What came to be said of estimates later: left out where nothing is said, so that the bytes of a
# contract that has none of it are what they always were.
_LATER_OF_ESTIMATE = {"shows_quantities": True, "shows_unit_prices": True}
_LATER_OF_LINE = {"section": "", "group": ""}


def to_bytes(agreement: Agreement) -> bytes:
    """The canonical bytes."""
    values: dict[str, Any] = {"format": FORMAT, **asdict(agreement)}
    _leave_out(values["estimate"], _LATER_OF_ESTIMATE)
    for line in values["estimate"]["lines"]:
        _leave_out(line, _LATER_OF_LINE)
    text = json.dumps(
        values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_written
    )
    return text.encode()


def read(frozen: bytes) -> Agreement:
    """The agreement that `to_bytes` wrote."""
    values = json.loads(frozen)
    del values["format"]
    right = values.pop("cancel_right", None)
    estimate = values.pop("estimate")
    lines = tuple(PricedLine(**line) for line in estimate.pop("lines"))
    sent_at = estimate.pop("sent_at")
    return Agreement(
        company=Company(**values.pop("company")),
        dated=date.fromisoformat(values.pop("dated")),
        frozen_at=datetime.fromisoformat(values.pop("frozen_at")),
        estimate=PricedEstimate(
            lines=lines, sent_at=datetime.fromisoformat(sent_at) if sent_at else None, **estimate
        ),
        cancel_right=CancelRight(**right) if right else None,
        **values,
    )


def sha256_of(frozen: bytes) -> str:
    return hashlib.sha256(frozen).hexdigest()


def _leave_out(values: dict[str, Any], later: dict[str, Any]) -> None:
    for name, unsaid in later.items():
        if values[name] == unsaid:
            del values[name]


def _written(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in a contract")
