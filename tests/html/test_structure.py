"""Each thing asked of every page is seen to be missed when it is missing."""

import pytest

from tests.html.structure import fragment_problems, page_problems

PAGE = """<!doctype html><html lang="en">
<head><title>Your profile · Hilltop Roofing</title></head><body>
<h1>Your <em>profile</em></h1>
<form><input type="hidden" name="token"><label for="name">Name</label>
<input id="name" name="name" aria-describedby="hint"><p id="hint">As on your contract</p>
<label>Phone <input name="phone" type="tel"></label>
<select name="state" aria-label="State"><option>TX</option></select>
<button data-hx-post="/x">Save</button></form></body></html>"""


def test_a_page_as_it_should_be_passes():
    assert page_problems(PAGE) == []


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("<h1>Your <em>profile</em></h1>", "", "0 h1"),
        ("</form>", "</form><h1>Again</h1>", "2 h1"),
        ("Your <em>profile</em>", " ", "says nothing"),
        ("<title>Your profile", "<title>Profile", "does not open with the h1"),
        (' lang="en"', "", "language"),
        ('<p id="hint">', '<p id="name">', "stands 2 times"),
        ('<label for="name">Name</label>', "", "'name' has no label"),
        ('<label for="name">Name</label>', '<label for="name"></label>', "'name' has no label"),
        ("<label>Phone ", "<label>", "'phone' has no label"),
        (' aria-label="State"', ' aria-label=" "', "'state' has no label"),
        ('<p id="hint">', '<p id="other">', "'hint' refers to nothing"),
        (">Save<", "><", "has no words"),
        ("data-hx-post", "hx-post", "spell it data-hx-post"),
    ],
)
def test_a_fault_is_named(good, bad, named):
    assert good in PAGE
    assert any(named in problem for problem in page_problems(PAGE.replace(good, bad)))


def test_a_fragment_needs_no_heading_and_may_point_at_the_page_around_it():
    assert fragment_problems('<p id="answer" aria-describedby="elsewhere">Sent</p>') == []


def test_a_fault_in_a_fragment_is_named():
    assert len(fragment_problems('<div id="a"><p id="a"></p><input name="code"></div>')) == 2
