"""A job, drafted or sent."""

import pytest

from onboarding.estimates import actions
from tests.estimates.job import ROOF, Job
from tests.house import House, as_member


@pytest.fixture
def drafted(house: House) -> Job:
    """A roof with two options, drafted and not sent."""
    company, owner = house.company()
    contact = house.contact(company)
    member = as_member(owner)
    estimate = actions.draft_estimate(contact.id, "Roof replacement", member)
    job = Job(house, company, owner, contact, member, None, estimate)
    job.save(ROOF)
    return job


@pytest.fixture
def sent(drafted: Job) -> Job:
    """The same, sent, and its customer has an account."""
    drafted.send()
    drafted.account()
    return drafted
