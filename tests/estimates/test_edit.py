"""The builder: saved as typed, nothing lost, nothing written over unseen."""

from dataclasses import replace

import pytest

from onboarding import money
from onboarding.database import read
from onboarding.estimates import actions, pricing, queries
from onboarding.estimates.drafts import EstimateDraft, drafted
from tests.estimates.job import (
    FLASHING,
    ROOF,
    SHINGLES,
    TEAROFF,
    Job,
    members_browser,
    signed_in,
)
from tests.estimates.pages import found, words

HTMX = {"HX-Request": "true"}


def address(job: Job, rest: str = "/draft") -> str:
    return f"/crm/estimates/{job.estimate.id}{rest}"


def posted(draft: EstimateDraft, revision: int, **others: str) -> dict[str, object]:
    """The form as a browser posts it."""
    fields: dict[str, object] = {
        "line": [line.key for line in draft.lines],
        "shows": "said",
        "revision": str(revision),
        "scope": draft.scope,
        "discount_kind": draft.discount_kind,
        "discount": money.plain_cents(draft.discount_value),
        "tax_rate": money.plain_thousandths(draft.tax_rate),
        "valid_until": draft.valid_until.isoformat() if draft.valid_until else "",
    }
    sees = {
        "shows_quantities": draft.shows_quantities,
        "shows_unit_prices": draft.shows_unit_prices,
    }
    fields |= {name: "y" for name, is_set in sees.items() if is_set}
    for line in draft.lines:
        start = f"line-{line.key}-"
        fields |= {
            f"{start}name": line.name,
            f"{start}description": line.description,
            f"{start}quantity": money.plain_thousandths(line.quantity),
            f"{start}unit": line.unit,
            f"{start}unit_price": money.plain_cents(line.unit_price_cents),
        }
        marks = {
            "is_taxable": line.is_taxable,
            "is_optional": line.is_optional,
            "starts_chosen": line.starts_chosen,
        }
        fields |= {f"{start}{mark}": "y" for mark, is_set in marks.items() if is_set}
    return fields | others


def stored(job: Job) -> EstimateDraft:
    found_estimate = queries.estimate(read(job.company.id), job.estimate.id)
    assert found_estimate is not None
    return drafted(found_estimate)


def revision(job: Job) -> int:
    found_estimate = queries.estimate(read(job.company.id), job.estimate.id)
    assert found_estimate is not None
    return found_estimate.draft_revision


def test_a_member_begins_an_estimate_from_the_contact(drafted: Job):
    browser = members_browser(drafted)
    neighbor = drafted.house.contact(drafted.company, "Eli Brandt")
    where = f"/crm/contacts/{neighbor.id}/estimate"
    assert "New estimate" in words(browser.get(where))
    assert "Name the job" in words(browser.post(where, data={"title": " "}))
    first = browser.post(where, data={"title": "Heat pump"})
    again = browser.post(where, data={"title": "Heat pump"})
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert "Heat pump" in words(browser.get(first.headers["Location"]))


def test_the_whole_form_is_saved(drafted: Job):
    browser = members_browser(drafted)
    changed = replace(
        ROOF,
        scope="One\n\n- two",
        discount_value=25_000,
        tax_rate=8_875,
        lines=(replace(ROOF.lines[0], quantity=28_500), *ROOF.lines[2:]),
    )
    answer = browser.post(address(drafted), data=posted(changed, revision(drafted)))
    assert answer.status_code == 303
    assert stored(drafted) == changed


