"""The demo: an office that looks lived in, whose every row the product wrote itself."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from onboarding import clock, create_app, database, gateways, jobs, migrating
from onboarding.config import Settings
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor
from onboarding.contracts.models import ContractSignature
from onboarding.database import Everyone, read, transaction
from onboarding.estimates.models import Estimate
from onboarding.gateways.email import OutgoingEmail
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.queries import broken_chains
from onboarding.journey.status import Detail, Status
from onboarding.keeping.rederiving import differing_facts
from onboarding.notifications.models import Delivery, DeliveryState
from onboarding.payments.models import PaymentMethod
from onboarding.pipeline.queries import board
from onboarding.sandbox import demo
from onboarding.sandbox.demo_office import CAST, JOBS
from onboarding.sandbox.demo_past import moment, past
from onboarding.sandbox.mailbox import Mailbox
from onboarding.sandbox.stripe_store import Store
from onboarding.support.models import Agent
from tests.house import House

ALL = Everyone("the test looks at the whole demo")
EVERY_HOUR = [datetime(2026, 11, 18, tzinfo=UTC) + timedelta(hours=hour) for hour in range(24)]


def _settings(folder: Path) -> Settings:
    return Settings(
        mode="demo",
        base_url="http://localhost",
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'onboarding.db'}",
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that the command line has loaded."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(_settings(folder))
    migrating.upgrade()
    answer = app.test_cli_runner().invoke(args=["load-demo"])
    assert answer.output == "Loaded.\n", answer.output
    database.engine().dispose()
    return folder


@pytest.fixture
def office(played: Path) -> Iterator[House]:
    settings = _settings(played)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield House(app, settings)
    database.end_reads()
    database.engine().dispose()


def test_loading_it_again_changes_nothing(office):
    before = read(ALL).scalar(select(func.count()).select_from(Event))
    answer = office.app.test_cli_runner().invoke(args=["load-demo"])
    assert answer.output == "The demo is already there.\n"
    assert read(ALL).scalar(select(func.count()).select_from(Event)) == before


def test_some_thirty_contacts_stand_in_every_status_and_detail(office):
    rows = read(ALL).execute(select(Onboarding.status, Onboarding.details)).all()
    assert {status for status, _ in rows} == {status.value for status in Status}
    seen = {detail for _, details in rows for detail in details}
    assert seen == {detail.value for detail in Detail}
    assert read(ALL).scalar(select(func.count()).select_from(Contact)) in range(30, 40)


def test_no_message_waits_and_the_mailbox_has_them_with_their_own_dates(office):
    waiting = select(Delivery.id).where(
        Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING])
    )
    assert not read(ALL).scalars(waiting).all()
    letters = Mailbox(office.settings).latest("email", most=500)
    days = {clock.now().date() - arrival.at.date() for arrival in letters}
    assert len(days) > 10
    assert max(days) > timedelta(days=14)
    assert list(letters) == sorted(letters, key=lambda arrival: arrival.at, reverse=True)


def test_every_chain_is_whole_and_every_fact_is_borne_out(office):
    assert not broken_chains(read(ALL))
    assert not differing_facts(read(ALL))


def test_every_signed_contract_is_sealed(office):
    signatures = read(ALL).scalars(select(ContractSignature)).all()
    assert len(signatures) >= 8
    for signed in signatures:
        pdf = gateways.current().documents.get(str(signed.sealed_sha256))
        assert gateways.current().sealer.verify(pdf).found == "authentic"


def test_every_card_stands_in_the_card_sandbox(office):
    store = Store(office.settings.data_dir / "card-sandbox.db")
    for card in read(ALL).scalars(select(PaymentMethod)):
        with store.transaction() as shelf:
            kept = shelf.find("payment_method", card.stripe_id)
        assert kept is not None
        assert (kept["customer"] is None) == (card.removed_at is not None)


def test_the_three_jobs_are_set_out_as_the_trade_would():
    for name in ("roof", "heat-pump", "bathroom"):
        assert len(JOBS[name]["lines"]) >= 14
        marks = [line[5] for line in JOBS[name]["lines"]]
        assert any("optional" in mark for mark in marks)
        assert any("untaxed" in mark for mark in marks)
        assert JOBS[name]["scope"].count("## ") >= 3


def test_estimates_are_numbered_and_one_was_revised(office):
    versions = read(ALL).scalars(select(Estimate.version).where(Estimate.sent_at.is_not(None)))
    assert sorted(set(versions)) == [1, 2]


def test_the_pipeline_moves_when_one_plays_the_customer(office):
    member = office.client()
    signed_in = {"email": demo.OWNER[1], "password": demo.PASSWORD}
    assert member.post("/crm/sign-in", data=signed_in).status_code == 303
    drafted = read(ALL).scalars(
        select(Onboarding).join(Contact, Contact.id == Onboarding.contact_id)
        .where(Contact.name == "Marcus Bell")
    ).one()  # fmt: skip
    before = board(read(drafted.contractor_id)).revision
    assert member.get(f"/crm/pipeline/poll?revision={before}").status_code == 204
    sent = member.post(f"/crm/onboardings/{drafted.id}/invite", data={"channels": "email"})
    assert sent.status_code == 303, sent.text
    jobs.run_pending()
    (letter, *_) = Mailbox(office.settings).latest("email")
    body = letter.mail.get_body(("plain",)).get_content()
    link = next(word for word in body.split() if "/i/" in word)
    customer = office.client()
    shown = customer.get(link.removeprefix("http://localhost"))
    (press,) = re.findall(r'<form[^>]* action="(/i/[^"]+)"', shown.text)
    assert customer.post(press).status_code == 303
    news = member.get(f"/crm/pipeline/poll?revision={before}")
    assert news.status_code == 200
    assert "Marcus Bell" in news.text


def test_the_welcome_says_where_to_go_and_how_to_sign_in(office):
    words = demo.welcome(office.settings)
    for needed in ("/crm", "/sandbox/mailbox", "/support", demo.OWNER[1], demo.PASSWORD):
        assert needed in words


def test_every_person_can_sign_in(office):
    for address, name in (("/crm/sign-in", demo.OWNER), ("/crm/sign-in", demo.STAFF)):
        typed = {"email": name[1], "password": demo.PASSWORD}
        assert office.client().post(address, data=typed).status_code == 303
    typed = {"email": demo.SUPPORT[1], "password": demo.PASSWORD}
    assert office.client().post("/support/sign-in", data=typed).status_code == 303


def test_a_demo_that_was_cut_short_says_so(house):
    house.company(demo.COMPANY)
    answer = house.app.test_cli_runner().invoke(args=["load-demo"])
    assert answer.exit_code == 1
    assert f"Remove {house.settings.data_dir} and start again." in answer.output
    with transaction(ALL) as db:
        db.add(Agent(name="Sam", email=demo.SUPPORT[1], password_hash=""))
    assert demo.load() is False


def test_the_past_never_reaches_a_real_mailbox(settings):
    real = replace(settings, smtp_url="smtp://127.0.0.1:1")
    create_app(real)
    letter = OutgoingEmail("dana@example.com", "Ridge", None, "Hello", "Hello", "", "<1@localhost>")
    with past(real):
        gateways.current().email.send(letter, clock.monotonic() + 5)
    assert Mailbox(real).newest_number() == 1
    database.engine().dispose()


@pytest.mark.parametrize("told", CAST, ids=lambda told: told["name"])
def test_a_story_holds_at_any_hour_of_the_day(told):
    for now in EVERY_HOUR:
        moments = [moment(written, now, demo.ZONE) for written, *_ in told["story"]]
        assert moments == sorted(moments)
        assert moments[-1] < now
        sent = None
        for at, (_, verb, *_words) in zip(moments, told["story"], strict=True):
            assert verb != "open" or at - sent < timedelta(hours=72)
            sent = at if verb == "send" else sent


def test_the_company_is_the_only_one(office):
    assert [company.slug for company in read(ALL).scalars(select(Contractor))] == [demo.SLUG]
