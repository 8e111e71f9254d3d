"""The price book: what a contractor sells again and again. A member's acts and reads."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.database import Everyone, read, transaction
from onboarding.estimates.drafts import DraftLine
from onboarding.estimates.models import PriceBookItem

MOST = 200
"""Shown at once: whoever has more looks for them by name."""


class NameTaken(Exception):
    """Another item of the price book has this name."""


class ItemMissing(Exception):
    """No item with this id for this contractor."""


@dataclass(frozen=True)
class ItemWords:
    """An item as typed. Price and cost are for one unit, in cents; no cost is an unknown one."""

    name: str
    description: str = ""
    unit: str = ""
    unit_price_cents: int = 0
    unit_cost_cents: int | None = None
    is_taxable: bool = True


def items(db: Session, sought: str = "", most: int = MOST) -> Sequence[PriceBookItem]:
    """By name, those with `sought` in their name or description, however it is written."""
    statement = (
        select(PriceBookItem)
        .where(PriceBookItem.removed_at.is_(None))
        .order_by(func.lower(PriceBookItem.name), PriceBookItem.id)
        .limit(most)
    )
    for word in sought.lower().split():
        statement = statement.where(
            or_(
                func.lower(PriceBookItem.name).contains(word, autoescape=True),
                func.lower(PriceBookItem.description).contains(word, autoescape=True),
            )
        )
    return db.scalars(statement).all()


def item(db: Session, item_id: str) -> PriceBookItem | None:
    return db.scalars(select(PriceBookItem).where(PriceBookItem.id == item_id)).one_or_none()


def as_line(kept: PriceBookItem) -> DraftLine:
    """One of it, as a new line of an estimate."""
    return DraftLine(
        tokens.new_id(),
        name=kept.name,
        description=kept.description,
        unit=kept.unit,
        unit_price_cents=kept.unit_price_cents,
        is_taxable=kept.is_taxable,
        unit_cost_cents=kept.unit_cost_cents,
    )


def words_of(line: DraftLine) -> ItemWords:
    """What of a line is worth keeping for others."""
    return ItemWords(
        line.name,
        line.description,
        line.unit,
        line.unit_price_cents,
        line.unit_cost_cents,
        line.is_taxable,
    )


def keep(words: ItemWords, by: Actor) -> PriceBookItem:
    """Puts it into the price book; what is there under its name says the new thing."""
    with transaction(by.contractor_id) as db:
        _lock(db, by)
        named = _named(db, words.name)
        return _write(db, named or _new(tokens.new_id(), by), words)


def save_item(item_id: str, words: ItemWords, by: Actor) -> PriceBookItem:
    """Writes the item, a new one where there is none with this id, which was minted with the form.
    Raises NameTaken; ItemMissing where it is somebody else's."""
    if _is_of_others(item_id, by):
        raise ItemMissing(item_id)
    with transaction(by.contractor_id) as db:
        _lock(db, by)
        named = _named(db, words.name)
        if named is not None and named.id != item_id:
            if named.removed_at is None:
                raise NameTaken(words.name)
            db.delete(named)
            db.flush()
        return _write(db, item(db, item_id) or _new(item_id, by), words)


def remove_item(item_id: str, by: Actor) -> None:
    """Takes it out; estimates that it was put into keep their lines. Harmless when repeated.
    Raises ItemMissing."""
    with transaction(by.contractor_id) as db:
        found = item(db, item_id)
        if found is None:
            raise ItemMissing(item_id)
        found.removed_at = found.removed_at or clock.now()


def _is_of_others(item_id: str, by: Actor) -> bool:
    everywhere = read(Everyone("an id that a form minted may be taken by another contractor"))
    owner = everywhere.scalar(
        select(PriceBookItem.contractor_id).where(PriceBookItem.id == item_id)
    )
    return owner is not None and owner != by.contractor_id


def _lock(db: Session, by: Actor) -> None:
    """One at a time, so that a name is taken once."""
    db.execute(
        select(Contractor.id).where(Contractor.id == by.contractor_id).with_for_update()
    ).one()


def _named(db: Session, name: str) -> PriceBookItem | None:
    return db.scalars(select(PriceBookItem).where(PriceBookItem.name == name)).one_or_none()


def _new(item_id: str, by: Actor) -> PriceBookItem:
    return PriceBookItem(id=item_id, contractor_id=by.contractor_id)


def _write(db: Session, row: PriceBookItem, words: ItemWords) -> PriceBookItem:
    for name, value in asdict(words).items():
        setattr(row, name, value)
    row.saved_at = clock.now()
    row.removed_at = None
    db.add(row)
    return row