def test_saving_as_typed_answers_with_the_sums_and_no_field(drafted: Job):
    browser = members_browser(drafted)
    dearer = replace(ROOF, lines=(replace(ROOF.lines[0], unit_price_cents=20_000),))
    data = posted(dearer, revision(drafted))
    answer = browser.post(address(drafted), data=data, headers=HTMX)
    assert "All saved" in words(answer)
    assert "$6,048.00" in words(answer)
    assert found(answer, "[name=revision]")[0].get("value") == str(revision(drafted))
    assert not found(answer, "textarea, [name$=unit_price]")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("unit_price", "1e308", "Use digits, such as 1250.50."),
        ("unit_price", "-1", "Enter an amount of zero or more."),
        ("unit_price", "999999999999", "Use an amount below one billion."),
        ("unit_price", "NaN", "Use digits, such as 1250.50."),
        ("unit_price", "12,5", "Use a point, not a comma, before the decimals: 1250.50."),
        ("unit_price", "9" * 16, "Use an amount below one billion."),
        ("unit_price", "1.005", "Use at most two digits after the point."),
        ("quantity", "a dozen", "Use digits, such as 12 or 1.5."),
        ("quantity", "1e308", "Use digits, such as 12 or 1.5."),
        ("quantity", "12,5", "Use a point, not a comma, before the decimals: 1.5."),
        ("quantity", "-1", "Enter a number of zero or more."),
        ("quantity", "9" * 16, "Use a number below one million."),
        ("quantity", "$1,250.50", "Use digits, such as 12 or 1.5."),
        ("quantity", "9" * 10_000, "This is too long: use at most 40 characters."),
        ("quantity", "1.2345", "Use at most three digits after the point."),
        ("quantity", "9" * 400, "This is too long: use at most 40 characters."),
        ("name", "x" * 10_000, "This is too long: use at most 200 characters."),
        ("description", "x" * 3_000, "This is too long: use at most 2000 characters."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_gets_a_sentence_beside_its_field_and_is_kept(
    drafted: Job, field, typed, sentence, headers
):
    browser = members_browser(drafted)
    before = stored(drafted)
    data = posted(replace(ROOF, scope="Changed"), revision(drafted))
    data[f"line-{SHINGLES}-{field}"] = typed
    answer = browser.post(address(drafted), data=data, headers=headers)
    assert answer.status_code == 422
    (said,) = found(answer, f"#line-{SHINGLES}-{field}-error")
    assert said.text_content().strip() == sentence
    assert stored(drafted) == before
    if not headers:
        (kept,) = found(answer, f"#line-{SHINGLES}-{field}")
        assert (kept.get("value") or kept.text or "").strip() == typed
        assert found(answer, "#scope")[0].text.strip() == "Changed"


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("percent", "101", "Use a percentage from 0 to 100, such as 8.25."),
        ("percent", "-1", "Use a percentage from 0 to 100, such as 8.25."),
        ("percent", "NaN", "Use a percentage from 0 to 100, such as 8.25."),
        ("percent", "12,5", "Use a point, not a comma, before the decimals: 8.25."),
        ("percent", "8.1234", "Use at most three digits after the point."),
        ("amount", "5%", "To take off a percentage, choose % beside it."),
        ("amount", "1e308", "Use digits, such as 1250.50."),
        ("amount", "9" * 10_000, "This is too long: use at most 40 characters."),
        ("amount", "-5", "Enter an amount of zero or more."),
        ("amount", "a lot", "Use digits, such as 1250.50."),
    ],
)
def test_a_discount_that_cannot_be_is_refused_in_words(drafted: Job, kind, typed, sentence):
    data = posted(ROOF, revision(drafted), discount_kind=kind, discount=typed)
    answer = members_browser(drafted).post(address(drafted), data=data)
    assert answer.status_code == 422
    assert found(answer, "#discount-error")[0].text_content().strip() == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1e308", "Use a percentage from 0 to 100, such as 8.25."),
        ("-1", "Use a percentage from 0 to 100, such as 8.25."),
        ("101", "Use a percentage from 0 to 100, such as 8.25."),
        ("NaN", "Use a percentage from 0 to 100, such as 8.25."),
        ("8,25", "Use a point, not a comma, before the decimals: 8.25."),
        ("8.12345", "Use at most three digits after the point."),
        ("9" * 10_000, "This is too long: use at most 40 characters."),
    ],
)
def test_a_tax_rate_that_cannot_be_is_refused_in_words(drafted: Job, typed, sentence):
    data = posted(replace(ROOF, scope="Changed"), revision(drafted), tax_rate=typed)
    answer = members_browser(drafted).post(address(drafted), data=data)
    assert answer.status_code == 422
    assert found(answer, "#tax_rate-error")[0].text_content().strip() == sentence
    assert found(answer, "#tax_rate")[0].get("value") == typed
    assert found(answer, "#scope")[0].text.strip() == "Changed"


