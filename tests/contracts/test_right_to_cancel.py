"""The right to cancel: days counted, words in the PDF, cancelling in time and too late."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from onboarding import clock, jobs
from onboarding.contracts import business_days, cancelling
from onboarding.contracts.frozen import read
from onboarding.contracts.papers import contract_paper
from onboarding.database import Everyone, transaction
from onboarding.journey.actions import Refused
from onboarding.journey.permissions import Refusal
from onboarding.journey.status import Detail, Step, next_step, status_of
from tests.deal import Deal, deal
from tests.documents import renderer, text_of
from tests.house import House

WORKER = Everyone("a test tries what nobody may")


def test_business_days_agree_with_an_independent_calendar_over_ten_years():
    day, calendar = date(2022, 1, 1), holidays.country_holidays("US", years=range(2021, 2034))
    while day.year < 2033:
        expected = day.weekday() != 6 and day not in calendar
        assert business_days.is_business_day(day) == expected, day
        day += timedelta(days=1)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/New_York", "America/Phoenix"])
def test_nobody_has_less_than_three_whole_days(zone: str):
    for hours in range(0, 24 * 366, 7):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        ends = business_days.end_of(business_days.last_day(at, zone, 3), zone)
        assert ends - at >= timedelta(hours=72)


def test_the_pdf_has_the_statement_and_two_completed_notices(approved: Deal, tmp_path: Path):
    contract = approved.contract
    agreement = read(contract.frozen)
    for language, caption in (("en", "NOTICE OF CANCELLATION"), ("es", "AVISO DE CANCELACIÓN")):
        own = replace(agreement, language=language)
        pdf = renderer().contract(contract_paper(own, "0" * 64, date(2026, 11, 23)))
        said = text_of(pdf, tmp_path)
        assert said.count(caption) == 2
        assert "1420 Alder St" in said
        dates = {"en": "November 27, 2026", "es": "27 de noviembre de 2026"}
        assert said.count(dates[language]) == 2


def test_what_was_frozen_before_has_no_such_right_and_keeps_its_bytes(approved: Deal):
    old = approved.contract.frozen.replace(b'"format":2', b'"format":1')
    start = old.index(b'"cancel_right":')
    end = old.index(b'"company":')
    assert read(old[:start] + old[end:]).cancel_right is None


def test_cancelling_in_time_is_recorded_once_and_told(approved: Deal):
    signed = approved.signed()
    with clock.frozen(signed.cancel_until - timedelta(seconds=1)):
        for _ in range(2):
            cancelling.cancel_contract(signed.contract_id, approved.contact.id, approved.customer)
    assert approved.events().count("contract.cancelled") == 1
    assert Detail.CANCELLED in status_of(approved.onboarding.facts).details
    assert next_step(approved.onboarding.facts) is Step.NOTHING


def test_at_midnight_the_time_is_over(approved: Deal):
    signed = approved.signed()
    with clock.frozen(signed.cancel_until), pytest.raises(Refused) as refused:
        cancelling.cancel_contract(signed.contract_id, approved.contact.id, approved.customer)
    assert refused.value.refusal is Refusal.CANCEL_OVER


def test_a_notice_on_paper_sent_on_the_last_day_counts(approved: Deal):
    signed = approved.signed()
    last = business_days.last_day(signed.at, "America/Los_Angeles", 3)
    with clock.frozen(signed.cancel_until + timedelta(days=2)):
        with pytest.raises(cancelling.NoticeTooLate):
            cancelling.record_cancellation(
                signed.contract_id, last + timedelta(days=1), approved.member
            )
        made = cancelling.record_cancellation(signed.contract_id, last, approved.member)
    assert made.way == "paper"


def test_a_cancellation_is_never_changed_nor_deleted_by_anybody(everywhere: House):
    # The queue would keep a connection for each thread that wakes it.
    jobs.close()
    cancelled = deal(everywhere)
    signed = cancelled.signed()
    cancelling.cancel_contract(signed.contract_id, cancelled.contact.id, cancelled.customer)
    for change in ("update cancellations set way = 'paper'", "delete from cancellations"):
        with pytest.raises(DBAPIError, match="never changed"), transaction(WORKER) as db:
            db.execute(text(change))
