"""Estimates, contracts and certificates as a customer gets them, judged by poppler and qpdf."""

import random
import re
import struct
import zlib
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onboarding import colors
from onboarding.gateways import documents_logo, documents_values
from onboarding.gateways.documents import Drawn, SignedContractDocument, Typed, UnusableDocument
from tests.documents import (
    AT,
    CERTIFICATE,
    COMPANY,
    CONTRACT,
    ESTIMATE,
    ROOT,
    SIGNED,
    WAVE,
    judged,
    picture_of,
    renderer,
    text_of,
)


def test_estimate_shows_every_line_and_what_it_comes_to(tmp_path: Path) -> None:
    text = text_of(renderer().estimate(ESTIMATE), tmp_path)
    for said in (
        "Ridgeline Roofing", "1180 Alder Street", "Portland, OR 97205", "(503) 555-0142",
        "License CCB 204518", "Estimate · Version 2", "Roof replacement",
        "Margaret Ellison-Núñez", "412 Fern Hill Road, Portland, OR 97221", "November 23, 2026",
        "Tear off two layers.", "Not included", "• Painting of fascia", "• Gutters of the garage",
        "Tear-off and disposal 28 squares $149.29 $4,180.12", "Dump fees",
        "6.5 rolls $118.00 $767.00", "Optional, chosen", "Optional, not chosen",
        "Subtotal $6,067.12", "Discount −$500.00", "Tax $494.10", "Total $6,061.22",
        "This price holds for 30 days.", "Page 1 of 1",
    ):  # fmt: skip
        assert said in text


def test_estimate_without_discount_or_tax_does_not_mention_them(tmp_path: Path) -> None:
    plain = replace(ESTIMATE, discount_cents=0, tax_cents=0)
    text = text_of(renderer().estimate(plain), tmp_path)
    assert "Discount" not in text
    assert "Tax" not in text


def test_estimate_in_spanish_says_nothing_in_english(tmp_path: Path) -> None:
    text = text_of(renderer().estimate(replace(ESTIMATE, language="es")), tmp_path)
    for said in ("Presupuesto · Versión 2", "23 de noviembre de 2026", "Cantidad", "Página 1 de 1"):
        assert said in text
    assert "Quantity" not in text


def test_both_languages_say_the_same_things() -> None:
    words = (ROOT / "templates/documents/words.typ").read_text()
    english, spanish = words.split("  es: (")
    keys = re.compile(r"(?:^|, |\s)([a-z0-9-]+): \"")
    assert sorted(keys.findall(english)) == sorted(keys.findall(spanish))


def test_contract_is_read_with_its_headings_and_its_hash(tmp_path: Path) -> None:
    text = text_of(renderer().contract(CONTRACT), tmp_path)
    for said in ("Service agreement", "1. The work", "Changes", "• In writing", "3f5a" * 16):
        assert said in text
    assert f"Document {CONTRACT.document_id}" in text


def test_contract_holds_the_estimate_that_it_is_about(tmp_path: Path) -> None:
    text = text_of(renderer().contract(replace(CONTRACT, estimate=ESTIMATE)), tmp_path)
    for said in (
        "Approved estimate", "Version 2 · Roof replacement", "• Painting of fascia",
        "Tear-off and disposal 28 squares $149.29 $4,180.12", "Optional, not chosen",
        "Discount −$500.00", "Total $6,061.22", "This price holds for 30 days.",
    ):  # fmt: skip
        assert said in text


def test_draft_without_number_or_hash_can_be_previewed(tmp_path: Path) -> None:
    draft = replace(CONTRACT, document_id="", text_sha256="")
    text = text_of(renderer().contract(draft), tmp_path)
    assert "Document" not in text
    assert "SHA-256" not in text