@pytest.mark.parametrize("field", ["discount", "tax_rate", f"line-{TEAROFF}-unit_price"])
def test_an_unreadable_character_is_named_and_left_out(drafted: Job, field: str):
    data = posted(ROOF, revision(drafted)) | {field: "12\x005"}
    answer = members_browser(drafted).post(address(drafted), data=data)
    assert answer.status_code == 422
    assert "Remove the unreadable character." in words(answer)
    assert found(answer, f"[name={field}]")[0].get("value") == "125"


def test_a_total_beyond_what_can_be_kept_is_refused_in_words(drafted: Job):
    dear = replace(ROOF.lines[0], quantity=1_000, unit_price_cents=99_999_999_999)
    data = posted(replace(ROOF, lines=(dear, ROOF.lines[1])), revision(drafted))
    answer = members_browser(drafted).post(address(drafted), data=data)
    assert answer.status_code == 422
    assert "The total comes to a billion or more." in words(answer)
    data = posted(replace(ROOF, lines=(replace(dear, quantity=2_000),)), revision(drafted))
    assert "This line comes to a billion or more." in words(
        members_browser(drafted).post(address(drafted), data=data)
    )


def test_lines_are_added_moved_and_taken_out_by_plain_buttons(drafted: Job):
    browser = members_browser(drafted)

    def press(wish: str, draft: EstimateDraft) -> list[str]:
        data = posted(draft, revision(drafted), do=wish)
        assert browser.post(address(drafted), data=data).status_code == 303
        return [line.key for line in stored(drafted).lines]

    assert press(f"up:{SHINGLES}", ROOF)[:2] == [SHINGLES, TEAROFF]
    assert press(f"up:{SHINGLES}", stored(drafted))[0] == SHINGLES
    assert press(f"down:{SHINGLES}", stored(drafted))[:2] == [TEAROFF, SHINGLES]
    assert FLASHING not in press(f"remove:{FLASHING}", stored(drafted))
    assert len(press("add", stored(drafted))) == 4


def test_adding_a_line_beside_a_bad_one_keeps_both_on_the_screen(drafted: Job):
    data = posted(ROOF, revision(drafted), do="add")
    data[f"line-{SHINGLES}-unit_price"] = "free"
    answer = members_browser(drafted).post(address(drafted), data=data, headers=HTMX)
    assert answer.status_code == 422
    assert len(found(answer, "fieldset.item")) == 5
    assert found(answer, f"#line-{SHINGLES}-unit_price")[0].get("value") == "free"


def test_two_people_at_one_draft_lose_nothing(drafted: Job):
    browser = members_browser(drafted)
    seen = revision(drafted)
    theirs = replace(ROOF, scope="Hers", lines=ROOF.lines[:3])
    colleague = replace(drafted.member, name="Theo Nakamura")
    actions.save_draft(drafted.estimate.id, theirs, seen, colleague)
    mine = posted(replace(ROOF, scope="Mine"), seen)
    told = browser.post(address(drafted), data=mine)
    assert told.status_code == 409
    assert "Theo Nakamura saved this draft while you were typing" in words(told)
    assert "Gutter guards" in " ".join(found(told, "#conflict")[0].text_content().split())
    assert found(told, "#scope")[0].text.strip() == "Mine"
    assert stored(drafted) == theirs
    over = found(told, "[name=over]")[0].get("value")
    assert browser.post(address(drafted), data=mine | {"over": over}).status_code == 303
    assert stored(drafted).scope == "Mine"


def test_a_conflict_while_typing_reaches_the_page(drafted: Job):
    seen = revision(drafted)
    actions.save_draft(drafted.estimate.id, replace(ROOF, scope="Hers"), seen, drafted.member)
    answer = members_browser(drafted).post(
        address(drafted), data=posted(replace(ROOF, scope="Mine"), seen), headers=HTMX
    )
    assert answer.status_code == 422, "htmx puts nothing on the page for a 409"
    assert found(answer, "#saved #conflict")


