"""A job in a test of the spine: one onboarding with an event or more."""

from collections.abc import Sequence

from onboarding.contractors.models import Contractor, Member
from onboarding.database import end_reads, read, transaction
from onboarding.journey import actions
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.queries import events_of
from tests.house import House, as_member


def a_job(house: House) -> tuple[Contractor, Member, Onboarding]:
    company, member = house.company()
    contact = house.contact(company)
    with transaction(company.id) as db:
        job = actions.begin(
            db,
            Onboarding(
                contractor_id=company.id,
                contact_id=contact.id,
                title="Roof replacement",
                site_time_zone=company.time_zone,
                currency="USD",
                member_id=member.id,
            ),
            as_member(member),
        )
    return company, member, job


def say(member: Member, job: Onboarding, *kinds: EventKind, **facts: object) -> None:
    """Records events, each in an act of its own."""
    for kind in kinds:
        with transaction(job.contractor_id) as db:
            locked = actions.lock(db, job.id)
            actions.record(db, locked, kind, as_member(member), {"note": kind.value}, **facts)


def fresh(job: Onboarding) -> Onboarding:
    """As it is now, whoever changed it."""
    end_reads()
    return read(job.contractor_id).get_one(Onboarding, job.id)


def trail(job: Onboarding) -> Sequence[Event]:
    end_reads()
    return events_of(read(job.contractor_id), job.id)
