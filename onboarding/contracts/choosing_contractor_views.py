"""The contractor decides on the right to cancel, and writes down a notice that came on paper."""

from flask import Response, flash, url_for
from flask_babel import gettext as _

from onboarding.contracts import cancelling, choosing
from onboarding.contracts.actions import ContractSent
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.crm_blueprint import blueprint
from onboarding.contracts.forms_choosing import NoticeForm, SigningForm
from onboarding.contracts.queries import contract, contract_of_estimate
from onboarding.database import read
from onboarding.journey.models import Onboarding
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound


@blueprint.get("/estimates/<estimate_id>/contract/signing")
@access.member
def signing(estimate_id: str) -> Response:
    """The right to cancel and the way of signing, of a contract that is not sent yet."""
    return _page(estimate_id, None)


@blueprint.post("/estimates/<estimate_id>/contract/signing")
@access.member
def choose_signing(estimate_id: str) -> Response:
    form = SigningForm()
    if not form.validate():
        return _page(estimate_id, form, 422)
    try:
        choosing.choose_signing(estimate_id, form.choice(), people.actor())
    except ContractGone as gone:
        raise NotFound from gone
    except ContractSent:
        flash(_("This contract was sent. Revise the estimate to change it."))
    else:
        flash(_("Saved."))
    return redirect_to(url_for(".draft", estimate_id=estimate_id))


@blueprint.post("/contracts/<contract_id>/cancellation")
@access.member
def record_cancellation(contract_id: str) -> Response:
    """A notice of cancellation that came by mail or by hand."""
    form = NoticeForm()
    back = redirect_to(url_for(".show", contract_id=contract_id))
    if contract(read(people.person().contractor_id), contract_id) is None:
        raise NotFound
    if not form.validate() or form.noticed_on.data is None:
        flash(_("Choose the day the notice was mailed or handed over."))
        return back
    try:
        cancelling.record_cancellation(contract_id, form.noticed_on.data, people.actor())
    except cancelling.NoticeTooLate:
        flash(_("That day is not within the time to cancel, so nothing was recorded."))
    return back


def _page(estimate_id: str, form: SigningForm | None, status: int = 200) -> Response:
    db = read(people.person().contractor_id)
    draft = contract_of_estimate(db, estimate_id)
    if draft is None or draft.sent_at is not None:
        raise NotFound
    job = db.get_one(Onboarding, draft.onboarding_id)
    shown = choosing.choosing(db, job, draft)
    filled = form or SigningForm.of(shown.choice)
    filled.offer(shown.profiles)
    return render(
        "contracts/signing.html", form=filled, shown=shown, job=job, draft=draft, status=status
    )
