"""What the contractor's editor shows: the draft beside its estimate, and how it will read."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.braces import Complaint
from onboarding.contracts import default_template
from onboarding.contracts.e_signing import is_limited
from onboarding.contracts.freezing import agreement_of
from onboarding.contracts.frozen import Agreement
from onboarding.contracts.models import Contract, ContractTemplate
from onboarding.contracts.placeholders import complaints
from onboarding.contracts.pricing import PricedEstimate, priced
from onboarding.contracts.queries import contract_of_estimate, template, templates
from onboarding.gateways import prose
from onboarding.gateways.prose import Block
from onboarding.journey.models import Onboarding


@dataclass(frozen=True)
class Words:
    """A draft's text as it is typed, and the version of the template that it was taken from."""

    title: str
    body: str
    terms: str
    template_id: str | None
    template_version: int | None = None


@dataclass(frozen=True)
class DraftPage:
    """`revision` 0: nothing was saved yet, and what stands there comes from a template, the
    `source` of the words wherever they have one."""

    onboarding: Onboarding
    estimate: PricedEstimate
    revision: int
    words: Words
    templates: tuple[tuple[str, str], ...]
    source: ContractTemplate | None
    gives_cancel_right: bool
    is_e_sign_limited: bool
    e_sign_reason: str
    is_on_paper: bool

    @property
    def is_saved(self) -> bool:
        return self.revision > 0


@dataclass(frozen=True)
class Preview:
    """How the draft would read if it were approved now, and what is still open in it."""

    agreement: Agreement
    complaints: tuple[Complaint, ...]

    @property
    def blocks(self) -> list[Block]:
        return prose.blocks(self.agreement.text)


SAMPLE = "sample"
"""Stands for the sample where a contractor has no template of their own."""


def draft_page(db: Session, estimate_id: str, chosen: str | None = None) -> DraftPage:
    """The draft of an estimate; with `chosen`, its text taken anew from that template.

    Raises EstimateMissing.
    """
    estimate = priced(db, estimate_id)
    saved = contract_of_estimate(db, estimate_id)
    words = _words(db, saved, chosen)
    onboarding = db.get_one(Onboarding, estimate.onboarding_id)
    return DraftPage(
        onboarding=onboarding,
        estimate=estimate,
        revision=saved.draft_revision if saved else 0,
        words=words,
        templates=_choices(db),
        source=template(db, words.template_id) if words.template_id else None,
        gives_cancel_right=saved is None or saved.has_cancel_right,
        is_e_sign_limited=is_limited(onboarding.site_state, saved),
        e_sign_reason=saved.e_sign_reason if saved else "",
        is_on_paper=saved is not None and saved.is_on_paper,
    )


def preview(db: Session, page: DraftPage, words: Words) -> Preview:
    """The words merged as they would be at approval; nothing is kept."""
    unsaved = Contract(
        id="preview",
        contractor_id=page.onboarding.contractor_id,
        onboarding_id=page.onboarding.id,
        estimate_id=page.estimate.id,
        title=words.title,
        template_body=words.body,
        terms=words.terms,
    )
    return Preview(
        agreement=agreement_of(db, page.onboarding, unsaved, None),
        complaints=tuple(complaints("\n".join((words.title, words.body, words.terms)))),
    )


def is_sample(source: ContractTemplate | None, body: str) -> bool:
    """The text comes from a sample that no lawyer has looked at, as far as the owner says."""
    if source is not None:
        return source.is_sample
    return body.strip() == default_template.BODY.strip()


def _words(db: Session, saved: Contract | None, chosen: str | None) -> Words:
    title = saved.title if saved else default_template.TITLE
    terms = saved.terms if saved else ""
    if saved is not None and chosen is None:
        return Words(title, saved.template_body, terms, saved.template_id, saved.template_version)
    source = _source(db, chosen)
    return Words(
        title,
        source.body if source else default_template.BODY,
        terms,
        source.id if source else None,
        source.version if source else None,
    )


def _source(db: Session, chosen: str | None) -> ContractTemplate | None:
    own = templates(db)
    return template(db, chosen) if chosen and chosen != SAMPLE else next(iter(own), None)


def _choices(db: Session) -> tuple[tuple[str, str], ...]:
    own = tuple((one.id, one.name) for one in templates(db))
    return own or ((SAMPLE, default_template.NAME),)
