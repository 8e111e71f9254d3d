"""A long estimate costs as many statements as a short one, on every page of it."""

from dataclasses import replace

import pytest

from onboarding.estimates import actions_photos
from tests.estimates.job import ROOF, TEAROFF, Job, customers_browser, members_browser, new_line
from tests.photos import a_photo
from tests.statements import statements_of

LONG = replace(ROOF, lines=(*ROOF.lines, *(new_line(f"Line {n}", 100) for n in range(80))))


@pytest.mark.parametrize("rest", ["/draft", "/preview", "/source"])
def test_a_draft_costs_its_member_the_same_however_long(drafted: Job, rest: str):
    browser, where = members_browser(drafted), f"/crm/estimates/{drafted.estimate.id}{rest}"
    short = statements_of(browser, where)
    drafted.save(LONG)
    actions_photos.add_photos(drafted.estimate.id, TEAROFF, [a_photo()], drafted.member)
    assert len(statements_of(browser, where)) == len(short) <= 12, "\n\n".join(short)


def test_a_sent_version_costs_both_sides_the_same_however_long(sent: Job):
    pages = [
        (members_browser(sent), "/crm/estimates/{}"),
        (customers_browser(sent), "/portal/estimate/{}"),
    ]
    short = [len(statements_of(who, at.format(sent.estimate.id))) for who, at in pages]
    sent.revise(LONG)
    sent.revise(replace(LONG, scope="A third time."))
    long = [len(statements_of(who, at.format(sent.estimate.id))) for who, at in pages]
    # one more: the version before it, to say what changed
    assert all(after <= before + 1 for before, after in zip(short, long, strict=True))
    assert long[1] <= 9


def test_the_record_costs_sixteen_statements_at_most(sent: Job):
    sent.revise(LONG)
    browser = members_browser(sent)
    statements = statements_of(browser, f"/crm/contacts/{sent.contact.id}")
    assert len(statements) <= 16, "\n\n".join(statements)
