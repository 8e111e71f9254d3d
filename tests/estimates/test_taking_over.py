"""Another estimate of the company, taken over into a draft."""

from dataclasses import replace

import pytest

from onboarding.database import end_reads, read
from onboarding.estimates import actions, copying
from onboarding.estimates.drafts import MOST_LINES, DraftLine, EstimateDraft, drafted
from tests.estimates.job import ROOF, Job, members_browser, new_line
from tests.estimates.pages import words


@pytest.fixture
def begun(sent: Job) -> Job:
    """A second job of the same company, with one line of its own; the first one was sent."""
    contact = sent.house.contact(sent.company, "Eli Brandt")
    estimate = actions.draft_estimate(contact.id, "Heat pump", sent.member)
    job = Job(sent.house, sent.company, sent.owner, contact, sent.member, None, estimate)
    job.save(EstimateDraft(scope="Only mine.", lines=(new_line("Heat pump", 900_000),)))
    return job


def kept(job: Job) -> EstimateDraft:
    end_reads()
    return drafted(actions.newest(read(job.company.id), job.estimate.onboarding_id))


def test_its_lines_stand_beneath_and_what_was_written_stays(begun: Job, sent: Job):
    browser = members_browser(begun)
    where = f"/crm/estimates/{begun.estimate.id}/source"
    assert "Roof replacement" in words(browser.get(where))
    answer = browser.post(where, data={"source": sent.estimate.id})
    assert answer.status_code == 303
    now = kept(begun)
    assert [line.name for line in now.lines] == [
        "Heat pump",
        *(line.name for line in ROOF.lines),
    ]
    assert now.scope == "Only mine."
    assert now.tax_rate == ROOF.tax_rate


def test_a_second_press_brings_nothing_twice(begun: Job, sent: Job):
    for _press in range(2):
        copying.copy_into(begun.estimate.id, sent.estimate.id, begun.member)
    assert len(kept(begun).lines) == 1 + len(ROOF.lines)


@pytest.mark.parametrize(
    ("sought", "is_there"), [("dana", True), ("ROOF", True), ("%", False), ("heat pump", False)]
)
def test_it_is_found_by_job_and_name_and_never_itself(begun: Job, sought: str, is_there: bool):
    page = members_browser(begun).get(
        f"/crm/estimates/{begun.estimate.id}/source", query_string={"search": sought}
    )
    assert ("Roof replacement" in words(page)) is is_there


def test_more_than_an_estimate_holds_is_told_and_nothing_is_taken(begun: Job, sent: Job):
    many = tuple(new_line(f"Line {number}", 100) for number in range(MOST_LINES - 2))
    begun.save(replace(ROOF, lines=many))
    answer = members_browser(begun).post(
        f"/crm/estimates/{begun.estimate.id}/source", data={"source": sent.estimate.id}
    )
    assert answer.status_code == 422
    assert f"more than {MOST_LINES} lines" in words(answer)
    assert len(kept(begun).lines) == len(many)


def test_a_sent_version_takes_nothing_over(begun: Job, sent: Job):
    answer = members_browser(sent).post(
        f"/crm/estimates/{sent.estimate.id}/source", data={"source": begun.estimate.id}
    )
    assert answer.status_code == 303
    assert len(drafted(sent.estimate).lines) == len(ROOF.lines)


def test_another_companys_estimate_is_as_good_as_missing(begun: Job):
    company, owner = begun.house.company("Copper Kettle")
    contact = begun.house.contact(company, "Noor Haddad")
    rival = begun.house.sign_in_member(begun.house.client(), owner)
    theirs = rival.post(f"/crm/contacts/{contact.id}/estimate", data={"title": "Kettle"})
    their_id = theirs.headers["Location"].split("/")[-2]
    mine = members_browser(begun)
    where = f"/crm/estimates/{begun.estimate.id}/source"
    assert "Kettle" not in words(mine.get(where))
    assert mine.post(where, data={"source": their_id}).status_code == 404


def test_an_empty_draft_takes_the_whole_of_it():
    whole = copying.joined(
        EstimateDraft(lines=(DraftLine("x" * 26),)), replace(ROOF, shows_unit_prices=False)
    )
    assert whole == replace(ROOF, shows_unit_prices=False)
