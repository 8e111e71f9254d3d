"""One contact: written down, corrected, put away, brought back."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from onboarding import tokens
from onboarding.contacts import actions
from onboarding.contacts.blueprints import blueprint
from onboarding.contacts.forms import ContactForm
from onboarding.contacts.models import Contact
from onboarding.database import read
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound


@blueprint.get("/contacts/new")
@access.member
def new() -> Response:
    return render("contacts/new.html", form=ContactForm(), contact_id=tokens.new_id())


@blueprint.post("/contacts/new/<contact_id>")
@access.member
def create(contact_id: str) -> Response:
    """The id comes with the form, so that a form sent twice makes one contact."""
    form = ContactForm()
    if not _is_minted(contact_id):
        raise NotFound
    if not form.validate():
        return render("contacts/new.html", form=form, contact_id=contact_id, status=422)
    contact = actions.create_contact(contact_id, form.fields(), people.actor())
    return redirect_to(url_for("record.contact", contact_id=contact.id))


@blueprint.get("/contacts/<contact_id>/edit")
@access.member
def edit(contact_id: str) -> Response:
    contact = _contact(contact_id)
    return render("contacts/edit.html", form=ContactForm(obj=contact), contact=contact)


@blueprint.post("/contacts/<contact_id>/edit")
@access.member
def save(contact_id: str) -> Response:
    form, contact = ContactForm(), _contact(contact_id)
    if not form.validate():
        return render("contacts/edit.html", form=form, contact=contact, status=422)
    seen = request.form.get("version", type=int, default=0)
    try:
        actions.edit_contact(contact_id, form.fields(), seen, people.actor())
    except actions.ChangedMeanwhile as changed:
        form.form_errors.append(
            _("Somebody saved this contact while you were editing. Save again to keep yours.")
        )
        return render("contacts/edit.html", form=form, contact=changed.theirs, status=409)
    return redirect_to(url_for("record.contact", contact_id=contact_id))


@blueprint.post("/contacts/<contact_id>/archive")
@access.member
def archive(contact_id: str) -> Response:
    _contact(contact_id)
    actions.archive_contact(contact_id, people.actor())
    return redirect_to(url_for("contacts.contacts"))


@blueprint.post("/contacts/<contact_id>/restore")
@access.member
def restore(contact_id: str) -> Response:
    _contact(contact_id)
    actions.restore_contact(contact_id, people.actor())
    return redirect_to(url_for("record.contact", contact_id=contact_id))


def _contact(contact_id: str) -> Contact:
    found = read(people.person().contractor_id).get(Contact, contact_id)
    if found is None or found.merged_into_id is not None:
        raise NotFound
    return found


def _is_minted(contact_id: str) -> bool:
    return len(contact_id) == 26 and contact_id.isalnum()
