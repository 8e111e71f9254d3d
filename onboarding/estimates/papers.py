"""An estimate as a document: what the PDF is made of, and the PDF itself."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from onboarding import clock, gateways
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor
from onboarding.contracts.customers import written_phone
from onboarding.contracts.freezing import job_site
from onboarding.contracts.papers import logo_of
from onboarding.estimates.models import LinePhoto
from onboarding.estimates.sheet import Sheet
from onboarding.gateways.documents import Company, EstimateDocument, Line


def pdf(db: Session, sheet: Sheet) -> bytes:
    """The version as a PDF, with the options that are chosen."""
    return gateways.current().renderer.estimate(document(db, sheet))


def document(db: Session, sheet: Sheet) -> EstimateDocument:
    """Dated when it was sent, on the calendar of the job site; a draft is dated today."""
    job, version, totals = sheet.onboarding, sheet.estimate, sheet.totals
    contractor = db.get_one(Contractor, job.contractor_id)
    contact = db.get_one(Contact, job.contact_id)
    made_at = version.sent_at or clock.now()
    return EstimateDocument(
        language="es" if contact.language == "es" else "en",
        company=Company(
            name=contractor.name,
            address=contractor.postal_address,
            phone=written_phone(contractor.phone),
            license_number=contractor.license_number,
            color=contractor.color,
            logo=logo_of(contractor.logo_sha256),
        ),
        customer_name=contact.name,
        job_title=job.title,
        job_site=job_site(job),
        version=version.version,
        dated=clock.local(made_at, job.site_time_zone).date(),
        made_at=made_at,
        scope=version.scope,
        lines=_lines(sheet),
        currency=version.currency,
        subtotal_cents=totals.subtotal,
        discount_cents=totals.discount,
        tax_cents=totals.tax,
        total_cents=totals.total,
        shows_quantities=version.shows_quantities,
        shows_unit_prices=version.shows_unit_prices,
        valid_until=version.valid_until,
    )


def _lines(sheet: Sheet) -> tuple[Line, ...]:
    headings = dict(sheet.estimate.sections)
    return tuple(
        Line(
            name=line.name,
            description=line.description,
            quantity_thousandths=line.quantity,
            unit=line.unit,
            unit_price_cents=line.unit_price_cents,
            total_cents=counted.cents,
            optional=line.is_optional,
            chosen=counted.is_counted,
            section=headings.get(line.section_key, ""),
            group=line.group_name,
            photos=_pictures(sheet.photos.get(line.key, ())),
        )
        for line, counted in zip(sheet.estimate.lines, sheet.totals.lines, strict=True)
    )


def _pictures(photos: Sequence[LinePhoto]) -> tuple[bytes, ...]:
    """The small ones: an inch of paper shows no more. One that is lost leaves the rest readable."""
    found = (logo_of(photo.thumbnail_sha256) for photo in photos)
    return tuple(picture for picture in found if picture is not None)
