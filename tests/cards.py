"""A card sandbox served over real HTTP, and people who use its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from onboarding.gateways.cards import SetupPage
from onboarding.gateways.stripe_cards import StripeAccount, StripeCards
from onboarding.sandbox.stripe_app import Served, serve
from onboarding.sandbox.stripe_faults import Faults
from onboarding.sandbox.stripe_sandbox import CardSandbox

KEY = "sk_test_sandbox_for_tests"
SECRET = "whsec_for_tests"
GOOD_CARD = "4242 4242 4242 4242"


@dataclass(frozen=True)
class CardWorld:
    served: Served
    cards: StripeCards

    @property
    def faults(self) -> Faults:
        return self.served.sandbox.faults

    def customer(self, key: str = "customer-1") -> str:
        return self.cards.create_customer(
            idempotency_key=key,
            contractor_id="contractor-1",
            contact_id="contact-1",
            name="Ana Ruiz",
            email="ana@example.test",
        )

    def setup(self, customer: str, key: str = "setup-1") -> SetupPage:
        return self.cards.start_setup(
            idempotency_key=key,
            customer=customer,
            success_url="http://portal.test/portal/card/return?session={CHECKOUT_SESSION_ID}",
            cancel_url="http://portal.test/portal/card",
            metadata={"contractor_id": "contractor-1", "contract_id": "contract-1"},
            reference="contract-1",
        )

    def press(self, page: SetupPage, test_card: str) -> requests.Response:
        """Presses the button of a test card, and stays where that leads without following."""
        return requests.post(
            page.url, data={"test_card": test_card}, allow_redirects=False, timeout=10
        )

    def type_card(
        self, page: SetupPage, number: str, expiry: str = "12/40", cvc: str = "123"
    ) -> requests.Response:
        typed = {"number": number, "expiry": expiry, "cvc": cvc, "postal_code": "10001"}
        return requests.post(page.url, data=typed, allow_redirects=False, timeout=10)

    def answer_bank(self, page: SetupPage, answer: str) -> requests.Response:
        return requests.post(
            f"{page.url}/authentication",
            data={"answer": answer},
            allow_redirects=False,
            timeout=10,
        )

    def ask(self, method: str, address: str, **more: object) -> requests.Response:
        """A bare request to the API, without the SDK."""
        more.setdefault("headers", {"Authorization": f"Bearer {KEY}"})
        url = f"{self.served.api_url}/v1/{address}"
        return requests.request(method, url, timeout=10, **more)  # type: ignore[arg-type]


@contextmanager
def card_world(
    folder: Path,
    *,
    webhook_url: str = "",
    timeout: tuple[float, float] = (4.0, 8.0),
    retries: int = 0,
    mode: str = "test",
) -> Iterator[CardWorld]:
    sandbox = CardSandbox(
        path=folder / "card-sandbox.db",
        mode=mode,
        secret_key=KEY,
        webhook_secret=SECRET,
        webhook_url=webhook_url,
    )
    served = serve(sandbox)
    account = StripeAccount(KEY, (SECRET,), served.api_url)
    try:
        yield CardWorld(served, StripeCards(account, timeout=timeout, retries=retries))
    finally:
        served.stop()
