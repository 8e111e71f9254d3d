"""What an owner changes about the company, its logo included."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from onboarding import clock, gateways
from onboarding.contractors.models import Contractor
from onboarding.contractors.revisions import move_on
from onboarding.database import transaction
from onboarding.gateways import pictures


@dataclass(frozen=True)
class Details:
    """The company as its settings have it: `phone` as in E.164, `color` #rrggbb, `time_zone` an
    IANA name, `currency` an ISO 4217 code, `language` en or es, `quiet_from` and `quiet_to` hours
    of the day."""

    name: str
    color: str
    license_number: str
    phone: str
    postal_address: str
    reply_to: str
    time_zone: str
    currency: str
    language: str
    quiet_from: int
    quiet_to: int
    offers_auto_pay: bool
    gives_cancel_right: bool


def keep_details(contractor_id: str, details: Details) -> Contractor:
    """Jobs that were begun keep their currency; whatever else is shown tomorrow shows this."""
    with transaction(contractor_id) as db:
        company = _locked(db, contractor_id)
        for name, value in asdict(details).items():
            setattr(company, name, value)
        company.settled_at = company.settled_at or clock.now()
        # Every open board shows the new name and currency at its next poll.
        move_on(db, contractor_id)
        return company


def keep_logo(contractor_id: str, content: bytes) -> Contractor:
    """The picture's renditions take the place of the logo before. Raises UnusablePicture.

    What is signed already keeps the logo it was printed with: documents are kept for good.
    """
    made = pictures.logo(content)
    store = gateways.current().documents
    paper, page, mail = (store.put(each) for each in (made.paper, made.page, made.mail))
    with transaction(contractor_id) as db:
        company = _locked(db, contractor_id)
        company.logo_sha256, company.logo_page_sha256, company.logo_mail_sha256 = paper, page, mail
        company.logo_width, company.logo_height = made.width, made.height
        return company


def remove_logo(contractor_id: str) -> None:
    """The company is shown by its initial again; removed twice, it is removed."""
    with transaction(contractor_id) as db:
        company = _locked(db, contractor_id)
        company.logo_sha256 = company.logo_page_sha256 = company.logo_mail_sha256 = None
        company.logo_width = company.logo_height = 0


def _locked(db: Session, contractor_id: str) -> Contractor:
    return db.get_one(Contractor, contractor_id, with_for_update={"key_share": True})
