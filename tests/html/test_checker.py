"""The HTML checker passes what is valid, ours included, and says where the rest is not."""

import pytest

from tests.html.checker import fragment_problems, html_problems

VALID = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Your estimate · Hilltop Roofing</title></head>
<body><main><h1>Your estimate</h1>
<form method="post" action="/portal/estimate/2/approval" data-hx-post="/portal/estimate/2/approval"
 data-hx-target="#answer" data-hx-swap="outerHTML"><button>Approve $18,450.00</button></form>
<svg width="16" height="16" aria-hidden="true"><use href="/static/icons.svg#check"/></svg>
<p id="answer" aria-live="polite"></p>
</main></body></html>"""


def test_a_valid_page_with_htmx_passes():
    assert html_problems(VALID) == []


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("data-hx-swap=", "hx-swap=", "hx-swap"),
        ("<p id", "<ul>words</ul><p id", "Text not allowed in element"),
        ('id="answer" ', 'id="answer" id="other" ', "Duplicate attribute"),
        ("<main><h1>", '<main><h1 id="answer">', "Duplicate ID"),
        ('aria-live="polite"', 'aria-live="shout"', "shout"),
        ("</form>", "", "form"),
        ("<title>Your estimate · Hilltop Roofing</title>", "", "title"),
        ("</form>", "</form><section><p>Scope</p></section>", "Section lacks heading"),
        ("</form>", "</form><h3>Scope</h3>", "skipping 1 heading level"),
    ],
)
def test_a_fault_is_named_with_its_line(good, bad, named):
    assert good in VALID
    problems = html_problems(VALID.replace(good, bad))
    assert any(named in problem for problem in problems), problems
    assert all(problem.startswith("line ") for problem in problems)


def test_what_the_checker_only_remarks_on_passes():
    remarked = VALID.replace('<meta charset="utf-8">', '<meta charset="utf-8" />')
    assert remarked != VALID
    assert html_problems(remarked) == []


def test_a_fragment_is_checked_as_part_of_a_page():
    assert fragment_problems('<section id="total"><h2>Total</h2><p>$1</p></section>') == []
    assert fragment_problems('<h3 id="card">Whose card</h3>') == []
    assert fragment_problems('<ul id="items"><p>Not an item</p></ul>')
    assert fragment_problems("<article><p>No heading</p></article>")


@pytest.mark.parametrize(
    "part",
    ["<tr><td>Ridge vent</td></tr>", "<li>Ridge vent</li>", '<option value="1">One</option>'],
)
def test_a_row_or_an_item_is_checked_inside_what_it_belongs_to(part):
    assert fragment_problems(part) == []
