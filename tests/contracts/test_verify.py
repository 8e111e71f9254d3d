"""Whoever has a signed PDF learns whether it is as it was sealed: on the page, and by command."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from onboarding import clock, gateways
from onboarding.contracts import sealing
from onboarding.contracts.verifying import MOST_BYTES
from onboarding.gateways.documents_seal import PadesSealer
from tests.deal import Deal
from tests.documents import SIGNED, judged, renderer, text_of
from tests.house import House

Mutate = Callable[[bytes, Path], bytes]


@pytest.fixture
def sealed(approved: Deal) -> bytes:
    approved.signed()
    assert sealing.seal_due() == 1
    signed = approved.signature
    assert signed is not None
    return gateways.current().documents.get(str(signed.sealed_sha256))


def ask(house: House, pdf: bytes) -> str:
    """What the page says to a stranger, its tags left out."""
    sent = {"document": (BytesIO(pdf), "contract.pdf")}
    page = house.client().post("/verify", data=sent, content_type="multipart/form-data")
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def flipped(pdf: bytes, _: Path) -> bytes:
    at = pdf.index(b"stream") + 40
    return pdf[:at] + bytes((pdf[at] ^ 1,)) + pdf[at + 1 :]


def appended(pdf: bytes, _: Path) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/PageMode"] = generic.NameObject("/UseOutlines")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def swapped(pdf: bytes, _: Path) -> bytes:
    start = pdf.index(b"/Kids[") + len(b"/Kids[")
    end = pdf.index(b"]", start)
    words = pdf[start:end].split(b" R ")
    words[0], words[1] = words[1], words[0]
    return pdf[:start] + b" R ".join(words) + pdf[end:]


def cut(pdf: bytes, _: Path) -> bytes:
    return pdf[: len(pdf) // 2]


def sealed_by_another(pdf: bytes, keys: Path) -> bytes:
    """Another text under another key, dressed up with our mark."""
    forged = PadesSealer(keys).seal(renderer().signed_contract(SIGNED), "Signed", clock.now())
    return forged[:10] + pdf[10:14] + forged[14:]


MUTANTS: dict[str, tuple[Mutate, str]] = {
    "a byte flipped": (flipped, "Its contents are not what was sealed."),
    "a revision appended": (appended, "Something was added after it was sealed."),
    "a page swapped": (swapped, "Its contents are not what was sealed."),
    "cut": (cut, "its seal is missing or was replaced."),
    "sealed again by another key": (sealed_by_another, "its seal is missing or was replaced."),
}


def test_the_copy_that_both_were_sent_is_authentic_and_nobody_is_named(
    approved: Deal, sealed: bytes, tmp_path: Path
):
    said = ask(approved.house, sealed)
    assert "Authentic It is exactly as it was sealed." in said
    for secret in ("Dana", "Whitfield", "Ridgeline", "example.com", "Alder", "Roof"):
        assert secret not in said
    command = approved.house.app.test_cli_runner().invoke
    (tmp_path / "a.pdf").write_bytes(sealed)
    told = command(args=["verify", str(tmp_path / "a.pdf")])
    assert (told.exit_code, told.output) == (0, "authentic: It is exactly as it was sealed.\n")


@pytest.mark.parametrize(("mutate", "how"), MUTANTS.values(), ids=MUTANTS)
def test_what_was_changed_is_named_by_page_and_command(
    approved: Deal, sealed: bytes, tmp_path: Path, mutate: Mutate, how: str
):
    mutant = mutate(sealed, tmp_path / "keys")
    assert mutant != sealed
    said = ask(approved.house, mutant)
    assert "Altered" in said
    assert how in said
    (tmp_path / "a.pdf").write_bytes(mutant)
    told = approved.house.app.test_cli_runner().invoke(args=["verify", str(tmp_path / "a.pdf")])
    assert told.exit_code == 1
    assert told.output.startswith("altered: ")


@pytest.mark.parametrize("mutate", [flipped, appended], ids=["flipped", "appended"])
def test_the_outside_judge_sees_the_same(sealed: bytes, tmp_path: Path, mutate: Mutate):
    said = judged(mutate(sealed, tmp_path), tmp_path, "pdfsig", "FILE")
    assert not ("Signature is Valid" in said and "Total document signed" in said)


@pytest.mark.parametrize("foreign", [b"hello", b"%PDF-1.7\n%%EOF"], ids=["text", "a PDF"])
def test_what_was_never_ours_is_unknown(house: House, tmp_path: Path, foreign: bytes):
    assert "Unknown" in ask(house, foreign)
    (tmp_path / "a.pdf").write_bytes(foreign)
    told = house.app.test_cli_runner().invoke(args=["verify", str(tmp_path / "a.pdf")])
    assert told.exit_code == 2


def test_a_file_that_is_too_large_or_missing_is_told_so(house: House):
    browser = house.client()
    too_large = b"x" * (MOST_BYTES + 200_000)
    answer = browser.post("/verify", data=too_large, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "Choose the PDF to check." in browser.post("/verify").text


def test_asking_too_often_has_to_wait_and_nothing_is_kept(house: House):
    before = list(house.settings.data_dir.rglob("*.pdf"))
    codes = {
        house.client().post("/verify", data={"document": (BytesIO(b"x"), "a.pdf")}).status_code
        for _ in range(32)
    }
    assert codes == {200, 429}
    assert list(house.settings.data_dir.rglob("*.pdf")) == before


def test_the_certificate_leads_to_the_page(approved: Deal, sealed: bytes, tmp_path: Path):
    assert f"{approved.house.settings.base_url}/verify" in text_of(sealed, tmp_path)


def test_outside_judges_find_seal_fonts_and_file_whole(sealed: bytes, tmp_path: Path):
    said = judged(sealed, tmp_path, "pdfsig", "FILE")
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    judged(sealed, tmp_path, "qpdf", "--check", "FILE")
    fonts = judged(sealed, tmp_path, "pdffonts", "FILE").splitlines()[2:]
    assert fonts
    # name … emb sub uni object ID: the third word before the last two numbers is `emb`
    assert {line.split()[-5] for line in fonts} == {"yes"}
