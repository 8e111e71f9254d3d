"""A list from another program, as it was exported: looked through, decided about, taken in."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from onboarding.contacts import importing
from onboarding.contacts.queries import contact_page
from onboarding.database import end_reads, read
from tests.browser.chromium import desktop
from tests.browser.live import Live
from tests.browser.people import Office

MESSY = (
    "Kunde;Rufnummer;Elektropost;Notas\r\n"
    'Sof\u00eda D\u00edaz;(503) 555-0111;sofia@example.com;"two\r\nlines; quoted"\r\n'
    "Jos\u00e9 Ni\u00f1o;;jose@example;\r\n"
    "Dana W.;;DANA@example.com;\r\n"
    ";;nobody@example.com;\r\n"
)


def choose(page: Page, column: str, field: str) -> None:
    page.get_by_role("combobox", name=column).select_option(label=field)


def test_a_windows_list_with_broken_rows(browser: Browser, live: Live, tmp_path: Path):
    company, member = live.house.company()
    live.house.contact(company, "Dana Whitfield", email="dana@example.com")
    file = tmp_path / "kunden.csv"
    file.write_bytes(MESSY.encode("cp1252"))
    with desktop(browser) as page:
        Office(page, live).signs_in(member.email)
        page.goto(f"{live.url}/crm/contacts/imports")
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Look through the file").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("kunden.csv")
        expect(page.get_by_text("Sof\u00eda D\u00edaz").first).to_be_visible()
        for column, field in (("Kunde", "Name"), ("Rufnummer", "Phone"), ("Elektropost", "E-mail")):
            choose(page, column, field)
        page.get_by_role("button", name="Look through it again").press("Enter")
        expect(page.get_by_text("The part after the @ has no dot.")).to_be_visible()
        expect(page.get_by_text("There is no name.")).to_be_visible()
        assert len(contact_page(read(company.id)).contacts) == 1
        page.get_by_label("Skip them").check()
        page.get_by_role("button", name="Import 2 rows").press("Enter")
        expect(page.get_by_text("1 contact was added")).to_be_visible()
        page.reload()
        expect(page.get_by_text("1 contact was added")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download what was left out").press("Enter")
        left = download.value.path().read_bytes().decode("utf-8-sig")
    assert "Already a contact, with the same e-mail: Dana Whitfield" in left
    assert "Jos\u00e9 Ni\u00f1o" in left
    end_reads()
    people = contact_page(read(company.id)).contacts
    assert [one.name for one in people] == ["Dana Whitfield", "Sof\u00eda D\u00edaz"]


def test_the_bar_goes_on_where_it_was_after_a_reload(
    browser: Browser, live: Live, tmp_path: Path, monkeypatch
):
    """Six hundred rows, ten at a time, so that there is something to watch."""
    monkeypatch.setattr(importing, "CHUNK", 10)
    _company, member = live.house.company()
    rows = "".join(f"Person {n},p{n}@example.com\n" for n in range(600))
    file = tmp_path / "list.csv"
    file.write_text(f"Name,Email\n{rows}")
    with desktop(browser) as page:
        Office(page, live).signs_in(member.email)
        page.goto(f"{live.url}/crm/contacts/imports")
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Look through the file").click()
        page.get_by_role("button", name="Import 600 rows").click()
        bar = page.get_by_role("progressbar")
        expect(bar).to_be_visible()
        before = int(bar.get_attribute("value") or 0)
        page.reload()
        done = page.get_by_text("600 contacts were added")
        expect(bar.or_(done).first).to_be_visible()
        if bar.count():
            assert int(bar.get_attribute("value") or 0) >= before
        expect(done).to_be_visible()
    assert before < 600