def test_certificate_names_every_fact_of_the_signing(tmp_path: Path) -> None:
    text = text_of(renderer().signed_contract(SIGNED), tmp_path)
    named = [getattr(CERTIFICATE, field.name) for field in fields(CERTIFICATE)]
    for said in (value for value in named if isinstance(value, str)):
        assert said in text
    for said in (
        CONTRACT.document_id, CONTRACT.text_sha256, "2 · $6,061.22", "Drawn by hand", "Owner",
        "Nov 23, 2026, 12:40:05 PM · 2026-11-23 20:40:05 UTC",
        "Nov 23, 2026, 12:58:05 PM · 2026-11-23 20:58:05 UTC",
        "Nov 23, 2026, 1:04:05 PM · 2026-11-23 21:04:05 UTC",
        "2026-11-23 20:24:05 UTC Portal invite sent by SMS · Dana Whitfield",
        "2026-11-23 20:56:05 UTC Estimate version 2 approved",
        "Local time is America/Los_Angeles", "This agreement is about a roof.",
        "Optional, not chosen", "Total $6,061.22",
    ):  # fmt: skip
        assert said in text


def test_certificate_says_what_was_not_recorded(tmp_path: Path) -> None:
    unknown = replace(
        CERTIFICATE, ip_address=None, user_agent="", signer_phone=None, signer_email=None
    )
    text = text_of(renderer().signed_contract(replace(SIGNED, certificate=unknown)), tmp_path)
    for label in ("IP address", "Browser", "Mobile", "E-mail"):
        assert f"{label} not recorded" in text


def test_typed_signature_stands_in_a_script_face(tmp_path: Path) -> None:
    typed = replace(SIGNED, signature=Typed("Margaret Ellison-Núñez"))
    pdf = renderer().signed_contract(typed)
    assert "MarckScript" in judged(pdf, tmp_path, "pdffonts", "FILE")
    assert "Signature Typed" in text_of(pdf, tmp_path)


def test_drawn_signature_is_on_the_page(tmp_path: Path) -> None:
    short = ((40.0, 60.0, 0.5), (90.0, 30.0, 0.5), (140.0, 60.0, 0.5))
    one = renderer().signed_contract(SIGNED)
    other = renderer().signed_contract(replace(SIGNED, signature=Drawn((short,))))
    assert picture_of(one, tmp_path, 2) != picture_of(other, tmp_path, 2)


@pytest.mark.parametrize(
    "strokes",
    [
        (),
        ((),),
        (((float("nan"), 1.0, 0.5),),),
        (((float("inf"), 1.0, 0.5),),),
        (((1e300, 1.0, 0.5),),),
        ((WAVE * 200),),
    ],
    ids=["none", "an empty stroke", "not a number", "endless", "far away", "22,000 points"],
)
def test_strokes_that_are_no_signature_are_refused(strokes: object) -> None:
    with pytest.raises(UnusableDocument, match="not a signature"):
        renderer().signed_contract(replace(SIGNED, signature=Drawn(strokes)))  # type: ignore[arg-type]


def test_a_single_dot_is_still_drawn(tmp_path: Path) -> None:
    dotted = replace(SIGNED, signature=Drawn((((3.0, 3.0, 0.5),), WAVE)))
    assert "Drawn by hand" in text_of(renderer().signed_contract(dotted), tmp_path)


def test_all_fonts_are_embedded_and_the_file_is_clean(tmp_path: Path) -> None:
    for pdf in every_document():
        rows = judged(pdf, tmp_path, "pdffonts", "FILE").splitlines()[2:]
        assert len(rows) >= 3
        assert all(" yes yes yes " in row for row in rows), rows
        judged(pdf, tmp_path, "qpdf", "--check", "FILE")


def test_documents_are_archival_tagged_and_titled(tmp_path: Path) -> None:
    for pdf in every_document():
        about = judged(pdf, tmp_path, "pdfinfo", "FILE")
        assert re.search(r"Tagged: +yes", about)
        assert re.search(r"Title: +(Roof replacement|Service agreement)", about)
        assert re.search(r"JavaScript: +no", about)
        assert re.search(r"Page size: +612 x 792 pts \(letter\)", about)
        assert b"pdfaid:part>2</pdfaid:part" in pdf
        assert b"pdfaid:conformance>A</pdfaid" in pdf
        assert b"pdfuaid:part>1</pdfuaid" in pdf


