"""The photos of a draft's line: shown, put on, taken off; and the pictures of any version."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from onboarding.database import read
from onboarding.estimates import actions, actions_photos, photos
from onboarding.estimates.blueprints import blueprint
from onboarding.estimates.pictures import as_picture
from onboarding.estimates.version_contractor_views import sheet_of
from onboarding.gateways import pictures
from onboarding.gateways.pictures import Fault, UnusablePicture
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound
from onboarding.web.uploads import takes


@blueprint.get("/estimates/<estimate_id>/lines/<line_key>/photos")
@access.member
def line_photos(estimate_id: str, line_key: str) -> Response:
    return _page(estimate_id, line_key)


@blueprint.post("/estimates/<estimate_id>/lines/<line_key>/photos")
@access.member
@takes(photos.MOST_ON_LINE * pictures.MOST_BYTES)
def add_photos(estimate_id: str, line_key: str) -> Response:
    sheet_of(estimate_id)
    sent = [file.stream.read() for file in request.files.getlist("photos") if file.filename]
    if not sent:
        return _page(estimate_id, line_key, _("Choose a photo first."), status=422)
    try:
        actions_photos.add_photos(estimate_id, line_key, sent, people.actor())
    except UnusablePicture as unusable:
        return _page(estimate_id, line_key, _fault(unusable.fault), status=422)
    except actions_photos.TooManyPhotos:
        return _page(estimate_id, line_key, _too_many(), status=422)
    except actions.AlreadySent:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    except actions_photos.LineMissing as gone:
        raise NotFound from gone
    return redirect_to(url_for(".line_photos", estimate_id=estimate_id, line_key=line_key))


@blueprint.post("/photos/<photo_id>/removal")
@access.member
def remove_photo(photo_id: str) -> Response:
    try:
        gone = actions_photos.remove_photo(photo_id, people.actor())
    except actions_photos.PhotoMissing as missing:
        raise NotFound from missing
    except actions.AlreadySent:
        return redirect_to(url_for("pipeline.board"))
    return redirect_to(
        url_for(".line_photos", estimate_id=gone.estimate_id, line_key=gone.line_key)
    )


@blueprint.get("/photos/<photo_id>/<size>")
@access.member
def picture(photo_id: str, size: str) -> Response:
    found = photos.photo(read(people.person().contractor_id), photo_id)
    if found is None:
        raise NotFound
    return as_picture(found, size)


def _page(estimate_id: str, line_key: str, problem: str = "", status: int = 200) -> Response:
    sheet = sheet_of(estimate_id)
    if sheet.estimate.sent_at is not None:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    name = next((line.name for line in sheet.estimate.lines if line.key == line_key), None)
    if name is None:
        raise NotFound
    return render(
        "estimates/line_photos.html",
        status=status,
        estimate_id=estimate_id,
        line_key=line_key,
        line_name=name or _("A line without a name yet"),
        photos=sheet.photos.get(line_key, []),
        most=photos.MOST_ON_LINE,
        problem=problem,
    )


def _too_many() -> str:
    words: str = _(
        "A line holds %(line)s photos, an estimate %(whole)s. Take one off first.",
        line=photos.MOST_ON_LINE,
        whole=photos.MOST_ON_ESTIMATE,
    )
    return words


def _fault(found: Fault) -> str:
    other: str = _("One of these is no PNG, JPEG or WebP picture. Save it as one of them.")
    words: dict[Fault, str] = {
        Fault.TOO_HEAVY: _("A photo of yours is larger than 5 MB. Save it smaller."),
        Fault.TOO_LARGE: _("A photo of yours has more than 40 million pixels. Save it smaller."),
        Fault.TOO_SMALL: _("A photo of yours is too small to show anything. Choose another."),
        Fault.TOO_THIN: _("A photo of yours is too long and thin. Cut it to what matters."),
    }
    return words.get(found, other)
