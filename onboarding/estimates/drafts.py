"""A draft as it is typed, complete or not, and how it is kept."""

from dataclasses import dataclass, fields, replace
from datetime import date

from onboarding.estimates import choosing
from onboarding.estimates.models import Estimate, LineItem
from onboarding.estimates.pricing import DiscountKind

MOST_LINES = 200
MOST_SECTIONS = 50


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
    section_key: str = ""
    group_name: str = ""
    unit_cost_cents: int | None = None


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
    """A whole estimate as typed, complete or not. `sections` are (key, name) in their order; the
    lines stand in the order of their sections."""

    scope: str = ""
    lines: tuple[DraftLine, ...] = ()
    discount_kind: str = DiscountKind.AMOUNT
    discount_value: int = 0
    tax_rate: int = 0
    sections: tuple[tuple[str, str], ...] = ()
    shows_quantities: bool = True
    shows_unit_prices: bool = True
    valid_until: date | None = None


_OF_LINE = tuple(field.name for field in fields(DraftLine) if field.name != "key")
_PLAIN = tuple(
    field.name for field in fields(EstimateDraft) if field.name not in ("lines", "sections")
)


def drafted(estimate: Estimate) -> EstimateDraft:
    """The version as the draft it was, or is."""
    return EstimateDraft(
        lines=tuple(
            DraftLine(line.key, **{name: getattr(line, name) for name in _OF_LINE})
            for line in estimate.lines
        ),
        sections=tuple((key, name) for key, name in estimate.sections or ()),
        **{name: getattr(estimate, name) for name in _PLAIN},
    )


def write(estimate: Estimate, draft: EstimateDraft) -> None:
    """Makes the version say what the draft says; a line with a known key keeps its row."""
    for name in _PLAIN:
        setattr(estimate, name, getattr(draft, name))
    sections = [list(section) for section in draft.sections]
    if estimate.sections != sections:
        estimate.sections = sections
    kept = {line.key: line for line in estimate.lines}
    estimate.lines = [
        _line_item(estimate.contractor_id, position, line, kept.get(line.key))
        for position, line in enumerate(draft.lines)
    ]


def with_one_start(draft: EstimateDraft, before: EstimateDraft) -> EstimateDraft:
    """Of each group only one line starts chosen: where several are marked, the one that was not
    marked `before`, for it is what somebody ticked just now."""
    started = {line.key for line in before.lines if line.starts_chosen}
    unmarked: set[str] = set()
    for lines in choosing.groups(draft.lines).values():
        marked = [line.key for line in lines if line.starts_chosen]
        fresh = [key for key in marked if key not in started]
        unmarked |= set(marked) - {*(fresh or marked)[:1]}
    return replace(
        draft,
        lines=tuple(
            replace(line, starts_chosen=False) if line.key in unmarked else line
            for line in draft.lines
        ),
    )


def _line_item(
    contractor_id: str, position: int, line: DraftLine, row: LineItem | None = None
) -> LineItem:
    kept = row or LineItem(contractor_id=contractor_id, key=line.key)
    kept.position = position
    for name in _OF_LINE:
        setattr(kept, name, getattr(line, name))
    return kept
