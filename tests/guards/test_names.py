"""From an endpoint one can type its template and its room's tests, and the other way round."""

import re
from pathlib import Path

from tests.guards.route_table import ROWS
from tests.guards.sources import ROOT, product
from tests.guards.test_templates import TEMPLATES, texts

# Screens whose template has another name, or that have none -> why.
NAMED_OTHERWISE = {
    "brand.color": "a style sheet",
    "brand.icon": "a picture",
    "brand.logo": "a picture",
    "brand.manifest": "JSON",
    "brand.sheet": "a style sheet",
    "card_sandbox.api": "JSON",
    "card_sandbox.authentication": "sandbox/checkout_authentication.html, of a foreign site",
    "card_sandbox.checkout": "sandbox/checkout.html, of a foreign site",
    "card_sandbox.connect": "sandbox/connect.html, of a foreign site",
    "card_sandbox.sheet": "a style sheet",
    "contacts.export": "a file",
    "contacts.left_out": "a file",
    "contractors.message_mail": "a mail, as it would be sent",
    "contractors.sample_mail": "a mail, as it would be sent",
    "contracts.current": "leads to the screen that comes next for the contract in force",
    "contracts.pdf": "a file",
    "contracts.signed_pdf": "a file",
    "contracts_crm.new_template": "the page of a template, still empty",
    "contracts_crm.pdf": "a file",
    "contracts_crm.signed_pdf": "a file",
    "design.contractors": "design/gallery_crm.html",
    "design.customers": "design/gallery.html",
    "estimates.current": "the page of the latest version",
    "estimates.pdf": "a file",
    "estimates.picture": "a file",
    "estimates_crm.find_in_book": "estimates/_found.html, below the builder's lines",
    "estimates_crm.new_price_item": "the page of an item, still empty",
    "estimates_crm.pdf": "a file",
    "estimates_crm.picture": "a file",
    "front.healthz": "one word for machines",
    "front.home": "leads to the pipeline",
    "insights.csv": "a file",
    "mailbox.file": "a file",
    "mailbox.html": "a mail, as it was sent",
    "mailbox.letter": "sandbox/mailbox.html, with one letter opened",
    "mailbox.messages": "sandbox/mailbox.html",
    "mailbox.poll": "what is new on sandbox/mailbox.html",
    "mailbox.sample_html": "a mail with sample data, as it is sent",
    "mailbox.samples": "sandbox/samples.html",
    "messages.poll": "what is new in a conversation",
    "messages.talk_poll": "what is new on an estimate",
    "messages_crm.poll": "what is new in a conversation",
    "pipeline.home": "leads to the board",
    "pipeline.poll": "what is new on the board",
    "portal.go_on": "leads to the first unfinished step",
    "record.poll": "what is new on the record",
}
# Pages that no GET of their name shows -> when they are shown.
SHOWN_OTHERWISE = {
    "accounts/link_confirmed.html": "after a mailed link was confirmed on another device",
    "accounts/link_dead.html": "for a mailed link that is over",
    "accounts/ran_out.html": "an hour after Get started",
    "accounts/ways.html": "macros that two screens share",
    "contracts/preparing.html": "until the signed PDF is sealed, to the customer",
    "contracts/preview.html": "answers the editor's form, which is not kept",
    "contracts/template_preview.html": "answers the template's form, which is not kept",
    "contracts/read.html": "a sent contract, to the contractor",
    "contracts/sealing.html": "until the signed PDF is sealed, to the contractor",
    "contractors/join_dead.html": "for an invitation to a team that is over",
    "contractors/message_sample.html": "answers the form of own words, which is not kept",
    "contractors/sign_up_dead.html": "for a link to begin with that is over",
    "contractors/reset_dead.html": "for a link to a new password that is over",
    "design/gallery.html": "the demo's page of components",
    "design/gallery_crm.html": "the demo's page of components",
    "errors/sentence.html": "for whatever was refused or failed",
    "estimates/version.html": "a sent version, to the contractor",
    "invites/asked.html": "after a new link was asked for",
    "invites/dead_end.html": "for a link that is over",
    "messages/answer.html": "a conversation, to the contractor",
    "pipeline/reminders.html": "answers the board's form, before anything is sent",
    "sandbox/checkout.html": "the card sandbox's page",
    "sandbox/connect.html": "the card sandbox's page",
    "sandbox/checkout_authentication.html": "the card sandbox's page",
    "sandbox/checkout_closed.html": "the card sandbox's page",
    "sandbox/mailbox.html": "the local mailbox",
    "sandbox/samples.html": "every message there is, beside the local mailbox",
}
# Rooms without a folder of tests under their own name -> where they are tested.
TESTED_ELSEWHERE = {
    "brand": "tests/guards, page by page",
    "card_sandbox": "tests/sandbox",
    "design": "tests/guards, page by page",
    "front": "tests/guards, page by page",
    "mail_webhook": "tests/notifications",
    "mailbox": "tests/sandbox",
    "reminders": "tests/invites",
    "notifications_webhook": "tests/notifications",
    "stripe_webhook": "tests/payments",
    "verify": "tests/contracts/test_verify.py",
}
LAYOUTS = re.compile(r"(^|/)\w*layout\.html$|^components/")


