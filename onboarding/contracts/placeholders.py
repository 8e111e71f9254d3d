"""What a contract's text may leave open. The list is closed."""

from collections.abc import Mapping

from onboarding import braces
from onboarding.braces import Complaint

# name -> what stands there, as the contractor's list of placeholders shows it
PLACEHOLDERS: dict[str, str] = {
    "customer_name": "The customer’s name",
    "customer_address": "The customer’s own address",
    "job_title": "What the job is called",
    "job_site": "Where the work is done",
    "total": "The total that was approved, with tax",
    "estimate_version": "The number of the approved estimate",
    "company_name": "Your company’s name",
    "company_phone": "Your company’s phone",
    "company_address": "Your company’s postal address",
    "license_number": "Your license number",
    "today": "The day of the approval, at the job site",
}


def merge(text: str, values: Mapping[str, str]) -> str:
    """`text` with each known placeholder replaced by its value, in one pass; all else as it is."""
    return braces.merge(
        text, {name: value for name, value in values.items() if name in PLACEHOLDERS}
    )


def complaints(text: str) -> list[Complaint]:
    """Each placeholder that would stay open, once, in the order of the text."""
    return braces.complaints(text, PLACEHOLDERS)
