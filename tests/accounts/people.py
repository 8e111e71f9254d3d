"""Customers who have come further: inside, signed out, back again."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding.accounts.models import Account
from onboarding.database import end_reads, read
from tests.invites.scene import ANYONE, Scene

PASSWORD = "three brown horses"
LATER = timedelta(seconds=31)
PROFILE = {
    "name": "Dana Whitfield",
    "address_line1": "88 Fir Lane",
    "address_line2": "",
    "city": "Portland",
    "state": "OR",
    "postal_code": "97211",
    "preferred_channel": "email",
}


def inside(scene: Scene, password: str = "") -> FlaskClient:
    """Has an account, and the profile before them; the invite's link confirmed their mailbox."""
    client = scene.started()
    if password:
        answer = client.post("/portal/account/password", data={"password": password})
    else:
        answer = client.post("/portal/account")
    assert answer.location == "/portal/next", answer.text
    return client


def accounts() -> list[Account]:
    end_reads()
    return list(read(ANYONE).scalars(select(Account).order_by(Account.id)))


def is_inside(client: FlaskClient) -> bool:
    return client.get("/portal/next").location != "/portal/sign-in" and (
        "sign-in" not in str(client.get("/portal/next").location)
    )
