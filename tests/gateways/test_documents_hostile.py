"""Whatever people type is printed, is only ever text, and never stops or drowns the renderer."""

import json
import random
import re
import socket
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from onboarding.gateways.documents import Typed, UnusableDocument
from onboarding.gateways.documents_fonts import SUBSTITUTE, Exact, coverage, printable
from tests.documents import (
    CERTIFICATE,
    CONTRACT,
    ESTIMATE,
    ROOT,
    SIGNED,
    judged,
    picture_of,
    renderer,
    text_of,
)

FONTS = coverage(ROOT / "templates/documents/fonts")

MARKUP = (
    '#panic("out")',
    '#read("/etc/passwd")',
    '#image("paper.typ")',
    '#link("https://evil.example")[x]',
    "$ sum_(k=1)^n k $",
    "\\u{41} \\ line",
    "[content] {code} [[",
    "{{ secret }} {% raw %}",
    "<label> @reference *bold* _italic_ `raw` ~ = heading",
    "// comment /* comment */",
    "/JS (app.alert(1)) /AA /Launch /URI (https://evil.example)",
    "<script>alert(1)</script>",
    "=1+1",
    "https://evil.example/click",
    "%PDF-1.7 endstream endobj",
)


@pytest.mark.parametrize("typed", MARKUP)
def test_markup_is_printed_as_it_was_typed(typed: str, tmp_path: Path) -> None:
    line = replace(ESTIMATE.lines[0], name=typed, description=typed, unit="")
    estimate = replace(
        ESTIMATE, job_title=typed, scope=f"{typed}\n\n# {typed}\n- {typed}", lines=(line,)
    )
    spaced = " ".join(typed.split())
    assert text_of(renderer().estimate(estimate), tmp_path).count(spaced) >= 5


def test_typed_text_makes_no_action_link_or_attachment(tmp_path: Path) -> None:
    text = "\n\n".join(MARKUP)
    name = " ".join(MARKUP[:3])
    pdf = renderer().signed_contract(
        replace(
            SIGNED,
            contract=replace(CONTRACT, text=text, title=MARKUP[10]),
            estimate=replace(ESTIMATE, scope=text, terms=text),
            signature=Typed(name),
            certificate=replace(CERTIFICATE, signer_name=name, user_agent=MARKUP[10]),
        )
    )
    used = set(names(json.loads(judged(pdf, tmp_path, "qpdf", "--json", "FILE"))))
    assert "/StructTreeRoot" in used
    assert not used & {
        "/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/URI", "/Annots",
        "/EmbeddedFiles", "/EmbeddedFile", "/SubmitForm", "/RichMedia", "/GoToR", "/AcroForm",
    }  # fmt: skip