def test_same_values_give_the_same_bytes() -> None:
    for first, again in zip(every_document(), every_document(), strict=True):
        assert first == again
    later = renderer().estimate(replace(ESTIMATE, made_at=AT + timedelta(days=1)))
    assert later != renderer().estimate(ESTIMATE)


def test_the_time_zone_of_the_moment_makes_no_difference() -> None:
    elsewhere = replace(ESTIMATE, made_at=AT.astimezone(ZoneInfo("Asia/Tokyo")))
    assert renderer().estimate(elsewhere) == renderer().estimate(ESTIMATE)


def test_headings_never_skip_a_level(tmp_path: Path) -> None:
    renderer().contract(replace(CONTRACT, text="## Small first\ntext\n# Big\n## Small\n# Big"))
    renderer().estimate(replace(ESTIMATE, scope="## Small first\n# Big\n## Small"))


def test_logo_stands_beside_the_name(tmp_path: Path) -> None:
    plain = picture_of(renderer().estimate(ESTIMATE), tmp_path)
    for width, height in ((120, 120), (1200, 90), (40, 900)):
        company = replace(COMPANY, logo=png(width, height))
        pdf = renderer().estimate(replace(ESTIMATE, company=company))
        assert picture_of(pdf, tmp_path) != plain
        assert "Ridgeline Roofing" in text_of(pdf, tmp_path)


@pytest.mark.parametrize(
    "logo",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x10" * 2, b"\xff\xd8\xff"],
    ids=["empty", "gif", "cut off", "jpeg without a frame"],
)
def test_logo_that_cannot_be_set_leaves_the_name_alone(logo: bytes, tmp_path: Path) -> None:
    company = replace(COMPANY, logo=logo)
    assert renderer().estimate(replace(ESTIMATE, company=company)) == renderer().estimate(ESTIMATE)


def test_logo_that_unfolds_to_gigabytes_is_never_opened() -> None:
    huge = png(10, 10).replace(struct.pack(">II", 10, 10), struct.pack(">II", 60_000, 60_000), 1)
    assert documents_logo.size(huge) == (60_000, 60_000)
    assert not documents_logo.is_usable(huge)


def test_size_of_a_jpeg_is_read_from_its_frame() -> None:
    app = b"\xff\xe0\x00\x04\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 30, 50) + b"\x01\x01\x11\x00"
    assert documents_logo.size(b"\xff\xd8" + app + frame) == (50, 30)


def test_a_pale_color_is_darkened_until_it_is_seen_on_paper() -> None:
    pale = documents_values.estimate(replace(ESTIMATE, company=replace(COMPANY, color="#fff3a0")))
    own = documents_values.estimate(replace(ESTIMATE, company=replace(COMPANY, color="#1f5c47")))
    assert colors.contrast(pale["company"]["color"], "#ffffff") >= 3
    assert own["company"]["color"] == "#1f5c47"


def test_a_color_that_is_none_is_refused() -> None:
    with pytest.raises(UnusableDocument, match="not a color"):
        renderer().estimate(replace(ESTIMATE, company=replace(COMPANY, color='"); panic()')))


def test_the_doctor_sees_that_documents_can_be_set() -> None:
    assert "14 fonts" in renderer().check()


def every_document() -> list[bytes]:
    typed = replace(SIGNED, signature=Typed("Margaret Ellison-Núñez"))
    signed: list[SignedContractDocument] = [SIGNED, typed]
    made = [renderer().estimate(ESTIMATE), renderer().contract(CONTRACT)]
    return made + [renderer().signed_contract(each) for each in signed]


def png(width: int, height: int) -> bytes:
    """Noise, the same each time."""
    rows = random.Random(7)
    raw = b"".join(b"\0" + rows.randbytes(width * 3) for _ in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )
