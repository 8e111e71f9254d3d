"""What the contractor can point to: which card, since when and under which words auto-pay is on."""

import pytest
from sqlalchemy import select

from onboarding.contracts import sealing
from onboarding.notifications.models import Delivery
from onboarding.notifications.payload import unsealed
from onboarding.payments.models import Mandate
from tests.deal import Deal, now
from tests.payments.till import add_card, cards


@pytest.fixture
def sealed(signed: Deal) -> Deal:
    sealing.seal_due()
    return signed


def letters(deal: Deal, purpose: str) -> list[str]:
    found = now(deal.company.id).scalars(select(Delivery).where(Delivery.purpose == purpose))
    return [" ".join(unsealed(str(one.payload)).text.split()) for one in found]


def words(deal: Deal) -> list[str]:
    agreed = now(deal.company.id).scalars(select(Mandate).order_by(Mandate.id.desc())).first()
    assert agreed is not None
    return [part.partition("] ")[2] for part in agreed.text.split("\n\n")]


@pytest.mark.parametrize("party", ["customer", "contractor"])
def test_the_confirmation_names_the_card_and_quotes_the_mandate(sealed: Deal, party: str):
    add_card(sealed, sealed.browser(), auto_pay="y")
    found = letters(sealed, f"onboarding_completed_{party}")
    assert found
    (card,) = cards(sealed)
    for text in found:
        assert f"Visa ···· 4242, expires {card.exp_month:02d}/{card.exp_year % 100}" in text
        assert "Auto-pay is on since" in text
        assert all(said in text.replace("> ", "") for said in words(sealed))


def test_without_auto_pay_the_contractor_is_told_that_it_is_off(sealed: Deal):
    add_card(sealed, sealed.browser())
    (text,) = set(letters(sealed, "onboarding_completed_contractor"))
    assert "Visa ···· 4242" in text
    assert "Auto-pay is off." in text


def test_auto_pay_switched_on_later_mails_its_words(sealed: Deal):
    add_card(sealed, sealed.browser())
    (card,) = cards(sealed)
    for _ in range(2):
        sealed.browser().post(f"/portal/payment-methods/{card.id}/auto-pay")
    (text,) = letters(sealed, "auto_pay_on")
    assert all(said in text.replace("> ", "") for said in words(sealed))


def test_the_record_shows_since_when_and_under_which_words(sealed: Deal):
    add_card(sealed, sealed.browser(), auto_pay="y")
    page = sealed.members_browser().get(f"/crm/contacts/{sealed.contact.id}").text
    assert "Auto-pay since" in page
    assert "version 2026-11" in page
    assert all(said.replace("'", "&#39;") in page for said in words(sealed))