def names(part: Any) -> Iterator[str]:
    """Names of PDF, as keys and as values; qpdf writes strings with u: or b: before them."""
    if isinstance(part, dict):
        yield from part
        for inner in part.values():
            yield from names(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from names(inner)
    elif isinstance(part, str) and part.startswith("/"):
        yield part


def test_only_the_templates_are_read_and_no_connection_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("A document reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", refused)
    renderer().contract(replace(CONTRACT, text="\n".join(MARKUP)))
    sources = "".join(file.read_text() for file in (ROOT / "templates/documents").glob("*.typ"))
    assert not re.search(r"@preview|@local|#include|\bread\(|\beval\(|plugin\(|\.\./", sources)


NAMES = {
    "Arabic": "محمد عبد الرحمن",
    "Chinese": "王小明 陳怡君",
    "Hindi": "प्रिया शर्मा",
    "Korean": "김민준",
    "Japanese": "山田太郎 さくら",
    "Russian": "Владислав Ёлкин",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Hebrew": "ירון כהן",
    "Thai": "สมชาย ใจดี",
    "Vietnamese": "Nguyễn Thị Ánh",
    "emoji": "Zoë 👩🏽‍🚀 😀 ❤️ 🇺🇸",
    "200 letters": "Wolfeschlegelsteinhausenbergerdorff " * 5 + "of the Hills by Bremen",
    "one word": "x" * 200,
    "unknown script": "Արմեն ᚠᛇᚻ 𓀀",
    "nothing": " ",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_people_of_any_name_can_sign(name: str, tmp_path: Path) -> None:
    signed = replace(
        SIGNED,
        contract=replace(CONTRACT, customer_name=name, title=name, text=f"# {name}\n- {name}"),
        signature=Typed(name),
        certificate=replace(CERTIFICATE, signer_name=name),
    )
    pdf = renderer().signed_contract(signed)
    judged(pdf, tmp_path, "qpdf", "--check", "FILE")
    assert picture_of(pdf, tmp_path)


@pytest.mark.parametrize(
    "script", ["Chinese", "Korean", "Japanese", "Russian", "Greek", "Vietnamese"]
)
def test_names_can_be_copied_from_the_page(script: str, tmp_path: Path) -> None:
    pdf = renderer().contract(replace(CONTRACT, customer_name=NAMES[script]))
    assert NAMES[script] in text_of(pdf, tmp_path)


def test_what_no_font_has_is_visibly_replaced() -> None:
    assert printable("Արմեն", FONTS) == SUBSTITUTE * 5
    assert printable("A\ue000B\U000f4240", FONTS) == f"A{SUBSTITUTE}B{SUBSTITUTE}"
    assert printable("\ud83d", FONTS) == SUBSTITUTE


def test_amounts_cannot_be_turned_around_by_hidden_marks() -> None:
    assert printable("Total \u202e00.1$\u202c \u2066x\u2069", FONTS) == "Total 00.1$ x"


def test_line_ends_and_control_characters_become_spaces() -> None:
    assert printable(" one\r\n two\x00\x07\tthree\u2028four ", FONTS) == "one two three four"


def test_a_mark_that_no_font_sets_on_its_letter_is_left_out() -> None:
    assert printable("Ж\u0951", FONTS) == "Ж"
    assert printable("e\u0301", FONTS) == "é"


def test_identifiers_are_not_broken_where_names_are() -> None:
    letters = "a" * 64
    assert printable(Exact(letters), FONTS) == letters
    assert printable(letters, FONTS).replace("\u200b", "") == letters
    assert "\u200b" in printable(letters, FONTS)


def test_every_character_there_is_can_be_printed() -> None:
    everything = [printable(chr(code), FONTS) for code in range(0x110000)]
    known = {character for character in everything if character not in ("", SUBSTITUTE)}
    assert len(known) > 13_000
    renderer().contract(replace(CONTRACT, text=" ".join(sorted(known))))


def test_chance_meetings_of_letters_and_marks_can_be_printed() -> None:
    chance = random.Random(1926)
    known = sorted(set().union(*FONTS))
    marks = [code for code in known if unicodedata.category(chr(code)).startswith("M")]
    joiners = [0x200C, 0x200D, 0xFE0F, 0x1F3FD]
    for _ in range(15):
        codes = [chance.choice(chance.choice((known, known, marks, joiners))) for _ in range(2000)]
        words = "".join(chr(code) + chance.choice(("", "", " ")) for code in codes)
        renderer().contract(replace(CONTRACT, text=words))


LARGE: dict[str, Callable[[], bytes]] = {
    "10,000 lines": lambda: renderer().contract(
        replace(CONTRACT, text="\n".join(f"Line {number} of many" for number in range(10_000)))
    ),
    "10,000 list items": lambda: renderer().contract(
        replace(CONTRACT, text="\n".join(f"- Item {number}" for number in range(10_000)))
    ),
    "a word of 1 MB": lambda: renderer().contract(replace(CONTRACT, text="x" * 1_000_000)),
    "1,000 line items": lambda: renderer().estimate(replace(ESTIMATE, lines=ESTIMATE.lines * 250)),
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_large_documents_take_seconds_and_are_whole(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    started = time.process_time()
    pdf = make()
    assert time.process_time() - started < 15
    pages = re.search(r"Pages: +(\d+)", judged(pdf, tmp_path, "pdfinfo", "FILE"))
    assert pages is not None
    assert int(pages[1]) > 20


def test_more_than_a_document_can_hold_is_refused_at_once() -> None:
    started = time.process_time()
    with pytest.raises(UnusableDocument, match="too long"):
        renderer().contract(replace(CONTRACT, text="x " * 2_000_000))
    assert time.process_time() - started < 5


def test_text_in_a_table_stays_on_the_page(tmp_path: Path) -> None:
    line = replace(ESTIMATE.lines[0], name="n" * 400, unit="u" * 60, total_cents=99_999_999_999)
    pdf = renderer().estimate(replace(ESTIMATE, lines=(line,), total_cents=99_999_999_999))
    boxes = judged(pdf, tmp_path, "pdftotext", "-bbox", "FILE", "-")
    right = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(right) <= 612 - 0.9 * 72


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    def make(number: int) -> None:
        contract = replace(CONTRACT, text=f"Contract {number}. {CONTRACT.text}")
        renderer().signed_contract(replace(SIGNED, contract=contract))

    for number in range(40):
        make(number)
    before = resident()
    for number in range(40, 120):
        make(number)
    assert resident() - before < 40_000_000
