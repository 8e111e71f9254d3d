"""The hosted page, as somebody with a phone and scripting off meets it."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from onboarding.sandbox.stripe_testcards import CARDS, TestCard, brand_of, is_card_number
from tests.cards import GOOD_CARD, CardWorld, card_world
from tests.html.structure import page_problems


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CardWorld]:
    with card_world(tmp_path) as made:
        yield made


def test_a_card_is_typed_and_saved(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    answer = world.type_card(page, GOOD_CARD, "8 / 41")
    assert answer.status_code == 303
    (card,) = world.cards.list_cards(customer)
    assert (card.brand, card.last4, card.exp_month, card.exp_year) == ("visa", "4242", 8, 2041)


@pytest.mark.parametrize(
    ("number", "expiry", "cvc", "sentence"),
    [
        ("", "12/40", "123", "Enter a card number."),
        ("4242 4242 4242 4241", "12/40", "123", "one of its digits does not fit"),
        ("4242", "12/40", "123", "one of its digits does not fit"),
        (GOOD_CARD, "", "123", "Enter the month and the year"),
        (GOOD_CARD, "13/40", "123", "Enter the month and the year"),
        (GOOD_CARD, "12/99", "123", "Enter the month and the year"),
        (GOOD_CARD, "01/20", "123", "is in the past"),
        (GOOD_CARD, "12/40", "12", "Enter the 3 digits"),
        ("378282246310005", "12/40", "123", "Enter the 4 digits"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    world: CardWorld, number: str, expiry: str, cvc: str, sentence: str
) -> None:
    page = world.setup(world.customer())
    answer = world.type_card(page, number, expiry, cvc)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert page_problems(answer.text) == []
    assert 'value="10001"' in answer.text
    assert world.cards.fetch_setup(page.session_id).failure is None


@pytest.mark.parametrize(
    "card",
    [card for card in CARDS if card.decline and not card.needs_authentication],
    ids=lambda card: card.name,
)
def test_a_test_card_is_declined_in_stripes_words(world: CardWorld, card: TestCard) -> None:
    page = world.setup(world.customer())
    answer = world.type_card(page, card.number)
    assert answer.status_code == 422
    assert card.decline.message in answer.text
    failure = world.cards.fetch_setup(page.session_id).failure
    assert failure is not None
    assert failure.code == card.decline.code
    assert world.cards.list_cards(world.customer()) == []


def test_a_real_card_is_declined(world: CardWorld) -> None:
    page = world.setup(world.customer())
    answer = world.type_card(page, "4539 1488 0343 6467")
    assert answer.status_code == 422
    assert "never a real one" in answer.text


def test_the_number_is_nowhere_afterwards(
    world: CardWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    page = world.setup(world.customer())
    answers = [
        world.type_card(page, "4000 0000 0000 0002"),
        world.type_card(page, "4242 4242 4242 4241"),
        world.type_card(page, "4000-0027-6000-3184"),
        world.answer_bank(page, "complete"),
    ]
    world.press(world.setup(world.customer(), "second"), "visa")
    seen = "".join(answer.text for answer in answers) + "".join(capfd.readouterr())
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode(errors="replace")
    for text in (seen, kept):
        digits = re.findall(r"(?:\d[ -]?){13,19}", text)
        assert [run for run in digits if is_card_number(re.sub(r"\D", "", run))] == []


def test_pressing_twice_saves_one_card(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _: world.press(page, "visa"), range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(world.cards.list_cards(customer)) == 1


def test_coming_back_to_a_page_shows_where_it_stands(world: CardWorld) -> None:
    page = world.setup(world.customer())
    first = requests.get(page.url, timeout=10)
    assert (first.status_code, page_problems(first.text)) == (200, [])
    assert "Sandbox: no real card." in first.text
    assert 'href="http://portal.test/portal/card"' in first.text
    world.press(page, "authenticate")
    again = requests.get(page.url, timeout=10)
    assert "Go on with your bank" in again.text
    assert page_problems(again.text) == []
    bank = requests.get(f"{page.url}/authentication", timeout=10)
    assert "Use another card" in bank.text
    assert page_problems(bank.text) == []
    world.answer_bank(page, "complete")
    done = requests.get(page.url, timeout=10, allow_redirects=False)
    assert done.headers["Location"].startswith("http://portal.test/portal/card/return")
    late = world.answer_bank(page, "fail")
    assert late.headers["Location"] == done.headers["Location"]
    assert world.cards.fetch_setup(page.session_id).has_succeeded


def test_somebody_who_waits_for_the_bank_may_use_another_card(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    world.press(page, "authenticate")
    world.press(page, "visa")
    assert [card.last4 for card in world.cards.list_cards(customer)] == ["4242"]


def test_a_bank_may_confirm_and_still_decline(world: CardWorld) -> None:
    page = world.setup(world.customer())
    world.press(page, "authentication_declined")
    assert world.answer_bank(page, "complete").status_code == 422
    assert world.cards.fetch_setup(page.session_id).setup_status == "requires_payment_method"


def test_cards_that_were_turned_down_are_counted(world: CardWorld) -> None:
    page = world.setup(world.customer())
    assert world.cards.fetch_setup(page.session_id).declines == 0
    for _ in range(3):
        world.press(page, "declined")
    assert world.cards.fetch_setup(page.session_id).declines == 3


def test_the_name_on_the_card_is_kept_with_it(world: CardWorld) -> None:
    page = world.setup(world.customer())
    typed = {"test_card": "visa", "name": "Ana M. Ruiz"}
    requests.post(page.url, data=typed, allow_redirects=False, timeout=10)
    card = world.cards.fetch_setup(page.session_id).payment_method
    assert card is not None
    assert card.holder_name == "Ana M. Ruiz"


def test_a_closed_or_unknown_page_says_so(world: CardWorld) -> None:
    page = world.setup(world.customer())
    world.cards.expire_setup(page.session_id)
    closed = requests.get(page.url, timeout=10)
    assert (closed.status_code, page_problems(closed.text)) == (410, [])
    assert "This page is closed" in closed.text
    unknown = requests.get(f"{world.served.url}/sandbox/checkout/cs_test_none", timeout=10)
    assert (unknown.status_code, page_problems(unknown.text)) == (404, [])


def test_pages_carry_no_script_and_no_inline_style(world: CardWorld) -> None:
    page = requests.get(world.setup(world.customer()).url, timeout=10)
    assert "<script" not in page.text
    assert " style=" not in page.text
    sheet = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
    assert [requests.get(world.served.url + one, timeout=10).status_code for one in sheet] == [200]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_every_test_card_is_a_card() -> None:
    assert all(is_card_number(card.number) for card in CARDS)
    brands = {"visa", "mastercard", "amex", "discover", "diners", "jcb", "unionpay"}
    assert {brand_of(card.number) for card in CARDS} == brands
    assert (brand_of("3530111333300000"), brand_of("30569309025904")) == ("jcb", "diners")
    assert brand_of("9") == "unknown"
