"""Whoever has a signed PDF learns whether it is as it was sealed: on the page, and by command."""

import hashlib
import re
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import perf_counter

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from onboarding import clock, gateways
from onboarding.contracts import sealing
from onboarding.contracts.verifying import MOST_BYTES, told
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


def ask_by_hash(house: House, typed: str) -> str:
    page = house.client().post("/verify", data={"fingerprint": typed})
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def spaced(sha256: str) -> str:
    return " ".join(sha256[at : at + 8] for at in range(0, 64, 8)).upper()


def test_a_fingerprint_gets_the_answers_that_its_file_gets(approved: Deal, sealed: bytes):
    house, sha256 = approved.house, hashlib.sha256(sealed).hexdigest()
    for typed in (sha256, spaced(sha256), f" {sha256}\n"):
        said = ask_by_hash(house, typed)
        assert "Authentic It is exactly as it was sealed." in said
        for secret in ("Dana", "Whitfield", "Ridgeline", "example.com", "Alder", "Roof"):
            assert secret not in said
    command = house.app.test_cli_runner().invoke
    told = command(args=["verify", "--sha256", sha256])
    assert (told.exit_code, told.output) == (0, "authentic: It is exactly as it was sealed.\n")
    signed = approved.signature
    assert signed is not None
    logo = gateways.current().documents.put(b"something else that is kept here")
    changed = hashlib.sha256(sealed + b" ").hexdigest()
    for other in ("0" * 64, signed.frozen_sha256, logo, changed):
        assert "Unknown No document that was sealed here has" in ask_by_hash(house, other)
        assert command(args=["verify", "--sha256", other]).exit_code == 2


def test_a_kept_copy_that_was_changed_is_told_by_its_fingerprint(approved: Deal, sealed: bytes):
    sha256 = hashlib.sha256(sealed).hexdigest()
    (kept,) = approved.house.settings.data_dir.rglob(sha256)
    kept.chmod(0o600)
    kept.write_bytes(sealed[:-1] + b" ")
    assert "Altered The copy kept here" in ask_by_hash(approved.house, sha256)
    told = approved.house.app.test_cli_runner().invoke(args=["verify", "--sha256", sha256])
    assert told.exit_code == 1


@pytest.mark.parametrize("typed", ["abc", "g" * 64, "0" * 63, "../" * 20, "0" * 65])
def test_what_is_no_fingerprint_is_told_so(house: House, typed: str):
    page = house.client().post("/verify", data={"fingerprint": typed})
    assert page.status_code == 422
    assert "A fingerprint has 64 characters" in page.text
    told = house.app.test_cli_runner().invoke(args=["verify", "--sha256", typed])
    assert told.exit_code == 2
    assert "64 characters" in told.output


def test_fingerprints_and_files_wait_together(house: House):
    codes = [
        house.client().post("/verify", data={"fingerprint": f"{number:064x}"}).status_code
        for number in range(30)
    ]
    assert set(codes) == {200}
    file = {"document": (BytesIO(b"x"), "a.pdf")}
    assert house.client().post("/verify", data=file).status_code == 429
    assert house.client().post("/verify", data={"fingerprint": "0" * 64}).status_code == 429


def bomb() -> bytes:
    """Half a gigabyte of nothing, folded into half a megabyte, with much that looks like a seal."""
    body = zlib.compress(bytes(500_000_000), 9)
    head = b"%PDF-1.7\n1 0 obj <</Type/ObjStm/Filter/FlateDecode>> stream\n"
    return head + body + b"\nendstream endobj\n%%EOF"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a bomb": bomb,
    "many seals": lambda: b"%PDF-1.7\n" + b"/ByteRange [0 9 99 9999999]" * 600_000,
    "endless digits": lambda: b"%PDF-1.7 /ByteRange [0 30 19000000 9]<" + b"0A" * 9_000_000 + b">",
    "spaces": lambda: b"%PDF-1.7 /ByteRange [0 " + b" " * 18_000_000,
    "not a PDF": lambda: b"\x00\xff" * 9_000_000,
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_little_and_is_unknown(house: House, made: Callable[[], bytes]):
    content = made()
    tracemalloc.start()
    begun = perf_counter()
    found = told(content)
    took, (_, peak) = perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.verdict == "unknown"
    assert peak < len(content) + 5_000_000
    assert took < 10


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
