"""A time-stamp authority vouches for a sealed copy; one that fails delays its stamp and no more."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms

from onboarding import clock, create_app, doctor, gateways
from onboarding.contracts import sealing, stamping
from onboarding.contracts.models import ContractSignature
from onboarding.gateways.documents_stamp import Rfc3161Stamper
from tests import authority as answers
from tests.authority import Answer, Authority
from tests.contracts.test_seal import add_card, deliveries
from tests.deal import Deal, deal
from tests.house import House


@pytest.fixture
def authority() -> Iterator[Authority]:
    with Authority().running() as running:
        yield running


@pytest.fixture
def sealed(approved: Deal, authority: Authority) -> Deal:
    """Signed and sealed, in an installation that has the authority configured."""
    stamper = Rfc3161Stamper(authority.url, patience=0.3)
    gateways.use(replace(gateways.current(), stamper=stamper))
    approved.signed()
    assert sealing.seal_due() == 1
    return approved


def signature(deal: Deal) -> ContractSignature:
    signed = deal.signature
    assert signed is not None
    return signed


def pdf(deal: Deal) -> bytes:
    return gateways.current().documents.get(str(signature(deal).sealed_sha256))


def told(deal: Deal, folder: Path) -> tuple[str, str]:
    """What page and command say of the sealed copy."""
    sent = {"document": (BytesIO(pdf(deal)), "contract.pdf")}
    page = deal.house.client().post("/verify", data=sent, content_type="multipart/form-data")
    (folder / "a.pdf").write_bytes(pdf(deal))
    said = deal.house.app.test_cli_runner().invoke(args=["verify", str(folder / "a.pdf")])
    assert said.exit_code == 0
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split()), said.output


def test_a_sealed_copy_is_stamped_once_and_keeps_its_bytes(sealed: Deal, authority: Authority):
    before = pdf(sealed)
    assert stamping.stamp_due() == 1
    assert stamping.stamp_due() == 0
    assert pdf(sealed) == before
    signed = signature(sealed)
    assert signed.stamped_at is not None
    assert abs(signed.stamped_at - clock.now()) < timedelta(minutes=1)
    assert sealed.events().count("contract.stamped") == 1
    assert authority.signed_in == [answers.SIGN_IN]
    token = cms.ContentInfo.load(signed.stamp)
    info = token["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native.hex() == signed.sealed_sha256


def test_page_and_command_say_since_when_it_is_stamped(sealed: Deal, tmp_path: Path):
    page, command = told(sealed, tmp_path)
    assert "vouches" not in page + command
    stamping.stamp_due()
    since = signature(sealed).stamped_at
    assert since is not None
    page, command = told(sealed, tmp_path)
    assert "A time-stamp authority vouches for this file since" in page
    assert f"vouches for it since {since:%Y-%m-%d %H:%M:%S} UTC." in command


LIES: dict[str, tuple[Answer, str]] = {
    "another imprint": (answers.of_something_else, "of something else"),
    "another nonce": (answers.to_another_question, "answers another question"),
    "no nonce": (answers.without_nonce, "answers another question"),
    "a broken signature": (answers.badly_signed, "signature does not fit"),
    "another year": (answers.of_another_year, "clock says"),
    "a key for web servers": (answers.by_a_key_for_something_else, "for something else"),
    "a refusal": (answers.refused, "refuses: rejection"),
    "a web page": (answers.nothing_of_the_kind, "no time-stamp that can be read"),
    "without end": (answers.endless, "more than a time-stamp"),
    "nothing for a second": (answers.hanging, "does not answer in time"),
}


@pytest.mark.parametrize(("answer", "why"), LIES.values(), ids=LIES)
def test_a_lie_is_no_stamp_and_the_truth_is_taken_later(
    sealed: Deal, authority: Authority, answer: Answer, why: str
):
    before = pdf(sealed)
    authority.answer = answer
    assert stamping.stamp_due() == 0
    signed = signature(sealed)
    assert (signed.stamp, signed.stamped_at) == (None, None)
    assert why in signed.stamp_failure
    authority.answer = answers.granted
    assert stamping.stamp_due() == 0, "the next try waits its time"
    with clock.shifted(timedelta(minutes=2)):
        assert stamping.stamp_due() == 1
    assert signature(sealed).stamp_failure == ""
    assert pdf(sealed) == before


def test_one_that_answers_a_byte_at_a_time_is_not_waited_for(sealed: Deal, authority: Authority):
    authority.pause = 0.02
    began = time.monotonic()
    assert stamping.stamp_due() == 0
    assert time.monotonic() - began < 5, "its thousand bytes would take half a minute"
    assert "does not answer in time" in signature(sealed).stamp_failure


def test_an_installation_that_names_an_authority_asks_it(house: House, authority: Authority):
    assert gateways.current().stamper is None
    create_app(replace(house.settings, tsa_url=authority.url))
    stamper = gateways.current().stamper
    assert stamper is not None
    assert "stamps, and its clock says" in stamper.check()
    assert len(authority.asked) == 1


def test_an_authority_that_fails_is_asked_less_and_less_often(sealed: Deal, authority: Authority):
    authority.status = 500
    waits = []
    for _ in range(9):
        with clock.shifted(sum(waits, timedelta()) + timedelta(seconds=len(waits))):
            assert stamping.stamp_due() == 0
            until = signature(sealed).stamp_lease_until
            assert until is not None
            waits.append(until - clock.now())
    assert "answers with 500" in signature(sealed).stamp_failure
    assert waits[0] < timedelta(minutes=2)
    assert timedelta(minutes=59) < waits[-1] <= timedelta(hours=1)
    assert len(authority.asked) == 9


def test_a_dead_authority_holds_up_neither_seal_nor_mails_nor_status(approved: Deal):
    with Authority().running() as gone:
        dead = gone.url
    gateways.use(replace(gateways.current(), stamper=Rfc3161Stamper(dead, patience=0.3)))
    approved.signed()
    assert stamping.stamp_due() == 0, "nothing is sealed yet"
    assert sealing.seal_due() == 1
    assert stamping.stamp_due() == 0
    assert "cannot be reached" in signature(approved).stamp_failure
    add_card(approved)
    assert {one.purpose for one in deliveries(approved)} == {
        "onboarding_completed_customer",
        "onboarding_completed_contractor",
    }
    assert gateways.current().sealer.verify(pdf(approved)).found == "authentic"


def test_nobody_is_asked_where_no_authority_is_set(sealed: Deal, authority: Authority):
    gateways.use(replace(gateways.current(), stamper=None))
    assert stamping.stamp_due() == 0
    assert (authority.asked, signature(sealed).stamp_fence) == ([], 0)


def test_eight_workers_ask_once_on_each_database(everywhere: House, authority: Authority):
    sealed = deal(everywhere)
    sealed.approve()
    gateways.use(replace(gateways.current(), stamper=Rfc3161Stamper(authority.url)))
    sealed.signed()
    assert sealing.seal_due() == 1
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: stamping.stamp_due(), range(8))) == 1
    assert len(authority.asked) == 1
    assert sealed.events().count("contract.stamped") == 1


def test_a_worker_that_lost_its_lease_keeps_no_stamp(sealed: Deal):
    slow = stamping._claim()
    assert slow is not None
    stamp = gateways.current().stamper.stamp(slow.sha256)
    with clock.shifted(stamping.LEASE + timedelta(seconds=1)):
        assert stamping.stamp_due() == 1
        assert stamping._mark(slow, stamp) is False
    assert sealed.events().count("contract.stamped") == 1


def test_the_doctor_says_whether_the_authority_answers(sealed: Deal, authority: Authority):
    def said() -> doctor.Finding:
        found = doctor.findings(sealed.house.settings)
        return next(one for one in found if one.part == "time-stamps")

    assert said().is_well
    authority.status = 401
    assert (said().is_well, "answers with 401" in said().words) == (False, True)
    assert "p@ss" not in said().words
    gateways.use(replace(gateways.current(), stamper=None))
    assert (said().is_well, "TSA_URL" in said().words) == (True, True)
