"""How a delivery moves on: never back, whatever is reported, in whatever order, however often."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding import clock
from onboarding.notifications import states
from onboarding.notifications.models import DeliveryState

REPORTED = st.sampled_from(
    [DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.BOUNCED]
)


@given(st.sampled_from(DeliveryState), st.lists(REPORTED, max_size=8))
def test_no_report_moves_a_delivery_back(
    start: DeliveryState, reports: list[DeliveryState]
) -> None:
    order = list(DeliveryState)
    now = start
    for report in reports:
        after = states.further(now, report)
        assert order.index(after) >= order.index(now)
        assert states.further(after, report) == after
        now = after


@given(
    st.lists(REPORTED, min_size=1, max_size=6).flatmap(
        lambda r: st.tuples(st.just(r), st.permutations(r))
    )
)
def test_every_order_of_reports_ends_alike(
    orders: tuple[list[DeliveryState], list[DeliveryState]],
) -> None:
    ends = set()
    for order in orders:
        now = DeliveryState.SENDING
        for report in order:
            now = states.further(now, report)
        ends.add(now)
    assert len(ends) == 1


def test_an_arrival_outweighs_our_giving_up_and_a_return_outweighs_both() -> None:
    assert states.further("failed", DeliveryState.DELIVERED) == DeliveryState.DELIVERED
    assert states.further("delivered", DeliveryState.FAILED) == DeliveryState.DELIVERED
    assert states.further("delivered", DeliveryState.BOUNCED) == DeliveryState.BOUNCED


@given(st.integers(1, states.MOST_TRIES), st.sampled_from([0.0, 7.0, 90.0]))
def test_each_wait_is_longer_and_left_to_chance_within_bounds(
    attempts: int, at_least: float
) -> None:
    now = clock.now()
    wait = states.next_try(now, attempts, at_least) - now
    shortest = max(at_least, min(5 * 3 ** (attempts - 1), 3600))
    assert timedelta(seconds=shortest) <= wait <= timedelta(seconds=shortest * 1.5)
