"""In which language a page speaks: what a customer chose, what is known of them, what their browser
asks for, what the company speaks."""

import re

import pytest
from flask.testing import FlaskClient

from onboarding.accounts import actions_profile
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor
from onboarding.database import end_reads, read, transaction
from onboarding.invites.actions import revoke_invite
from onboarding.web.models import WebSession
from tests.accounts.people import PROFILE, accounts
from tests.house import House, as_customer
from tests.invites.scene import ANYONE, Scene, ready

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
ENGLISH = {"Accept-Language": "en-US,en;q=0.9,es;q=0.5"}
GERMAN = {"Accept-Language": "de-DE"}


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


def spoken(client: FlaskClient, path: str, headers: dict[str, str] = ENGLISH) -> str:
    page = client.get(path, headers=headers)
    found = re.search(r'<html lang="(\w+)"', page.text)
    assert found, page.text
    return found[1]


def choose(client: FlaskClient, language: str, way_back: str = "/portal") -> str:
    said = {"language": language, "way_back": way_back}
    answer = client.post("/portal/language", data=said, headers=ENGLISH)
    assert answer.status_code == 303
    return str(answer.location)


def landing(scene: Scene) -> str:
    return f"/i/{scene.secret()}"


def contact_language(scene: Scene) -> str:
    end_reads()
    return read(ANYONE).get_one(Contact, scene.contact.id).language


def sign_in_page(scene: Scene) -> str:
    return f"/portal/{scene.company.slug}/sign-in"


def test_a_spanish_phone_is_spoken_to_in_spanish(sent: Scene):
    client = sent.house.client()
    assert spoken(client, landing(sent), SPANISH) == "es"
    assert "Comenzar" in client.get(landing(sent), headers=SPANISH).text


def test_a_contact_known_to_read_spanish_gets_spanish_on_an_english_phone(sent: Scene):
    sent.edit_contact(language="es")
    assert spoken(sent.house.client(), landing(sent)) == "es"


def test_a_dead_link_speaks_to_its_contact_too(sent: Scene):
    secret = sent.secret()
    sent.edit_contact(language="es")
    revoke_invite(sent.onboarding_id, sent.by)
    page = sent.house.client().get(f"/i/{secret}", headers=ENGLISH)
    assert page.status_code == 410
    assert "Este enlace se desactivó" in page.text


def test_the_button_offers_the_other_language_by_its_own_name(sent: Scene):
    client = sent.house.client()
    assert '<button type="submit" lang="es">Español</button>' in client.get(landing(sent)).text
    choose(client, "es")
    assert '<button type="submit" lang="en">English</button>' in client.get(landing(sent)).text


def test_choosing_comes_back_to_the_same_page_in_the_other_language(sent: Scene):
    client = sent.house.client()
    page = landing(sent)
    assert f'name="way_back" value="{page}"' in client.get(page).text
    assert choose(client, "es", page) == page
    assert spoken(client, page) == "es"
    assert spoken(client, sign_in_page(sent)) == "es"


def test_what_was_chosen_goes_before_what_contact_and_phone_say(sent: Scene):
    sent.edit_contact(language="es")
    client = sent.house.client()
    choose(client, "en")
    assert spoken(client, landing(sent), SPANISH) == "en"


def test_before_there_is_an_account_choosing_keeps_nothing_but_a_cookie(sent: Scene):
    choose(sent.house.client(), "es")
    end_reads()
    assert not read(ANYONE).query(WebSession).all()
    assert contact_language(sent) == "en"


@pytest.mark.parametrize("way_back", ["https://evil.example/", "//evil.example", "", "/\\evil"])
def test_choosing_leads_nowhere_else(sent: Scene, way_back: str):
    assert choose(sent.house.client(), "es", way_back) == "/portal"


def test_a_language_we_do_not_speak_changes_nothing(sent: Scene):
    client = sent.house.client()
    choose(client, "tlh")
    assert spoken(client, landing(sent)) == "en"


def test_the_language_of_the_page_becomes_that_of_the_account_and_its_mail(sent: Scene):
    client = sent.house.client()
    client.post(f"{landing(sent)}/start", headers=SPANISH)
    assert spoken(client, "/portal/account") == "es"
    client.post("/portal/account")
    assert accounts()[0].language == "es"
    assert contact_language(sent) == "es"
    client.post("/portal/profile", data=PROFILE)
    assert spoken(client, "/portal/estimate") == "es"


def test_a_code_is_mailed_in_the_language_of_the_page_that_asked(sent: Scene):
    client = sent.house.client()
    client.post(f"{landing(sent)}/start", headers=SPANISH)
    client.post("/portal/account/email")
    [mail] = sent.deliveries("magic_link")
    assert "Presione el botón" in sent.words(mail)


def test_an_account_remembers_what_was_chosen_on_every_device(sent: Scene):
    first = sent.started()
    first.post("/portal/account")
    assert accounts()[0].language == "en"
    choose(first, "es")
    assert accounts()[0].language == "es"
    assert contact_language(sent) == "es"
    second = sent.started()
    second.get("/portal/next")
    assert spoken(second, "/portal/profile") == "es"


def test_choosing_what_is_chosen_changes_nothing(sent: Scene):
    client = sent.started()
    client.post("/portal/account")
    versions = []
    for _ in range(2):
        choose(client, "es")
        end_reads()
        kept = read(ANYONE).get_one(Contact, sent.contact.id)
        versions.append((accounts()[0].version, kept.version))
    assert versions[0] == versions[1]


def test_choosing_may_be_done_at_every_step_and_moves_nothing(sent: Scene):
    client = sent.started()
    client.post("/portal/account")
    before = sent.events()
    actions_profile.choose_language(accounts()[0].id, "es", as_customer(accounts()[0]))
    assert sent.events() == before


def test_a_company_that_speaks_spanish_does_so_to_a_phone_that_asks_for_neither(sent: Scene):
    with transaction(sent.company.id) as db:
        db.get_one(Contractor, sent.company.id).language = "es"
    client = sent.house.client()
    assert spoken(client, sign_in_page(sent), GERMAN) == "es"
    assert spoken(client, sign_in_page(sent), ENGLISH) == "en"


def test_members_read_english_unless_their_browser_asks_for_spanish(sent: Scene):
    client = sent.house.client()
    sent.house.sign_in_member(client, sent.member)
    languages = [spoken(client, "/crm/contacts", headers) for headers in (ENGLISH, GERMAN, SPANISH)]
    assert languages == ["en", "en", "es"]
    assert "way_back" not in client.get("/crm/contacts", headers=SPANISH).text


def test_looking_at_a_page_in_either_language_writes_nothing(sent: Scene):
    client = sent.started()
    client.post("/portal/account")
    client.get("/portal/profile", headers=SPANISH)
    assert (accounts()[0].language, contact_language(sent)) == ("en", "en")


def test_a_page_that_answered_a_form_leads_back_to_where_the_form_was(sent: Scene):
    client = sent.started()
    client.post("/portal/account")
    page = client.post("/portal/profile", data=PROFILE | {"name": ""}, headers=SPANISH)
    assert page.status_code == 422
    assert 'name="way_back" value="/portal/profile"' in page.text
