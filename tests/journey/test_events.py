"""The audit trail proves itself: whatever is done to it, the first event that broke is named."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import inspect

from onboarding.database import Everyone, engine, read
from onboarding.journey.events import EventKind, first_broken, hash_of
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.queries import broken_chains
from tests.house import House
from tests.journey.jobs import a_job, fresh, say, trail

KINDS = (
    EventKind.INVITE_SENT,
    EventKind.INVITE_OPENED,
    EventKind.ACCOUNT_CREATED,
    EventKind.ESTIMATE_OPENED,
)


@pytest.fixture
def job(house: House) -> Onboarding:
    _, member, job = a_job(house)
    say(member, job, *KINDS)
    return job


def copies(job: Onboarding) -> list[Event]:
    """The trail's events, free to be tampered with."""
    columns = inspect(Event).columns.keys()
    return [Event(**{name: getattr(event, name) for name in columns}) for event in trail(job)]


def forged(event: Event) -> Event:
    """What somebody with the code would do: change it and hash it again."""
    event.hash = hash_of(event)
    return event


def test_an_untouched_trail_is_whole(job: Onboarding) -> None:
    events = trail(job)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert first_broken(events, fresh(job).event_head) is None
    assert fresh(job).event_count == 5


def test_an_onboarding_without_events_has_an_empty_head() -> None:
    assert first_broken([], "") is None
    assert first_broken([], "somehash") == 1


def test_each_event_carries_the_hash_of_the_one_before(job: Onboarding) -> None:
    events = trail(job)
    assert events[0].previous_hash == ""
    for before, after in pairwise(events):
        assert after.previous_hash == before.hash


EDITS: dict[str, Callable[[Event], Any]] = {
    "kind": lambda event: EventKind.CONTRACT_SIGNED.value,
    "at": lambda event: event.at + timedelta(microseconds=1),
    "actor_kind": lambda event: "customer",
    "actor_id": lambda event: "somebody",
    "actor_name": lambda event: "Somebody Else",
    "visited_as": lambda event: "member",
    "ip": lambda event: "203.0.113.9",
    "user_agent": lambda event: "Another browser",
    "data": lambda event: {"note": "nothing happened"},
    "onboarding_id": lambda event: "0" * 26,
    "seq": lambda event: event.seq + 1,
    "previous_hash": lambda event: "0" * 64,
    "hash": lambda event: "0" * 64,
}


@pytest.mark.parametrize("field", EDITS)
def test_an_edit_of_any_field_is_named(job: Onboarding, field: str) -> None:
    events = copies(job)
    setattr(events[2], field, EDITS[field](events[2]))
    assert first_broken(events, fresh(job).event_head) == 3


def test_every_column_that_says_something_is_covered_by_the_hash() -> None:
    kept_apart = {"id", "contractor_id"}
    assert set(inspect(Event).columns.keys()) - kept_apart == set(EDITS)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_edit_that_is_hashed_again_is_named_by_the_next(job: Onboarding, number: int) -> None:
    events = copies(job)
    events[number - 1].data = {"note": "forged"}
    forged(events[number - 1])
    assert first_broken(events, fresh(job).event_head) == number + 1


def test_the_last_event_hashed_again_is_named_by_the_head(job: Onboarding) -> None:
    events = copies(job)
    events[4].data = {"note": "forged"}
    forged(events[4])
    assert first_broken(events, fresh(job).event_head) == 6


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_deleted_event_is_named(job: Onboarding, number: int) -> None:
    events = copies(job)
    del events[number - 1]
    assert first_broken(events, fresh(job).event_head) == number


def test_two_events_in_another_order_are_named(job: Onboarding) -> None:
    events = copies(job)
    events[1], events[2] = events[2], events[1]
    assert first_broken(events, fresh(job).event_head) == 2


def test_an_event_slipped_in_between_is_named(job: Onboarding) -> None:
    events = copies(job)
    slipped = copies(job)[1]
    slipped.seq, slipped.previous_hash = 3, events[1].hash
    events.insert(2, forged(slipped))
    assert first_broken(events, fresh(job).event_head) == 4


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_a_tail_cut_off_is_named_by_the_first_that_is_missing(job: Onboarding, kept: int) -> None:
    assert first_broken(copies(job)[:kept], fresh(job).event_head) == kept + 1


def test_an_event_added_at_the_end_without_the_head_is_named(job: Onboarding) -> None:
    events = copies(job)
    added = copies(job)[4]
    added.seq, added.previous_hash = 6, events[4].hash
    assert first_broken([*events, forged(added)], fresh(job).event_head) == 7


def test_a_trail_moved_to_another_onboarding_is_named(house: House, job: Onboarding) -> None:
    events: Sequence[Event] = copies(job)
    for event in events:
        event.onboarding_id = "0" * 26
    assert first_broken(events, fresh(job).event_head) == 1


def test_unusual_words_survive_the_database_and_keep_their_hash(house: House) -> None:
    _, member, job = a_job(house)
    member.name = "Señora Иванова 山田 🏠 \u202e\u0301"
    say(member, job, EventKind.MESSAGE_SENT)
    assert trail(job)[-1].actor_name == member.name
    assert first_broken(trail(job), fresh(job).event_head) is None


def test_the_audit_names_the_broken_chain_in_the_database(house: House, job: Onboarding) -> None:
    with engine().begin() as connection:
        for (name,) in connection.exec_driver_sql(
            "select name from sqlite_master where type = 'trigger'"
        ).all():
            connection.exec_driver_sql(f'drop trigger "{name}"')
        connection.exec_driver_sql("update events set actor_name = 'Nobody' where seq = 4")
    assert broken_chains(read(Everyone("an audit covers every contractor"))) == [(job.id, 4)]


@pytest.mark.parametrize("kind", EventKind)
def test_a_kind_is_a_room_and_what_happened(kind: EventKind) -> None:
    room, _, what = kind.value.partition(".")
    assert room.isalpha()
    assert what.replace("_", "").isalpha()
    assert len(kind.value) <= 40