def screens() -> set[str]:
    """Endpoints that answer GET."""
    return {name.partition(" ")[2] for name in ROWS if name.startswith("GET ")}


def room(endpoint: str) -> str:
    return endpoint.partition(".")[0].removesuffix("_crm")


def templates_of(endpoint: str) -> set[str]:
    name = endpoint.partition(".")[2]
    return {f"{room(endpoint)}/{name}.html", f"{room(endpoint)}/_{name}.html"}


def pages() -> set[str]:
    names = {path for path in texts() if not path.rpartition("/")[2].startswith("_")}
    return {path for path in names if not LAYOUTS.search(path)}


def nameless_screens() -> set[str]:
    return {endpoint for endpoint in screens() if not templates_of(endpoint) & texts().keys()}


def nameless_pages() -> set[str]:
    known = {template for endpoint in screens() for template in templates_of(endpoint)}
    return pages() - known


def used_templates() -> set[str]:
    """Named in the code, or by another template."""
    named = re.compile(r"[\"']([a-z_]+/?[a-z_]+\.html)[\"']")
    found = {name for source in product() for name in named.findall(source.text)}
    return found | {name for text in texts().values() for name in named.findall(text)}


def rooms_without_tests() -> set[str]:
    rooms = {room(name.partition(" ")[2]) for name in ROWS}
    return {name for name in rooms if not has_tests(ROOT / "tests" / name)}


def has_tests(folder: Path) -> bool:
    return any(folder.glob("test_*.py"))


def test_a_screen_has_a_template_of_its_name():
    assert not nameless_screens() - NAMED_OTHERWISE.keys()


def test_a_page_has_an_endpoint_of_its_name():
    assert not nameless_pages() - SHOWN_OTHERWISE.keys()


def test_every_template_is_shown_by_somebody():
    assert not texts().keys() - used_templates() - _built_names()


def _built_names() -> set[str]:
    """The card sandbox puts its pages' names together."""
    return {path for path in texts() if path.startswith("sandbox/checkout")}


def test_every_room_has_tests():
    assert not rooms_without_tests() - TESTED_ELSEWHERE.keys()


def test_no_exception_is_stale():
    stale = {
        *(NAMED_OTHERWISE.keys() - nameless_screens()),
        *(SHOWN_OTHERWISE.keys() - nameless_pages()),
        *(TESTED_ELSEWHERE.keys() - rooms_without_tests()),
    }
    assert not stale, "as the house has it now: take it out"


def test_a_screen_without_its_template_is_seen(monkeypatch):
    monkeypatch.setitem(ROWS, "GET contacts.merge", ROWS["GET contacts.edit"])
    assert "contacts.merge" in nameless_screens()


def test_a_page_without_its_endpoint_is_seen(monkeypatch):
    monkeypatch.delitem(ROWS, "GET contacts.edit")
    assert "contacts/edit.html" in nameless_pages()


def test_a_room_without_tests_is_seen(tmp_path):
    assert not has_tests(tmp_path)
    assert (TEMPLATES / "layout.html").exists()
