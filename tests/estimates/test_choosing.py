"""Sections with subtotals, and groups of which exactly one line is picked: from the page to the
frozen contract and its paper."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from onboarding import gateways
from onboarding.contracts import frozen
from onboarding.contracts.models import Contract
from onboarding.contracts.papers import contract_paper
from onboarding.database import read
from onboarding.estimates import actions, choosing, papers, pricing, queries
from onboarding.estimates.comparison import compare
from onboarding.estimates.completeness import Missing
from onboarding.estimates.drafts import DraftLine, EstimateDraft, with_one_start
from onboarding.journey.models import Event
from tests.documents import text_of
from tests.estimates.job import FLASHING, GUARDS, ROOF, Job, customers_browser
from tests.estimates.pages import found, words
from tests.estimates.pages import text_of as said

PREPARE, COVER = "prepare".ljust(26, "0"), "cover".ljust(26, "0")
GOOD, BETTER, BEST = (name.ljust(26, "0") for name in ("good", "better", "best"))


def one_of(key: str, name: str, cents: int, **more: object) -> DraftLine:
    return DraftLine(
        key, name, unit_price_cents=cents, section_key=COVER, group_name="Shingles", **more
    )


CHOICE = EstimateDraft(
    sections=((PREPARE, "Preparation"), (COVER, "New roof")),
    lines=(
        replace(ROOF.lines[0], section_key=PREPARE),
        one_of(GOOD, "Three-tab", 500_000),
        one_of(BETTER, "Architectural", 800_000, starts_chosen=True),
        one_of(BEST, "Standing seam", 1_500_000),
        replace(ROOF.lines[2], section_key=COVER),
        replace(ROOF.lines[3], section_key=COVER),
    ),
)
TEAROFF_CENTS = 418_012


@pytest.fixture
def choice(drafted: Job) -> Job:
    """A roof in two sections, with three kinds of shingle to pick one from, sent."""
    drafted.save(CHOICE)
    drafted.send()
    drafted.account()
    return drafted


def approved(job: Job, *keys: str) -> Contract:
    total = pricing.totals(CHOICE, keys).total
    data = {"pick-2-1": keys[0], "options": list(keys[1:]), "total": str(total)}
    answer = customers_browser(job).post(f"/portal/estimate/{job.estimate.id}/approval", data=data)
    assert answer.status_code == 303
    return read(job.company.id).scalars(select(Contract)).one()


def test_of_a_group_one_line_is_counted_from_the_start():
    assert choosing.starting_options(CHOICE) == (BETTER, GUARDS)
    assert pricing.totals(CHOICE).subtotal == TEAROFF_CENTS + 800_000 + 112_000
    assert pricing.totals(CHOICE, {BEST}).subtotal == TEAROFF_CENTS + 1_500_000


def test_where_none_is_marked_the_first_of_a_group_starts():
    unmarked = tuple(replace(line, starts_chosen=False) for line in CHOICE.lines)
    assert choosing.starting_options(replace(CHOICE, lines=unmarked)) == (GOOD,)


def test_groups_of_one_name_in_two_sections_are_two():
    other = replace(one_of("x" * 26, "Gable vent", 9_000), section_key=PREPARE)
    both = replace(CHOICE, lines=(other, *CHOICE.lines))
    assert choosing.starting_options(both) == ("x" * 26, BETTER, GUARDS)


picks = st.sets(st.sampled_from([GOOD, BETTER, BEST, FLASHING, GUARDS, "nobody's"]))


@given(picks)
def test_whatever_is_asked_for_exactly_one_of_a_group_is_priced(wanted):
    chosen = choosing.settled(CHOICE, wanted)
    assert choosing.is_settled(CHOICE, chosen)
    assert len({GOOD, BETTER, BEST} & set(chosen)) == 1
    assert {FLASHING, GUARDS} & set(chosen) == {FLASHING, GUARDS} & wanted


def test_ticking_another_line_of_a_group_unticks_the_first():
    ticked = replace(
        CHOICE,
        lines=tuple(
            replace(line, starts_chosen=True) if line.key in (GOOD, BETTER) else line
            for line in CHOICE.lines
        ),
    )
    settled = with_one_start(ticked, CHOICE)
    assert [line.key for line in settled.lines if line.group_name and line.starts_chosen] == [GOOD]


def test_a_draft_with_sections_and_groups_is_kept_as_typed(choice: Job):
    kept = queries.estimate(read(choice.company.id), choice.estimate.id)
    assert kept is not None
    assert actions.drafted(kept) == CHOICE


def test_a_group_of_one_and_a_nameless_section_cannot_be_sent(drafted: Job):
    lonely = replace(CHOICE, lines=CHOICE.lines[:2], sections=((PREPARE, ""), (COVER, "Roof")))
    drafted.save(lonely)
    with pytest.raises(actions.Incomplete) as told:
        drafted.send()
    assert told.value.missing == (Missing.SECTIONS, Missing.GROUPS)


def test_the_page_shows_headings_with_subtotals_and_buttons_for_the_group(choice: Job):
    page = customers_browser(choice).get(f"/portal/estimate/{choice.estimate.id}")
    assert [said(head) for head in found(page, "h2.line-section")] == [
        "Preparation $4,180.12",
        "New roof $9,120.00",
    ]
    (group,) = found(page, "fieldset.line-group")
    assert said(group).startswith("Shingles Pick one")
    buttons = found(page, "[type=radio]")
    assert [button.get("value") for button in buttons] == [GOOD, BETTER, BEST]
    assert len({button.get("name") for button in buttons}) == 1
    assert [b.get("value") for b in buttons if b.get("checked") is not None] == [BETTER]


def test_the_total_and_the_subtotal_answer_to_the_buttons(choice: Job):
    answer = customers_browser(choice).get(
        f"/portal/estimate/{choice.estimate.id}/total?pick-2-1={BEST}",
        headers={"HX-Request": "true"},
    )
    assert said(found(answer, f"#subtotal-{COVER}")[0]) == "$15,000.00"
    assert found(answer, "[name=total]")[0].get("value") == str(TEAROFF_CENTS + 1_500_000)


def test_without_scripting_what_was_picked_moves_into_the_address(choice: Job):
    browser = customers_browser(choice)
    where = f"/portal/estimate/{choice.estimate.id}/total"
    answer = browser.post(where, data={"pick-2-1": BEST, "options": [FLASHING]})
    page = browser.get(answer.headers["Location"])
    assert "Approve $20,070.12" in words(page)


@pytest.mark.parametrize(
    "data", [{}, {"options": [GOOD, BETTER]}, {"pick-2-1": GOOD, "options": [BEST]}]
)
def test_an_approval_without_exactly_one_of_a_group_approves_nothing(choice: Job, data):
    keys = [*data.get("options", []), *([data["pick-2-1"]] if "pick-2-1" in data else [])]
    total = pricing.totals(CHOICE, keys).total
    answer = customers_browser(choice).post(
        f"/portal/estimate/{choice.estimate.id}/approval", data=data | {"total": str(total)}
    )
    assert answer.status_code == 409
    assert "Pick exactly one in each group. Nothing was approved." in words(answer)
    assert choice.onboarding.approved_version == 0


def test_what_was_picked_is_what_is_frozen(choice: Job):
    contract = approved(choice, BEST, FLASHING)
    agreement = frozen.read(contract.frozen)
    chosen = [
        (line.section, line.group, line.name) for line in agreement.estimate.lines if line.is_chosen
    ]
    assert chosen == [
        ("Preparation", "", "Tear-off and disposal"),
        ("New roof", "Shingles", "Standing seam"),
        ("New roof", "", "Copper chimney flashing"),
    ]
    assert agreement.estimate.total_cents == TEAROFF_CENTS + 1_500_000 + 89_000
    assert frozen.to_bytes(agreement) == contract.frozen
    assert [(name, cents) for name, cents, _lines in agreement.estimate.sections] == [
        ("Preparation", TEAROFF_CENTS),
        ("New roof", 1_589_000),
    ]


def test_the_trail_says_what_was_picked(choice: Job):
    approved(choice, BEST)
    event = (
        read(choice.company.id)
        .scalars(select(Event).where(Event.kind == "estimate.approved"))
        .one()
    )
    assert event.data["options"] == ["Shingles: Standing seam"]


def test_the_contracts_page_and_paper_name_sections_and_what_was_picked(choice: Job, tmp_path):
    contract = approved(choice, BEST)
    page = customers_browser(choice).get(f"/portal/contract/{contract.id}")
    assert "New roof $15,000.00" in words(page)
    assert "Shingles" in words(page)
    assert "Not chosen: Three-tab, Architectural" in words(page)
    agreement = frozen.read(contract.frozen)
    pdf = gateways.current().renderer.contract(contract_paper(agreement, contract.frozen_sha256))
    paper = text_of(pdf, tmp_path)
    assert "New roof" in paper
    assert "Shingles · pick one" in paper
    assert "$19,180.12" in paper


def test_the_estimates_paper_shows_sections_and_choices(choice: Job, tmp_path):
    db = read(choice.company.id)
    sheet = queries.sheet_for_customer(db, choice.onboarding, choice.customer, None, [BEST])
    paper = text_of(papers.pdf(db, sheet), tmp_path)
    for words_on_it in ("Preparation", "$4,180.12", "Shingles · pick one", "Not chosen", "Chosen"):
        assert words_on_it in paper


def test_an_estimate_without_sections_freezes_to_the_bytes_of_before(sent: Job):
    """The canonical form says nothing of what came later, where there is nothing of it."""
    total = pricing.totals(ROOF, (GUARDS,)).total
    customers_browser(sent).post(
        f"/portal/estimate/{sent.estimate.id}/approval",
        data={"options": [GUARDS], "total": str(total)},
    )
    contract = read(sent.company.id).scalars(select(Contract)).one()
    estimate = json.loads(contract.frozen)["estimate"]
    assert set(estimate) == {
        "currency", "discount_cents", "id", "lines", "onboarding_id", "scope", "sent_at",
        "subtotal_cents", "tax_cents", "total_cents", "version",
    }  # fmt: skip
    assert set(estimate["lines"][0]) == {
        "description", "is_chosen", "is_optional", "key", "name", "quantity", "total_cents",
        "unit", "unit_price_cents",
    }  # fmt: skip
    assert frozen.to_bytes(frozen.read(contract.frozen)) == contract.frozen


def test_a_heading_put_in_is_told_once_and_moves_no_line():
    plain = replace(CHOICE, sections=(), lines=tuple(
        replace(line, section_key="") for line in CHOICE.lines
    ))  # fmt: skip
    changes = compare(plain, CHOICE)
    assert not changes.lines
    assert [(one.before, one.after) for one in changes.sections] == [
        (None, "Preparation"),
        (None, "New roof"),
    ]
    assert not changes.is_same


def test_a_line_that_went_under_another_heading_is_told_by_both_names():
    moved = replace(CHOICE, lines=(replace(CHOICE.lines[0], section_key=COVER), *CHOICE.lines[1:]))
    (change,) = compare(CHOICE, moved).lines
    assert change.sections == ("Preparation", "New roof")
    assert change.place == "New roof"


def test_a_heading_that_reads_otherwise_is_named_before_and_after():
    renamed = replace(CHOICE, sections=(CHOICE.sections[0], (COVER, "The new roof")))
    (change,) = compare(CHOICE, renamed).sections
    assert (change.before, change.after) == ("New roof", "The new roof")


def test_the_customer_reads_what_changed_about_groups_and_headings(choice: Job):
    dearer = replace(CHOICE.lines[3], unit_price_cents=1_600_000)
    choice.revise(
        replace(
            CHOICE,
            sections=(CHOICE.sections[0], (COVER, "The new roof")),
            lines=(*CHOICE.lines[:3], dearer, *CHOICE.lines[4:]),
        )
    )
    page = customers_browser(choice).get("/portal/estimate")
    told = said(found(page, "#changes")[0])
    assert "Standing seam The new roof · Shingles" in told
    assert "was “New roof”" in told
