"""Scans of signed papers: what is one is taken, what is more than one is not, and none of them is
unfolded without bound."""

import tracemalloc
import zlib
from io import BytesIO
from time import perf_counter

import pytest
from PIL import Image

from onboarding.gateways.scans import MOST_BYTES, MOST_PAGES, Fault, UnusableScan, scan


def paper(pages: int = 1) -> bytes:
    written = BytesIO()
    sheets = [Image.new("L", (300, 400), 250 - number % 50) for number in range(pages)]
    sheets[0].save(written, "PDF", save_all=True, append_images=sheets[1:])
    return written.getvalue()


def picture(size: tuple[int, int] = (300, 400), mode: str = "RGB") -> bytes:
    written = BytesIO()
    Image.new(mode, size, "white").save(written, "PNG")
    return written.getvalue()


def folded(objects: bytes, kind: bytes = b"/Type /ObjStm") -> bytes:
    """A PDF whose objects stand compressed in a stream."""
    body = zlib.compress(objects, 9)
    length = str(len(body)).encode()
    head = b"%PDF-1.5\n1 0 obj\n<<" + kind + b" /Filter /FlateDecode /Length " + length + b">>\n"
    return head + b"stream\n" + body + b"\nendstream\nendobj\n%%EOF\n"


def fault_of(*files: bytes) -> Fault:
    with pytest.raises(UnusableScan) as unusable:
        scan(files)
    return unusable.value.fault


@pytest.mark.parametrize(
    "pdf", [paper(), paper(MOST_PAGES), folded(b"<</Type /Page>>")], ids=["one", "most", "folded"]
)
def test_a_scan_is_kept_byte_for_byte(pdf: bytes):
    kept = scan([pdf])
    assert (kept.content, kept.media_type) == (pdf, "application/pdf")


@pytest.mark.parametrize(
    "word",
    [
        b"/S /JavaScript /JS (app.alert)",
        b"/S /J#61vaScript",
        b"/S /Launch",
        b"/EmbeddedFiles 7 0 R",
        b"/Encrypt 9 0 R",
        b"/S /SubmitForm",
    ],
)
def test_a_pdf_that_does_something_is_no_scan(word: bytes):
    plain = paper()
    assert fault_of(plain.replace(b"%%EOF", b"<<" + word + b">>\n%%EOF")) is Fault.ACTIVE
    assert fault_of(folded(b"<</Type /Page>> <<" + word + b">>")) is Fault.ACTIVE


def test_what_is_no_scan_or_too_much_of_one_is_told_apart():
    assert fault_of() is Fault.NO_SCAN
    assert fault_of(b"<html><script>") is Fault.NO_SCAN
    assert fault_of(paper()[:-600]) is Fault.NO_SCAN
    assert fault_of(b"%PDF-1.4\n%%EOF") is Fault.NO_SCAN
    assert fault_of(paper(), paper()) is Fault.NO_SCAN
    assert fault_of(picture(), b"GIF89a") is Fault.NO_SCAN
    assert fault_of(paper(MOST_PAGES + 1)) is Fault.TOO_LARGE
    assert fault_of(*[picture()] * 11) is Fault.TOO_LARGE
    assert fault_of(b"%PDF-" + b"x" * MOST_BYTES) is Fault.TOO_LARGE


def test_pictures_with_and_without_transparency_become_pages_of_one_pdf():
    kept = scan([picture(), picture(mode="RGBA"), picture((400, 300))])
    assert kept.media_type == "application/pdf"
    assert kept.content.startswith(b"%PDF-")
    assert scan([kept.content]).content == kept.content


def emptied() -> bytes:
    """Many streams of deflate blocks that hold nothing: input without output."""
    body = b"\x78\x9c" + b"\x00\x00\x00\xff\xff" * 4_000
    one = b"1 0 obj <</Type/ObjStm>> stream\n" + body + b"\nendstream endobj\n"
    return b"%PDF-1.5\n" + one * 900 + b"/Type /Page %%EOF"


@pytest.mark.parametrize(
    "bomb",
    [
        folded(b"/Type /Page " + bytes(200_000_000)),
        folded(bytes(200_000_000), b"/Type /XObject"),
        emptied(),
        b"%PDF-1.5\n" + b"stream\n" * 2_000_000 + b"%%EOF",
        b"%PDF-1.5\n" + b"/Type" + b" " * 15_000_000 + b"%%EOF",
        b"%PDF-1.5\n" + b"#41" * 5_000_000 + b"%%EOF",
        b"%PDF-1.5\n" + b"/#41#41#41#41#41#41" * 800_000 + b"%%EOF",
        b"%PDF-1.5\n" + b"/ObjStm" * 2_000_000 + b"%%EOF",
    ],
    ids=["objects", "a picture", "nothing at all", "words", "spaces", "escapes", "names", "parts"],
)
def test_a_bomb_costs_little(bomb: bytes):
    tracemalloc.start()
    begun = perf_counter()
    with pytest.raises(UnusableScan):
        scan([bomb])
    took, (_, peak) = perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(bomb) + 10_000_000
    assert took < 15
