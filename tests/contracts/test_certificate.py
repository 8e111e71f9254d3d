"""What the certificate of completion prints is what the rows hold, field by field (R09); and the
statement and notice of cancellation stand in the face and size that the rule asks for (R12)."""

import re
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from onboarding import clock, gateways
from onboarding.contracts import sealing
from onboarding.contracts.frozen import read
from onboarding.contracts.models import Consent
from onboarding.contracts.papers import contract_paper
from onboarding.contracts.proof import masked_email
from onboarding.contracts.queries import events_of
from onboarding.contracts.signing import Signature
from onboarding.journey.events import EventKind
from tests.deal import WAVE, Deal, deal, now
from tests.documents import judged, renderer
from tests.house import House


def printed(one: Deal, folder: Path) -> str:
    """All the sealed copy says, without spaces: long values break across lines."""
    signed = one.signature
    assert signed is not None
    pdf = gateways.current().documents.get(str(signed.sealed_sha256))
    return "".join(judged(pdf, folder, "pdftotext", "-raw", "FILE", "-").split()).replace(
        "\u200b", ""
    )


def utc(moment) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d%H:%M:%S}UTC"


def test_each_field_is_what_its_row_holds(approved: Deal, tmp_path: Path):
    approved.consent()
    approved.sign(Signature(strokes=(tuple(WAVE),)))
    sealing.seal_due()
    signed, said = approved.signature, printed(approved, tmp_path)
    assert signed is not None
    consent = now(approved.company.id).get_one(Consent, signed.consent_id)
    agreement = read(signed.frozen)
    total = f"${agreement.estimate.total_cents / 100:,.2f}"
    for words in (
        signed.contract_id,
        agreement.title,
        agreement.job_site,
        signed.frozen_sha256,
        f"{agreement.estimate.version}·{total}",
        signed.signer_name,
        masked_email(signed.confirmed_address),
        utc(signed.confirmed_at),
        consent.disclosure_version,
        consent.disclosure_sha256,
        utc(consent.at),
        utc(signed.at),
        signed.ip,
        signed.user_agent,
        signed.chain_head,
    ):
        assert words.replace(" ", "") in said, words


def test_the_trail_up_to_the_signature_is_printed_with_its_times(approved: Deal, tmp_path: Path):
    approved.signed()
    sealing.seal_due()
    said = printed(approved, tmp_path)
    told = {
        EventKind.ESTIMATE_APPROVED: "Estimateapproved",
        EventKind.CONTRACT_OPENED: "ContractPDFopened",
        EventKind.CONSENT_GIVEN: "Agreedtosignelectronically",
        EventKind.CONTRACT_SIGNED: "Contractsigned",
    }
    by_kind = {one.kind: one for one in events_of(now(approved.company.id), approved.onboarding.id)}
    for kind, words in told.items():
        assert words in said
        assert f"{by_kind[kind].at:%H:%M:%S}" in said


def test_what_was_not_recorded_says_so(house: House, tmp_path: Path):
    one = deal(house)
    one.customer = replace(one.customer, ip="", user_agent="")
    one.signed()
    sealing.seal_due()
    assert printed(one, tmp_path).count("notrecorded") >= 2


@pytest.mark.parametrize(
    "name",
    ["محمد عبد الله", "王小明", "अनिल कुमार", "Zoë 😀", "Wolfeschlegelstein " * 10],
    ids=["Arabic", "Chinese", "Hindi", "emoji", "190 letters"],
)
def test_whoever_signs_is_printed_in_their_own_script(house: House, tmp_path: Path, name: str):
    one = deal(house, person=name.strip())
    one.signed()
    assert sealing.seal_due() == 1
    signed = one.signature
    assert signed is not None
    assert signed.signer_name == name.strip()
    pdf = gateways.current().documents.get(str(signed.sealed_sha256))
    fonts = judged(pdf, tmp_path, "pdffonts", "FILE").splitlines()[2:]
    assert {line.split()[-5] for line in fonts} == {"yes"}
    assert gateways.current().sealer.verify(pdf).found == "authentic"


@pytest.mark.parametrize(("language", "begins"), [("en", "You, the buyer"), ("es", "Usted, el")])
def test_the_statement_is_bold_and_at_least_ten_points(
    approved: Deal, tmp_path: Path, language: str, begins: str
):
    frozen = approved.contract.frozen
    assert frozen is not None
    agreement = replace(read(frozen), language=language)
    day = clock.today(agreement.time_zone)
    pdf = renderer().contract(contract_paper(agreement, "0" * 64, day))
    told = judged(pdf, tmp_path, "pdftohtml", "-xml", "-i", "-stdout", "-zoom", "1", "FILE")
    line = next(line for line in told.splitlines() if begins in line)
    found = re.search(r'font="(\d+)"', line)
    assert found
    font = re.search(rf'<fontspec id="{found[1]}" size="(\d+)" family="([^"]+)"', told)
    assert font
    assert int(font[1]) >= 10
    # pdftohtml leaves the face out of the name: the subset's tag leads to it.
    assert f"{font[2]}-Bold " in judged(pdf, tmp_path, "pdffonts", "FILE")
