"""What a contractor does with their templates. Each save is a version: contracts keep the text they
copied, and name the version it came from."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contracts import default_template
from onboarding.contracts.models import ContractTemplate, ContractTemplateVersion
from onboarding.database import transaction


class TemplateTaken(Exception):
    """Another contractor's template has this id: for this one there is none."""


class TemplateMissing(Exception):
    """The contractor has no template of this id."""


def keep_sample(db: Session, contractor_id: str) -> None:
    """Gives a contractor who has no template yet the sample, to be made their own."""
    if db.scalars(select(ContractTemplate.id).limit(1)).first() is None:
        kept = ContractTemplate(contractor_id=contractor_id, origin="service")
        _add(db, kept, default_template.NAME, default_template.BODY, "")


def save_template(
    template_id: str, name: str, body: str, by: Actor, origin: str = ""
) -> ContractTemplate:
    """The template with this id, new or with one more version; saved as it is, it stays as it is.
    `origin` is the key of the sample that a new one begins as. Raises TemplateTaken.
    """
    try:
        with transaction(by.contractor_id) as db:
            template = _locked(db, template_id)
            if template is None:
                template = ContractTemplate(
                    id=template_id, contractor_id=by.contractor_id, origin=origin
                )
                _add(db, template, name, body, by.name)
            elif (template.name, template.body) != (name, body):
                template.version += 1
                _add(db, template, name, body, by.name)
            return template
    except IntegrityError as taken:
        raise TemplateTaken from taken


def archive_template(template_id: str, by: Actor, *, is_archived: bool) -> None:
    """Offered for new contracts no more, or again. Harmless when repeated. Raises
    TemplateMissing."""
    with transaction(by.contractor_id) as db:
        template = _found(db, template_id)
        if is_archived != (template.archived_at is not None):
            template.archived_at = clock.now() if is_archived else None


def mark_reviewed(template_id: str, version: int, by: Actor) -> None:
    """The owner says that a lawyer has reviewed the version they had before them; the first to say
    so stands. Harmless when repeated. Raises TemplateMissing."""
    with transaction(by.contractor_id) as db:
        template = _found(db, template_id)
        if not 0 < version <= template.version:
            raise TemplateMissing
        if template.reviewed_version < version:
            template.reviewed_at, template.reviewed_by = clock.now(), by.name
            template.reviewed_version = version


def versions(db: Session, template_id: str) -> list[ContractTemplateVersion]:
    """Every version, the newest first."""
    statement = select(ContractTemplateVersion).where(
        ContractTemplateVersion.template_id == template_id
    )
    return list(db.scalars(statement.order_by(ContractTemplateVersion.number.desc())))


def version(db: Session, template_id: str, number: int) -> ContractTemplateVersion | None:
    return db.scalars(
        select(ContractTemplateVersion).where(
            ContractTemplateVersion.template_id == template_id,
            ContractTemplateVersion.number == number,
        )
    ).one_or_none()


def _add(db: Session, template: ContractTemplate, name: str, body: str, by: str) -> None:
    template.name, template.body = name, body
    template.version = template.version or 1
    db.add(template)
    db.flush()
    db.add(
        ContractTemplateVersion(
            contractor_id=template.contractor_id,
            template_id=template.id,
            number=template.version,
            name=name,
            body=body,
            saved_by=by,
        )
    )
    db.flush()


def _locked(db: Session, template_id: str) -> ContractTemplate | None:
    statement = select(ContractTemplate).where(ContractTemplate.id == template_id)
    return db.scalars(statement.with_for_update()).one_or_none()


def _found(db: Session, template_id: str) -> ContractTemplate:
    template = _locked(db, template_id)
    if template is None:
        raise TemplateMissing
    return template
