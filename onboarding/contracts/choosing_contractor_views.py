"""The contractor decides on the right to cancel, and writes down a notice that came on paper."""

from datetime import date

from flask import Response, flash, url_for
from flask_babel import gettext as _

from onboarding.contracts import cancelling, choosing, signing_on_paper
from onboarding.contracts.actions import ContractSent
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.crm_blueprint import blueprint
from onboarding.contracts.forms_choosing import NoticeForm, ScanForm, SigningForm
from onboarding.contracts.queries import contract, contract_of_estimate, signature_of
from onboarding.contracts.scan_answers import scan_answer
from onboarding.database import read
from onboarding.gateways import scans
from onboarding.gateways.scans import Fault, UnusableScan
from onboarding.journey.models import Onboarding
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound
from onboarding.web.uploads import takes


@blueprint.get("/estimates/<estimate_id>/contract/signing")
@access.member
def signing(estimate_id: str) -> Response:
    """The right to cancel and the way of signing, of a contract that is not sent yet."""
    return _page(estimate_id, None)


@blueprint.post("/estimates/<estimate_id>/contract/signing")
@access.member
def choose_signing(estimate_id: str) -> Response:
    form = SigningForm()
    if not form.validate() or not _is_reasoned(estimate_id, form):
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


@blueprint.post("/contracts/<contract_id>/signature")
@access.member
@takes(scans.MOST_BYTES)
def record_signature(contract_id: str) -> Response:
    """A signature by hand on the printed contract, with its scan."""
    form, own = ScanForm(), people.person().contractor_id
    if contract(read(own), contract_id) is None:
        raise NotFound
    files = [sent.stream.read() for sent in form.scan.data or ()]
    if not form.validate() or form.signed_on.data is None or not files:
        flash(_("Choose the scan and the day it was signed."))
        return redirect_to(url_for(".show", contract_id=contract_id))
    flash(_recorded(contract_id, files, form.signed_on.data))
    return redirect_to(url_for(".show", contract_id=contract_id))


def _recorded(contract_id: str, files: list[bytes], signed_on: date) -> str:
    """Records it, and says so, or why not."""
    try:
        signing_on_paper.sign_on_paper(contract_id, files, signed_on, people.actor())
    except UnusableScan as unusable:
        return _unusable(unusable.fault)
    except signing_on_paper.DayUnlikely:
        return str(_("That day is before the contract was fixed, or still to come."))
    except ContractGone:
        return str(_("This is not the contract that is to be signed now."))
    return str(_("Recorded. The sealed copy is being made."))


def _unusable(fault: Fault) -> str:
    words = {
        Fault.NO_SCAN: _("That scan cannot be read. Save it as one PDF, or as pictures."),
        Fault.TOO_LARGE: _("That scan is too large: a PDF of 40 pages, or 10 pictures, and 20 MB."),
        Fault.ACTIVE: _("That PDF is more than a scan. Print it as a plain PDF, or send pictures."),
    }
    return str(words[fault])


@blueprint.get("/contracts/<contract_id>/scan")
@access.member
def scan(contract_id: str) -> Response:
    """The paper that was signed by hand."""
    return scan_answer(signature_of(read(people.person().contractor_id), contract_id))


def _is_reasoned(estimate_id: str, form: SigningForm) -> bool:
    """False, with a word beside the field, where the state wants a reason and none stands."""
    db = read(people.person().contractor_id)
    draft = contract_of_estimate(db, estimate_id)
    if draft is None:
        raise NotFound
    shown = choosing.choosing(db, db.get_one(Onboarding, draft.onboarding_id), draft)
    if not shown.needs_reason(form.choice()):
        return True
    form.e_sign_reason.errors = [_("Say why the limit does not apply, or choose paper.")]
    return False


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
