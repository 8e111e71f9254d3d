"""The contractor as every message names and speaks for it."""

from onboarding import config
from onboarding.contractors.logo import in_mail
from onboarding.contractors.models import Contractor
from onboarding.notifications.wording import Company


def letterhead(contractor: Contractor) -> Company:
    return Company(
        name=contractor.name,
        phone=contractor.phone,
        license_number=contractor.license_number,
        reply_to=contractor.reply_to,
        color=contractor.color,
        slug=contractor.slug,
        postal_address=contractor.postal_address,
        logo=in_mail(contractor, config.current().base_url),
        own_words=contractor.own_words or {},
    )
