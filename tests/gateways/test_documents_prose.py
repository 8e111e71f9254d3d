"""Headings, lists and paragraphs, read from plain text the same for pages and PDFs."""

from hypothesis import given
from hypothesis import strategies as st

from onboarding.gateways.prose import Block, blocks


def test_headings_lists_and_paragraphs_are_told_apart() -> None:
    text = "Hello\nthere\n\n# Work\nFirst\n## Part\n- one\n- two\n\n- three\nAfter"
    assert blocks(text) == [
        Block("paragraph", ("Hello", "there")),
        Block("heading", ("Work",)),
        Block("paragraph", ("First",)),
        Block("subheading", ("Part",)),
        Block("list", ("one", "two")),
        Block("list", ("three",)),
        Block("paragraph", ("After",)),
    ]


def test_two_headings_in_a_row_stay_two() -> None:
    assert blocks("# One\n# Two") == [Block("heading", ("One",)), Block("heading", ("Two",))]


def test_what_only_looks_like_a_mark_is_text() -> None:
    for line in ("#hashtag", "-5 degrees", "### deep", "#", "-", "- ", "1. first", "*bold*"):
        assert blocks(line) == [Block("paragraph", (line.strip(),))]


def test_windows_line_ends_and_indents_make_no_difference() -> None:
    assert blocks("  # Work\r\n\r\n   - one\r\n") == [
        Block("heading", ("Work",)),
        Block("list", ("one",)),
    ]


def test_no_text_has_no_blocks() -> None:
    assert blocks("") == blocks(" \n\t\n") == []


@given(st.text(alphabet="#- ab\n\r\t\u2028"))
def test_no_word_is_lost_and_no_block_is_empty(text: str) -> None:
    read = blocks(text)
    assert all(block.lines and all(line.strip() for line in block.lines) for block in read)
    letters = "".join(block.text for block in read).count("a")
    assert letters == text.count("a")
