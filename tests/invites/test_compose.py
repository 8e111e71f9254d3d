import pytest
from flask.testing import FlaskClient

from onboarding.estimates import actions as estimates
from onboarding.estimates.drafts import EstimateDraft
from tests.house import House
from tests.invites.scene import Scene, ready


@pytest.fixture
def scene(house: House) -> Scene:
    return ready(house)


@pytest.fixture
def crm(scene: Scene) -> FlaskClient:
    return scene.house.sign_in_member(scene.house.client(), scene.member)


def at(scene: Scene, what: str = "") -> str:
    return f"/crm/onboardings/{scene.onboarding_id}/invite{what}"


def test_the_page_is_filled_with_what_the_contact_prefers(scene: Scene, crm: FlaskClient):
    page = crm.get(at(scene)).text
    assert "Send Portal Invite" in page
    assert 'value="email" checked' in page
    assert 'value="sms" checked' not in page
    assert "dana@example.com" in page
    assert "72 hours" in page


def test_pressing_it_sends_and_leads_back_to_the_contact(scene: Scene, crm: FlaskClient):
    answer = crm.post(at(scene), data={"channels": ["email", "sms"]})
    assert answer.status_code == 303
    assert answer.location == f"/crm/contacts/{scene.contact.id}"
    assert len(scene.deliveries("invite")) == 2


def test_what_is_missing_is_said_with_a_way_to_put_it_right(scene: Scene, crm: FlaskClient):
    draft = estimates.revise(scene.onboarding_id, scene.by)
    estimates.save_draft(draft.id, EstimateDraft(), draft.draft_revision, scene.by)
    page = crm.get(at(scene))
    assert "Before it can be sent" in page.text
    assert "at least one line item" in page.text
    answer = crm.post(at(scene), data={"channels": "email"})
    assert answer.status_code == 422
    assert "at least one line item" in answer.text
    assert scene.deliveries() == []


@pytest.mark.parametrize("channels", [[], ["pigeon"]])
def test_without_a_channel_nothing_is_sent(scene: Scene, crm: FlaskClient, channels: list[str]):
    answer = crm.post(at(scene), data={"channels": channels})
    assert answer.status_code == 422
    assert "Choose how to send it" in answer.text


def test_somebody_without_an_address_is_led_to_the_contact(house: House):
    scene = ready(house, email=None, mobile=None)
    crm = house.sign_in_member(house.client(), scene.member)
    page = crm.get(at(scene)).text
    assert f"/crm/contacts/{scene.contact.id}/edit" in page
    assert "disabled" in page


def test_nothing_ticked_is_put_right_on_the_page_itself(scene: Scene, crm: FlaskClient):
    page = crm.post(at(scene), data={"channels": []}).text
    assert "Choose how to send it: by e-mail, by text message, or both." in page
    assert f"/crm/contacts/{scene.contact.id}/edit" not in page


def test_what_is_missing_is_said_in_the_language_of_the_reader(scene: Scene, crm: FlaskClient):
    draft = estimates.revise(scene.onboarding_id, scene.by)
    estimates.save_draft(draft.id, EstimateDraft(), draft.draft_revision, scene.by)
    page = crm.get(at(scene), headers={"Accept-Language": "es"}).text
    assert "El presupuesto no está completo. Le falta:" in page
    assert "at least one line item" not in page


def test_nothing_to_revoke_leads_back_to_the_contact(scene: Scene, crm: FlaskClient):
    before = crm.get(at(scene, "/revocation"))
    assert (before.status_code, before.location) == (303, f"/crm/contacts/{scene.contact.id}")
    crm.post(at(scene), data={"channels": "email"})
    assert "Revoke this invite?" in crm.get(at(scene, "/revocation")).text


def test_sent_before_the_same_page_resends(scene: Scene, crm: FlaskClient):
    crm.post(at(scene), data={"channels": "email"})
    page = crm.get(at(scene)).text
    assert "Resend Portal Invite" in page
    crm.post(at(scene), data={"channels": "sms"})
    assert scene.events()[-1] == "invite.resent"
    assert scene.links()[-1].channel == "sms"


def test_a_second_click_on_send_is_the_first_one_again(scene: Scene, crm: FlaskClient):
    for _ in range(2):
        assert crm.post(at(scene), data={"channels": "email"}).status_code == 303
    assert len(scene.invites()) == 1


def test_resend_is_one_button_elsewhere(scene: Scene, crm: FlaskClient):
    crm.post(at(scene), data={"channels": "email"})
    answer = crm.post(at(scene, "/replacement"))
    assert answer.location == f"/crm/contacts/{scene.contact.id}"
    assert len(scene.invites()) == 2


def test_revoking_asks_first_and_works_at_once(scene: Scene, crm: FlaskClient):
    crm.post(at(scene), data={"channels": "email"})
    assert "It works at once" in crm.get(at(scene, "/revocation")).text
    assert not scene.onboarding().facts.is_revoked
    assert crm.post(at(scene, "/revocation")).status_code == 303
    assert scene.onboarding().facts.is_revoked
    assert crm.post(at(scene, "/revocation")).status_code == 303


def test_no_page_of_the_contractor_ever_shows_a_link(scene: Scene, crm: FlaskClient):
    crm.post(at(scene), data={"channels": ["email", "sms"]})
    secrets = [scene.secret(0), scene.secret(1)]
    pages = [at(scene), at(scene, "/revocation"), f"/crm/contacts/{scene.contact.id}"]
    said = "".join(crm.get(page).text for page in pages)
    assert not any(secret in said for secret in secrets)


def test_another_contractors_member_finds_nothing(scene: Scene):
    _company, owner = scene.house.company("Northside Roofing")
    other = scene.house.sign_in_member(scene.house.client(), owner)
    for path in (at(scene), at(scene, "/revocation")):
        assert other.get(path).status_code == 404
        assert other.post(path, data={"channels": "email"}).status_code == 404
    assert other.post(at(scene, "/replacement")).status_code == 404
    assert scene.deliveries() == []
