"""The company's settings, with a page and a message beside them that show at once what changes."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from onboarding.contractors import details, queries, samples
from onboarding.contractors.blueprints import blueprint
from onboarding.contractors.brand import palette
from onboarding.contractors.forms import LogoForm, SettingsForm, read_color
from onboarding.contractors.models import Contractor
from onboarding.contractors.samples import Look
from onboarding.database import read
from onboarding.gateways import pictures
from onboarding.gateways.pictures import Fault, UnusablePicture
from onboarding.notifications import wording
from onboarding.web import access, languages, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.brand import show_company
from onboarding.web.filters import phone
from onboarding.web.uploads import takes


@blueprint.get("/settings")
@access.owner
def settings() -> Response:
    company = own_company()
    return _page(company, SettingsForm(company), LogoForm())


@blueprint.post("/settings")
@access.owner
def keep_settings() -> Response:
    company = own_company()
    form = SettingsForm(company)
    if request.form.get("show"):
        return _page(company, form, LogoForm())
    if not form.validate():
        return _page(company, form, LogoForm(), status=422)
    details.keep_details(company.id, form.details())
    flash(_("Saved."))
    return redirect_to(url_for("contractors.settings"))


@blueprint.get("/settings/sample")
@access.owner
def sample() -> Response:
    """Asked for as the company is being typed; nothing is kept."""
    look = _look(own_company())
    shown: dict[str, Any] = {
        "look": look,
        "colors": palette(look.color),
        "told": samples.seal_look(look),
    }
    return samples.framing(render("contractors/sample.html", "contractors/_sample.html", **shown))


@blueprint.get("/settings/sample/page/<told>")
@access.owner
def sample_page(told: str) -> Response:
    """A customer's page, drawn as theirs are, in a frame."""
    look, company = samples.look_of(told), own_company()
    show_company(samples.imagined(company, look))
    page = render(
        "contractors/sample_page.html",
        brand_css=url_for("brand.color", color=look.color[1:]),
        currency=company.currency,
        support_view=None,
        sandbox_marks=None,
    )
    return samples.framed(page)


@blueprint.get("/settings/sample/mail/<told>")
@access.owner
def sample_mail(told: str) -> Response:
    """An invitation, set as it is sent, in a frame."""
    company = samples.company_of(own_company(), samples.look_of(told))
    letter = wording.render(samples.example_letter(company), languages.current())
    return samples.framed_letter(letter.html)


@blueprint.post("/settings/logo")
@access.owner
@takes(pictures.MOST_BYTES)
def put_logo() -> Response:
    company, form = own_company(), LogoForm()
    try:
        sent = form.logo.data
        details.keep_logo(company.id, sent.stream.read() if form.validate() and sent else b"")
    except UnusablePicture as unusable:
        form.logo.errors = [_fault(unusable.fault) if form.logo.data else _("Choose a picture.")]
        return _page(company, SettingsForm(company, formdata=None), form, status=422)
    flash(_("Your logo is on every page, message and paper from now on."))
    return redirect_to(url_for("contractors.settings"))


@blueprint.post("/settings/logo/removal")
@access.owner
def remove_logo() -> Response:
    details.remove_logo(people.person().contractor_id)
    flash(_("The logo is gone. The company is shown by its initial."))
    return redirect_to(url_for("contractors.settings"))


def own_company() -> Contractor:
    who = people.person().contractor_id
    return queries.contractor(read(who), who)


def _page(company: Contractor, form: SettingsForm, logo_form: LogoForm, **how: Any) -> Response:
    look = _look(company)
    shown: dict[str, Any] = {
        "look": look,
        "colors": palette(look.color),
        "told": samples.seal_look(look),
    }
    page = render(
        "contractors/settings.html", form=form, logo_form=logo_form, own=company, **shown, **how
    )
    return samples.framing(page)


def _look(company: Contractor) -> Look:
    """As it is kept, and over it what is being typed, as far as it can be shown."""
    kept = Look(company.name, company.color, company.license_number, company.phone)
    typed = {name: request.values.get(name, "").strip()[:60] for name in ("name", "license_number")}
    color = read_color(request.values.get("color", "")) or kept.color
    number = phone(request.values.get("phone", "").strip()[:40]) or kept.phone
    if "name" not in request.values:
        return kept
    return replace(
        kept, color=color, phone=number, name=typed["name"] or kept.name,
        license_number=typed["license_number"],
    )  # fmt: skip


def _fault(found: Fault) -> str:
    words: dict[Fault, str] = {
        Fault.NO_PICTURE: _("This is no PNG, JPEG or WebP picture. Save it as one of them."),
        Fault.TOO_HEAVY: _("This file is larger than 5 MB. Save the logo smaller."),
        Fault.TOO_LARGE: _("This picture has more than 40 million pixels. Save it smaller."),
        Fault.TOO_SMALL: _(
            "This picture is too small to be read. Use at least 90 pixels of height."
        ),
        Fault.TOO_THIN: _("This picture is too long and thin for a header. Cut it to the logo."),
        Fault.EMPTY: _("There is nothing to see in this picture. Choose another."),
    }
    return words[found]
