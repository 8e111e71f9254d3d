"""Support agents in a test, and the visits they make."""

import re

from flask.testing import FlaskClient

from onboarding import clock, jobs
from onboarding.accounts.models import Account
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, transaction
from onboarding.journey import actions as journey
from onboarding.journey.models import Onboarding
from onboarding.sandbox.mailbox import Mailbox
from onboarding.support.actions import add_agent
from onboarding.support.models import Agent
from tests.house import PASSWORD, House, as_member

ALL = Everyone("a test looks at everything")


def an_agent(name: str = "Noor Haddad") -> Agent:
    return add_agent(name, f"{name.split()[0].lower()}@support.test", PASSWORD)


def signed_in(house: House, agent: Agent) -> FlaskClient:
    client = house.client()
    answer = client.post("/support/sign-in", data={"email": agent.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def a_job(company: Contractor, member: Member, contact: Contact) -> Onboarding:
    with transaction(company.id) as db:
        return journey.begin(
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


def an_account(company: Contractor, contact: Contact, **fields: object) -> Account:
    """A customer who has set up an account and saved a profile."""
    with transaction(company.id) as db:
        now = clock.now()
        given = {"email": contact.email, "phone": contact.mobile, "email_confirmed_at": now}
        account = Account(
            contractor_id=company.id,
            contact_id=contact.id,
            name=contact.name,
            profile_saved_at=now,
            **(given | fields),
        )
        db.add(account)
        return account


def ask(client: FlaskClient, kind: str, id_: str, reason: str = "She cannot find her PDF") -> str:
    """Asks for a visit and gives back the path of the mailed link."""
    answer = client.post(f"/support/people/{kind}/{id_}", data={"reason": reason})
    assert answer.status_code == 303, answer.text
    return mailed_link(client)


def mailed_link(client: FlaskClient) -> str:
    jobs.run_pending()
    newest = Mailbox(client.application.config["SETTINGS"]).latest("email")[0]
    mail = newest.mail.get_body(("plain",))
    assert mail is not None
    found = re.search(r"http://localhost(/support/visit/[\w-]{43})", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


def visiting(house: House, agent: Agent, kind: str, id_: str) -> FlaskClient:
    """A browser in which the agent looks through this person's eyes."""
    client = signed_in(house, agent)
    answer = client.post(ask(client, kind, id_))
    assert answer.status_code == 303, answer.text
    return client