def test_keys_that_were_not_minted_here_are_left_out(drafted: Job):
    data = posted(ROOF, revision(drafted))
    data["line"] = [*[line.key for line in ROOF.lines], "'; drop", ROOF.lines[0].key]
    assert members_browser(drafted).post(address(drafted), data=data).status_code == 303
    assert len(stored(drafted).lines) == 4


def test_the_preview_is_the_customers_page_with_nothing_to_press(drafted: Job):
    before = drafted.events()
    page = members_browser(drafted).get(address(drafted, "/preview"))
    assert "This is exactly what your customer will see" in words(page)
    assert "Approve $15,703.33" in words(page)
    assert found(page, "#approve[disabled]")
    assert not found(page, "[name=options]:not([disabled])")
    assert drafted.events() == before
    assert drafted.onboarding.opened_version == 0


def test_a_sent_version_is_read_and_revised(sent: Job):
    browser = members_browser(sent)
    assert browser.get(address(sent)).headers["Location"] == address(sent, "")
    page = browser.get(address(sent, ""))
    assert "A sent version never changes." in words(page)
    late = browser.post(address(sent), data=posted(ROOF, 1))
    assert late.headers["Location"] == address(sent, "")
    where = f"/crm/onboardings/{sent.estimate.onboarding_id}/revision"
    assert "The customer has said nothing about this version." in words(browser.get(where))
    first, again = browser.post(where), browser.post(where)
    assert first.headers["Location"] == again.headers["Location"]
    assert browser.get(where).headers["Location"] == first.headers["Location"]
    both = browser.get(address(sent, ""))
    assert "Go on with version 2" in words(both)


def test_the_member_reads_why_it_was_rejected_before_revising(sent: Job):
    from onboarding.estimates import actions_answers

    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    actions_answers.give_reason(sent.estimate.id, "Over our budget", sent.customer)
    where = f"/crm/onboardings/{sent.estimate.onboarding_id}/revision"
    assert "Over our budget" in words(members_browser(sent).get(where))


def test_the_pdf_of_a_draft_opens(drafted: Job):
    answer = members_browser(drafted).get(address(drafted, "/pdf"))
    assert answer.data.startswith(b"%PDF-")


@pytest.mark.parametrize("rest", ["", "/draft", "/preview", "/pdf"])
def test_another_companys_member_finds_nothing(drafted: Job, rest):
    _, stranger = drafted.house.company("Bluebird Bath")
    browser = signed_in(drafted, "crm", stranger.id)
    assert browser.get(address(drafted, rest)).status_code == 404


def test_another_companys_member_saves_and_revises_nothing(sent: Job):
    _, stranger = sent.house.company("Bluebird Bath")
    browser = signed_in(sent, "crm", stranger.id)
    assert browser.post(address(sent), data=posted(ROOF, 1)).status_code == 404
    where = f"/crm/onboardings/{sent.estimate.onboarding_id}/revision"
    assert browser.post(where).status_code == browser.get(where).status_code == 404
    assert (
        browser.post(
            f"/crm/contacts/{sent.contact.id}/estimate", data={"title": "Mine"}
        ).status_code
        == 404
    )


def test_html_in_a_name_is_text(drafted: Job):
    sly = replace(ROOF.lines[0], name="<script>alert(1)</script>", description="=cmd()")
    drafted.save(replace(ROOF, lines=(sly,)))
    page = members_browser(drafted).get(address(drafted, "/preview"))
    assert "<script>alert(1)" not in page.text
    assert "<script>alert(1)</script>" in words(page)


def test_options_off_at_the_start_are_priced_and_not_counted(drafted: Job):
    page = members_browser(drafted).get(address(drafted))
    assert found(page, f"#line-{FLASHING}-amount")[0].text == "$890.00"
    assert pricing.totals(ROOF).total == drafted.onboarding.amount_cents
