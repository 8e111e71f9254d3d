"""Chance comes from one door, and what is kept of a secret opens nothing."""

import re
from collections import Counter

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from onboarding import clock, tokens
from onboarding.clock import UTC, datetime, timedelta

KEY, NEXT = "a key that is long enough for a test", "another key that is long enough too"


def test_ids_are_ulids_in_the_order_of_their_making() -> None:
    ids = []
    for milliseconds in range(50):
        with clock.shifted(timedelta(milliseconds=10 * milliseconds)):
            ids.append(tokens.new_id())
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{26}", id_) for id_ in ids)


def test_ids_made_in_one_moment_differ() -> None:
    with clock.frozen(datetime(2026, 11, 23, tzinfo=UTC)):
        ids = {tokens.new_id() for _ in range(1000)}
        assert len(ids) == 1000
        assert len({id_[:10] for id_ in ids}) == 1


def test_a_secret_carries_256_bits_and_never_repeats() -> None:
    secrets = {tokens.new_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert all(re.fullmatch(r"[\w-]{43}", secret) for secret in secrets)


def test_a_code_is_six_digits_and_may_begin_with_zero() -> None:
    codes = [tokens.new_code() for _ in range(5000)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in codes)
    counted = Counter(code[0] for code in codes)
    assert set(counted) == set("0123456789")
    assert max(counted.values()) < 2 * min(counted.values())


def test_jitter_stays_within_its_seconds() -> None:
    assert all(0 <= tokens.jitter(2.5) < 2.5 for _ in range(1000))


def test_a_kept_secret_is_its_sha256() -> None:
    assert tokens.hash_secret("abc").startswith("ba7816bf8f01cfea414140de5dae2223")


def test_a_code_is_kept_under_the_installations_key_and_its_purpose() -> None:
    kept = tokens.keyed_hash(KEY, "code", "123456")
    assert kept == tokens.keyed_hash(KEY, "code", "123456")
    assert kept != tokens.keyed_hash(NEXT, "code", "123456")
    assert kept != tokens.keyed_hash(KEY, "link", "123456")
    assert kept != tokens.hash_secret("123456")


@given(st.text())
def test_what_is_sealed_is_read_again_and_shows_nothing(text: str) -> None:
    sealed = tokens.seal((KEY,), text)
    assert tokens.unseal((KEY,), sealed) == text
    assert len(text) < 5 or text not in sealed


def test_a_key_may_be_changed_while_old_seals_are_still_read() -> None:
    sealed = tokens.seal((KEY,), "a link")
    assert tokens.unseal((NEXT, KEY), sealed) == "a link"
    with pytest.raises(tokens.UnreadableSeal):
        tokens.unseal((NEXT,), sealed)
    with pytest.raises(tokens.UnreadableSeal):
        tokens.unseal((KEY,), tokens.seal((NEXT, KEY), "a link"))


ELSEWHERE = Fernet(b"0" * 43 + b"=").encrypt_at_time(b"x", 0).decode()


@pytest.mark.parametrize("altered", ["", "x", "gAAAAA", "é"])
def test_what_was_altered_is_not_read(altered: str) -> None:
    with pytest.raises(tokens.UnreadableSeal):
        tokens.unseal((KEY,), altered)


def test_what_another_installation_sealed_is_not_read() -> None:
    with pytest.raises(tokens.UnreadableSeal):
        tokens.unseal((KEY,), ELSEWHERE)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a", "aa"), ("", "a"), ("é", "e")])
def test_near_misses_are_not_the_same(one: str, other: str) -> None:
    assert not tokens.same(one, other)
    assert tokens.same(one, one)
