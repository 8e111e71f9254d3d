"""The photos on the lines of an estimate, and a picture's way onto a page."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from onboarding import tokens
from onboarding.estimates.models import Estimate, LineItem, LinePhoto

MOST_ON_LINE = 4
MOST_ON_ESTIMATE = 24
Size = Literal["small", "large"]
_STANDS_ON_A_LINE = and_(
    LineItem.estimate_id == LinePhoto.estimate_id, LineItem.key == LinePhoto.line_key
)


def photos_of(db: Session, estimate_id: str) -> Mapping[str, Sequence[LinePhoto]]:
    """By the line's key, in the order in which they came; of lines taken out there are none."""
    found: dict[str, list[LinePhoto]] = defaultdict(list)
    statement = (
        select(LinePhoto)
        .join(LineItem, _STANDS_ON_A_LINE)
        .where(LinePhoto.estimate_id == estimate_id, LinePhoto.removed_at.is_(None))
        .order_by(LinePhoto.id)
    )
    for photo in db.scalars(statement):
        found[photo.line_key].append(photo)
    return found


def ever_on(db: Session, estimate_id: str, line_key: str) -> Sequence[LinePhoto]:
    """The line's, those taken off among them."""
    statement = select(LinePhoto).where(
        LinePhoto.estimate_id == estimate_id, LinePhoto.line_key == line_key
    )
    return db.scalars(statement).all()


def photo(db: Session, photo_id: str) -> LinePhoto | None:
    """Where its line still stands; one that was taken off too, which says so."""
    statement = select(LinePhoto).join(LineItem, _STANDS_ON_A_LINE)
    return db.scalars(statement.where(LinePhoto.id == photo_id)).one_or_none()


def name_of_line(db: Session, photo: LinePhoto) -> str:
    statement = select(LineItem.name).where(
        LineItem.estimate_id == photo.estimate_id, LineItem.key == photo.line_key
    )
    return db.scalars(statement).one()


def copy_photos(db: Session, source: Estimate, target: Estimate, keys: Collection[str]) -> None:
    """Puts the photos of the lines `keys` onto the same lines of the target, in the caller's
    transaction; what is there already stays once."""
    ever = select(LinePhoto.line_key, LinePhoto.sha256).where(LinePhoto.estimate_id == target.id)
    there = {(key, sha256) for key, sha256 in db.execute(ever)}
    room = MOST_ON_ESTIMATE - sum(map(len, photos_of(db, target.id).values()))
    coming = [
        photo
        for photos in photos_of(db, source.id).values()
        for photo in photos
        if photo.line_key in keys and (photo.line_key, photo.sha256) not in there
    ]
    db.add_all(_copied(photo, target) for photo in coming[:room])


def _copied(photo: LinePhoto, target: Estimate) -> LinePhoto:
    return LinePhoto(
        id=tokens.new_id(),
        contractor_id=target.contractor_id,
        estimate_id=target.id,
        line_key=photo.line_key,
        sha256=photo.sha256,
        thumbnail_sha256=photo.thumbnail_sha256,
        media_type=photo.media_type,
        width=photo.width,
        height=photo.height,
    )
