"""Where the contractor has nothing to press, the record says whose turn it is."""

import pytest

from onboarding.journey.status import Action, Detail, Standing, Status
from onboarding.record.turns import whose_turn
from tests.house import House


@pytest.mark.parametrize(
    ("status", "details", "said"),
    [
        (Status.ACCOUNT_ACTIVE, (), "Waiting on customer"),
        (Status.ESTIMATE_PENDING, (), "Waiting on customer"),
        (Status.ESTIMATE_APPROVED, (), "Proceed to contract"),
        (
            Status.ESTIMATE_APPROVED,
            (Detail.CONTRACT_SIGNED, Detail.CARD_MISSING),
            "Waiting on customer: card",
        ),
        (Status.ONBOARDING_COMPLETE, (), "Portal is active"),
        (Status.ONBOARDING_COMPLETE, (Detail.NEW_ESTIMATE_SENT,), "Waiting on customer"),
    ],
)
def test_whose_turn_it_is(
    house: House, status: Status, details: tuple[Detail, ...], said: str
) -> None:
    with house.app.test_request_context("/crm/pipeline"):
        assert whose_turn(Standing(status, details, None, may_revoke=False)) == said


def test_a_button_says_it_better(house: House) -> None:
    mine = Standing(Status.PENDING_INVITE, (), Action.SEND_INVITE, may_revoke=False)
    with house.app.test_request_context("/crm/pipeline"):
        assert whose_turn(mine) == ""
