"""What members do to the photos of a draft's lines."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from onboarding import clock, gateways, tokens
from onboarding.actor import Actor
from onboarding.database import transaction
from onboarding.estimates import photos
from onboarding.estimates.actions import AlreadySent, lock_estimate
from onboarding.estimates.models import Estimate, LinePhoto
from onboarding.gateways import pictures
from onboarding.journey import actions as journey
from onboarding.journey.permissions import Act


class LineMissing(Exception):
    """The draft has no line with this key."""


class PhotoMissing(Exception):
    """No photo with this id for this contractor."""


class TooManyPhotos(Exception):
    """The line, or the estimate, would have more than it holds; nothing was kept."""


def add_photos(
    estimate_id: str, line_key: str, contents: Sequence[bytes], by: Actor
) -> Sequence[LinePhoto]:
    """Puts pictures on a line, all or none; one that is there already stays once.

    What is kept is drawn anew, at most 1,600 pixels a side. Raises pictures.UnusablePicture,
    TooManyPhotos, LineMissing, AlreadySent, EstimateMissing, journey.Refused.
    """
    drawn = {photo.sha256: photo for photo in map(_kept, map(pictures.photo, contents))}
    with transaction(by.contractor_id) as db:
        estimate = _draft(db, estimate_id, by)
        if line_key not in {line.key for line in estimate.lines}:
            raise LineMissing(line_key)
        standing = {row.sha256: row for row in photos.ever_on(db, estimate_id, line_key)}
        fresh = [standing.get(photo.sha256, photo) for photo in drawn.values()]
        for photo in fresh:
            photo.contractor_id, photo.estimate_id = estimate.contractor_id, estimate.id
            photo.line_key, photo.removed_at = line_key, None
            db.add(photo)
        db.flush()
        _require_room(photos.photos_of(db, estimate_id), line_key)
        return fresh


def remove_photo(photo_id: str, by: Actor) -> LinePhoto:
    """Takes it off its line; what was sent keeps it. Harmless when repeated. Raises
    PhotoMissing, AlreadySent."""
    with transaction(by.contractor_id) as db:
        found = photos.photo(db, photo_id)
        if found is None:
            raise PhotoMissing(photo_id)
        _draft(db, found.estimate_id, by)
        found.removed_at = found.removed_at or clock.now()
        return found


def _require_room(standing: Mapping[str, Sequence[LinePhoto]], line_key: str) -> None:
    whole = sum(len(on_line) for on_line in standing.values())
    if len(standing[line_key]) > photos.MOST_ON_LINE or whole > photos.MOST_ON_ESTIMATE:
        raise TooManyPhotos(line_key)


def _draft(db: Session, estimate_id: str, by: Actor) -> Estimate:
    onboarding, estimate = lock_estimate(db, estimate_id)
    journey.require(Act.DRAFT, onboarding, by)
    if estimate.sent_at is not None:
        raise AlreadySent(estimate_id)
    return estimate


def _kept(drawn: pictures.Photo) -> LinePhoto:
    """Its bytes lie in the store before any row names them."""
    store = gateways.current().documents
    return LinePhoto(
        id=tokens.new_id(),
        sha256=store.put(drawn.content),
        thumbnail_sha256=store.put(drawn.thumbnail),
        media_type=drawn.media_type,
        width=drawn.width,
        height=drawn.height,
    )
