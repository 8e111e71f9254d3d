"""A draft as it is typed, complete or not, and how it is kept."""

from dataclasses import dataclass

from onboarding.estimates.models import Estimate, LineItem
from onboarding.estimates.pricing import DiscountKind


@dataclass(frozen=True)
class DraftLine:
    """A line as typed. Blank quantity and price are 0. `key` is a ULID, minted with the row."""

    key: str
    name: str = ""
    description: str = ""
    quantity: int = 1000
    unit: str = ""
    unit_price_cents: int = 0
    is_taxable: bool = True
    is_optional: bool = False
    starts_chosen: bool = False


@dataclass(frozen=True)
class Job:
    """What the job is called and where it is done."""

    title: str
    site_line1: str = ""
    site_line2: str = ""
    site_city: str = ""
    site_state: str = ""
    site_postal_code: str = ""


@dataclass(frozen=True)
class EstimateDraft:
    """A whole estimate as typed, complete or not."""

    scope: str = ""
    lines: tuple[DraftLine, ...] = ()
    discount_kind: str = DiscountKind.AMOUNT
    discount_value: int = 0
    tax_rate: int = 0


def drafted(estimate: Estimate) -> EstimateDraft:
    """The version as the draft it was, or is."""
    return EstimateDraft(
        scope=estimate.scope,
        lines=tuple(
            DraftLine(
                line.key,
                line.name,
                line.description,
                line.quantity,
                line.unit,
                line.unit_price_cents,
                line.is_taxable,
                line.is_optional,
                line.starts_chosen,
            )
            for line in estimate.lines
        ),
        discount_kind=estimate.discount_kind,
        discount_value=estimate.discount_value,
        tax_rate=estimate.tax_rate,
    )


def write(estimate: Estimate, draft: EstimateDraft) -> None:
    """Makes the version say what the draft says; a line with a known key keeps its row."""
    estimate.scope = draft.scope
    estimate.discount_kind = draft.discount_kind
    estimate.discount_value = draft.discount_value
    estimate.tax_rate = draft.tax_rate
    kept = {line.key: line for line in estimate.lines}
    estimate.lines = [
        _line_item(estimate.contractor_id, position, line, kept.get(line.key))
        for position, line in enumerate(draft.lines)
    ]


def _line_item(
    contractor_id: str, position: int, line: DraftLine, row: LineItem | None = None
) -> LineItem:
    kept = row or LineItem(contractor_id=contractor_id, key=line.key)
    kept.position = position
    kept.name = line.name
    kept.description = line.description
    kept.quantity = line.quantity
    kept.unit = line.unit
    kept.unit_price_cents = line.unit_price_cents
    kept.is_taxable = line.is_taxable
    kept.is_optional = line.is_optional
    kept.starts_chosen = line.starts_chosen
    return kept
