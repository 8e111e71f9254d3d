"""Rows copied from a spreadsheet become lines, whatever the sheet looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.estimates import pasting
from onboarding.estimates.drafts import MOST_LINES
from tests.estimates.job import TEAROFF, Job, members_browser
from tests.estimates.pages import found, words


def cells(text: str) -> list[tuple[str, ...]]:
    return [
        (one.name, one.description, one.quantity, one.unit, one.unit_price)
        for one in pasting.rows(text)
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Decking\t12\tsheets\t48.50", ("Decking", "", "12", "sheets", "48.50")),
        ("Decking\tHalf inch\t12\tsheets\t$48.50\t$582.00",
         ("Decking", "Half inch", "12", "sheets", "$48.50")),
        ("Permit\t$1,250.00", ("Permit", "", "", "", "$1,250.00")),
        ("Permit", ("Permit", "", "", "", "")),
        ('"Decking\nhalf inch"\t12\t\t48.50', ("Decking half inch", "", "12", "", "48.50")),
    ],
)  # fmt: skip
def test_cells_are_told_by_their_place(text, read):
    assert cells(text) == [read]


def test_a_row_of_heads_says_what_the_columns_are():
    sheet = "Price each\tQty\tItem\tTotal\r\n48.50\t12\tDecking\t582\r\n14\t40\tRidge vent\t560\r\n"
    assert cells(sheet) == [
        ("Decking", "", "12", "", "48.50"),
        ("Ridge vent", "", "40", "", "14"),
    ]


def test_a_name_alone_is_a_heading_and_sums_are_left_out():
    sheet = "Roof\t\t\nDecking\t12\t48.50\nSubtotal\t\t582\nTax\t46.56\nTotal\t628.56"
    rows = pasting.rows(sheet)
    assert [(row.name, row.is_heading) for row in rows] == [("Roof", True), ("Decking", False)]


@given(st.text(max_size=400))
def test_whatever_is_pasted_is_read_or_left_and_never_breaks(text: str):
    for row in pasting.rows(text):
        assert row.name
        assert "\t" not in row.name
        assert "\n" not in row.name


def test_at_most_so_many_rows_are_taken():
    assert len(pasting.rows("A line\t1\t2\n" * 2_000)) == pasting.MOST_ROWS


def pasted(job: Job, text: str):
    where = f"/crm/estimates/{job.estimate.id}/draft"
    line = {f"line-{TEAROFF}-name": "Tear-off", f"line-{TEAROFF}-quantity": "1"}
    form = {"line": TEAROFF, "revision": str(job.estimate.draft_revision), **line}
    form |= {"discount_kind": "amount", "do": f"paste:{TEAROFF}", "pasted": text}
    return members_browser(job).post(where, data=form, headers={"HX-Request": "true"})


def test_pasted_rows_stand_beneath_the_one_they_were_pasted_in(drafted: Job):
    answer = pasted(drafted, "Decking\t12\tsheets\t48.50\nRidge vent\t40\tft\t14")
    names = [field.get("value") for field in found(answer, "[name$=-name]")]
    assert names == ["Tear-off", "Decking", "Ridge vent"]
    assert "All saved" in words(answer)


def test_what_cannot_be_read_as_a_number_is_told_beside_its_field(drafted: Job):
    answer = pasted(drafted, "Item\tQty\tPrice\nDecking\ta dozen\t48.50")
    assert answer.status_code == 422
    assert "Use digits, such as 12 or 1.5." in words(answer)
    assert [field.get("value") for field in found(answer, "[name$=-quantity]")] == ["1", "a dozen"]


def test_more_than_an_estimate_holds_is_told_and_stays_on_the_screen(drafted: Job):
    answer = pasted(drafted, "Decking\t12\t48.50\n" * MOST_LINES)
    assert answer.status_code == 422
    assert f"{MOST_LINES} lines at most" in words(answer)


def test_nothing_pasted_adds_nothing(drafted: Job):
    answer = pasted(drafted, " \n\t\n")
    assert [field.get("value") for field in found(answer, "[name$=-name]")] == ["Tear-off"]
