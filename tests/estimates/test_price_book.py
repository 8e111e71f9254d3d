"""The price book: kept from a line, found by its name, put into another estimate."""

import pytest

from onboarding.database import end_reads, read
from onboarding.estimates import price_book
from onboarding.estimates.price_book import ItemWords, NameTaken
from tests.estimates.job import TEAROFF, Job, members_browser
from tests.estimates.pages import found, words

SHIELD = ItemWords("Ice & water shield", "Two courses, 100% covered", "square", 12_800, 7_450)
HTMX = {"HX-Request": "true"}


def names(job: Job, sought: str = "") -> list[str]:
    end_reads()
    return [item.name for item in price_book.items(read(job.company.id), sought)]


def draft(job: Job, **more: str) -> dict[str, str]:
    line = {
        f"line-{TEAROFF}-name": "Tear-off", f"line-{TEAROFF}-quantity": "3",
        f"line-{TEAROFF}-unit": "squares", f"line-{TEAROFF}-unit_price": "150",
        f"line-{TEAROFF}-unit_cost": "90",
    }  # fmt: skip
    return {
        "discount_kind": "amount",
        "line": TEAROFF,
        "revision": str(job.estimate.draft_revision),
        **line,
        **more,
    }


def builder(job: Job) -> str:
    return f"/crm/estimates/{job.estimate.id}/draft"


def test_a_line_is_kept_with_its_cost_and_put_into_an_estimate_again(drafted: Job):
    browser = members_browser(drafted)
    browser.post(builder(drafted), data=draft(drafted, do=f"keep:{TEAROFF}"))
    (item,) = price_book.items(read(drafted.company.id))
    assert (item.name, item.unit, item.unit_price_cents) == ("Tear-off", "squares", 15_000)
    assert item.unit_cost_cents == 9_000
    form = draft(drafted, do=f"insert:{item.id}", below=TEAROFF)
    form["revision"] = str(drafted.estimate.draft_revision + 1)
    answer = browser.post(builder(drafted), data=form, headers=HTMX)
    assert [field.get("value") for field in found(answer, "[name$=-unit_cost]")] == [
        "90",
        "90",
    ] or [field.get("value") for field in found(answer, "[name$=-unit_cost]")] == ["90", "90.00"]
    assert [field.get("value") for field in found(answer, "[name$=-name]")] == ["Tear-off"] * 2


def test_kept_twice_under_one_name_it_is_one_and_says_the_new_thing(drafted: Job):
    price_book.keep(SHIELD, drafted.member)
    price_book.keep(ItemWords(SHIELD.name, unit_price_cents=13_000), drafted.member)
    (item,) = price_book.items(read(drafted.company.id))
    assert item.unit_price_cents == 13_000


@pytest.mark.parametrize("sought", ["shield", "ICE wat", "two courses", "& water", "100%"])
def test_it_is_found_by_parts_of_name_and_description(drafted: Job, sought: str):
    price_book.keep(SHIELD, drafted.member)
    price_book.keep(ItemWords("Ridge vent"), drafted.member)
    assert names(drafted, sought) == [SHIELD.name]


@pytest.mark.parametrize("sought", ["%", "_", "\\", "x%y", "' or 1=1 --"])
def test_wildcards_are_letters(drafted: Job, sought: str):
    price_book.keep(ItemWords("Ridge vent"), drafted.member)
    assert names(drafted, sought) == []


def test_the_builder_offers_what_is_found_as_it_is_typed(drafted: Job):
    price_book.keep(SHIELD, drafted.member)
    browser = members_browser(drafted)
    found_there = browser.get(f"{builder(drafted)}/book?book=shield", headers=HTMX)
    assert "Ice & water shield" in words(found_there)
    assert "$128.00" in words(found_there)
    nothing = browser.get(f"{builder(drafted)}/book?book=tile", headers=HTMX)
    assert "nothing like “tile”" in words(nothing)
    plain = browser.get(f"{builder(drafted)}?book=shield")
    assert "Put in" in words(plain)


def test_an_item_is_written_searched_corrected_and_taken_out_on_its_pages(drafted: Job):
    browser = members_browser(drafted)
    page = browser.get("/crm/price-book/new")
    (form,) = found(page, "form.form")
    where = form.get("action")
    for _sent_twice in range(2):
        answer = browser.post(where, data={"name": "Ridge vent", "unit": "ft", "unit_price": "14"})
        assert answer.status_code == 303
    assert names(drafted) == ["Ridge vent"]
    where = where.replace("/new/", "/")
    browser.post(where, data={"name": "Ridge vent", "unit_price": "15.50", "unit_cost": "8"})
    page = browser.get("/crm/price-book?search=vent", headers=HTMX)
    assert "$15.50" in words(page)
    assert "$8.00" in words(page)
    bad = browser.post(where, data={"name": "", "unit_price": "dear"})
    assert bad.status_code == 422
    assert "Name the item" in words(bad)
    for _pressed_twice in range(2):
        assert browser.post(f"{where}/removal").status_code == 303
    assert names(drafted) == []
    assert browser.get(where).status_code == 404


def test_a_name_is_taken_once_and_free_again_when_the_item_is_gone(drafted: Job):
    one, other = "one".ljust(26, "0"), "other".ljust(26, "0")
    price_book.save_item(one, SHIELD, drafted.member)
    with pytest.raises(NameTaken):
        price_book.save_item(other, SHIELD, drafted.member)
    price_book.remove_item(one, drafted.member)
    price_book.save_item(other, SHIELD, drafted.member)
    assert names(drafted) == [SHIELD.name]


def test_another_companys_items_are_neither_found_nor_put_in(drafted: Job):
    item = price_book.keep(SHIELD, drafted.member)
    _rival, owner = drafted.house.company("Copper Kettle")
    browser = drafted.house.sign_in_member(drafted.house.client(), owner)
    assert "Nothing in the price book yet" in words(browser.get("/crm/price-book"))
    assert browser.get(f"/crm/price-book/{item.id}").status_code == 404
    assert browser.post(f"/crm/price-book/{item.id}", data={"name": "Mine"}).status_code == 404
    assert browser.post(f"/crm/price-book/{item.id}/removal").status_code == 404
    assert names(drafted) == [SHIELD.name]


def test_the_price_book_is_led_to_from_everywhere(drafted: Job):
    page = members_browser(drafted).get("/crm/contacts")
    assert found(page, "a[href=/crm/price-book]")
