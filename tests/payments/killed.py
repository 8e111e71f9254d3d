"""A customer's press in a process of its own, which is killed at one call to Stripe.

`python -m tests.payments.killed FOLDER DATABASE STRIPE_URL MOMENT CALL ONBOARDING ACCOUNT`: MOMENT
is `before` the call CALL (what it needs is committed) or `after` it (what it answered is not).
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from onboarding import config, create_app, gateways
from onboarding.accounts.models import Account
from onboarding.config import Settings
from onboarding.database import Everyone, read
from onboarding.payments import sweeping
from onboarding.payments.actions import Wish, start_card_setup
from onboarding.payments.models import CardSetup
from tests.cards import KEY, SECRET
from tests.house import as_customer


class Killed:
    """Everything of a card gateway; the process is gone at one of its calls."""

    def __init__(self, cards: Any, moment: str, call: str) -> None:
        self.cards, self.moment, self.call = cards, moment, call

    def at(self, account: str) -> "Killed":
        return Killed(self.cards.at(account), self.moment, self.call)

    def __getattr__(self, name: str) -> Any:
        if name != self.call:
            return getattr(self.cards, name)

        def dies(*args: Any, **named: Any) -> None:
            if self.moment == "after":
                getattr(self.cards, name)(*args, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        return dies


def main(
    folder: str, url: str, stripe_url: str, moment: str, call: str, job: str, account: str
) -> None:
    settings = Settings(
        mode="test",
        base_url="http://localhost",
        data_dir=Path(folder),
        database_url=url,
        secret_keys=("a key for tests that is long enough",),
        stripe_secret_key=KEY,
        stripe_webhook_secrets=(SECRET,),
        stripe_base_url=stripe_url,
    )
    create_app(settings)
    assert config.current() == settings
    cards = Killed(gateways.current().cards, moment, call)
    gateways.use(replace(gateways.current(), cards=cards))  # type: ignore[arg-type]
    db = read(Everyone("a test acts for somebody"))
    customer = db.get_one(Account, account)
    if call in ("create_customer", "start_setup"):
        by = as_customer(customer)
        start_card_setup(job, customer.contact_id, Wish(wants_auto_pay=True), by)
    elif call == "fetch_setup":
        for setup in db.query(CardSetup):
            sweeping.converge(setup.id)
    else:
        sweeping.tell_stripe()


if __name__ == "__main__":
    main(*sys.argv[1:])
