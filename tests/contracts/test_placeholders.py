"""What a contract may leave open, and that nothing else in it is ever evaluated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.braces import Complaint
from onboarding.contracts import default_template
from onboarding.contracts.placeholders import PLACEHOLDERS, complaints, merge

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_each_placeholder_of_the_list_is_filled_in():
    for name in PLACEHOLDERS:
        assert merge(f"a {{{name}}} b", VALUES) == f"a <{name}> b"


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}}",
        "{7*7}",
        "${7*7}",
        "{% raw %}",
        "{0.__class__}",
        "{total.__class__}",
        "{total!r}",
        "{}",
        "{{customer_name}}",
        "{ }",
    ],
)
def test_whatever_else_stands_between_braces_stays_as_typed(text: str):
    assert merge(text, VALUES) == text


def test_what_is_filled_in_is_not_read_again():
    values = VALUES | {"customer_name": "{total} {{7*7}}"}
    assert merge("{customer_name}", values) == "{total} {{7*7}}"


def test_an_unknown_placeholder_is_named_in_a_sentence():
    assert complaints("Dear {custmer_name},") == [Complaint("{custmer_name}", "customer_name")]
    assert complaints("{roof}") == [Complaint("{roof}", "")]


def test_a_doubled_brace_is_explained():
    assert complaints("{{ total }}") == [Complaint("{{ total }}", "total", is_doubled=True)]


def test_the_sample_has_nothing_open_in_it():
    assert complaints(default_template.BODY) == []
    assert "{" not in merge(default_template.BODY, VALUES)


@given(st.text())
def test_any_text_merges_without_a_fault(text: str):
    merge(text, VALUES)
    complaints(text)
