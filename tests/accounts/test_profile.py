import pytest
from sqlalchemy import text

from onboarding.contacts.models import Contact
from onboarding.contacts.reach import reach
from onboarding.database import end_reads, engine, read
from onboarding.invites.actions import revoke_invite
from onboarding.notifications.models import Channel
from tests.accounts.people import PROFILE, accounts, inside
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


def contact(scene: Scene) -> Contact:
    end_reads()
    return read(ANYONE).get_one(Contact, scene.contact.id)


def test_saving_it_leads_to_the_estimate_step(sent: Scene):
    customer = inside(sent)
    answer = customer.post("/portal/profile", data=PROFILE)
    assert answer.location == "/portal/next"
    assert sent.onboarding().has_profile
    assert sent.events()[-1] == "account.profile_saved"
    assert customer.get("/portal/next").location.startswith("/portal/estimate")


def test_from_the_link_to_the_estimate_it_is_three_presses(sent: Scene):
    customer = sent.house.client()
    taps = [
        customer.post(f"/i/{sent.secret()}/start"),
        customer.post("/portal/account"),
        customer.post("/portal/profile", data=PROFILE),
    ]
    assert [answer.status_code for answer in taps] == [303] * 3
    assert len(taps) <= 4
    assert customer.get("/portal/next").location.startswith("/portal/estimate")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter your name."),
        ("name", "D" * 10_000, "This is too long"),
        ("address_line1", "  ", "Enter your street address."),
        ("postal_code", "9" * 30, "This is too long"),
        ("city", "a\x00b", "Remove the unreadable character."),
        ("preferred_channel", "pigeon", "Not a valid choice"),
    ],
)
def test_what_needs_another_look_keeps_everything_typed(sent, field, typed, sentence):
    customer = inside(sent)
    given = PROFILE | {"city": "Astoria"} | {field: typed}
    answer = customer.post("/portal/profile", data=given)
    assert answer.status_code == 422
    if field != "preferred_channel":
        assert sentence in answer.text
    if field != "city":
        assert 'value="Astoria"' in answer.text
    assert not sent.onboarding().has_profile


@pytest.mark.parametrize(
    "name", ["=1+1", "<script>alert(1)</script>", "{{ 7*7 }}", "O’Malley, Jr."]
)
def test_a_name_that_looks_like_code_is_a_name(sent: Scene, name: str):
    customer = inside(sent)
    customer.post("/portal/profile", data=PROFILE | {"name": name})
    (account,) = accounts()
    assert account.name == name
    page = customer.get("/portal/profile").text
    assert "<script>alert" not in page
    assert "49" not in page.split('name="name"')[1][:200]


def test_editing_later_never_moves_the_job_site(sent: Scene):
    customer = inside(sent)
    customer.post("/portal/profile", data=PROFILE)
    answer = customer.post("/portal/profile", data=PROFILE | {"address_line1": "1 New Street"})
    assert answer.location == "/portal"
    (account,) = accounts()
    assert account.address_line1 == "1 New Street"
    assert sent.onboarding().site_line1 == "88 Fir Lane"
    assert contact(sent).address_line1 == "88 Fir Lane"


def test_the_contractor_learns_how_the_customer_likes_to_be_reached(sent: Scene):
    inside(sent).post("/portal/profile", data=PROFILE | {"preferred_channel": "sms"})
    assert contact(sent).preferred_channel == "sms"


def test_saving_the_same_again_writes_nothing(sent: Scene):
    customer = inside(sent)
    customer.post("/portal/profile", data=PROFILE)
    before = sent.events()
    customer.post("/portal/profile", data=PROFILE)
    assert sent.events() == before


def test_looking_at_it_writes_nothing(sent: Scene):
    customer = inside(sent)
    customer.get("/portal/profile")

    def everything() -> str:
        with engine().connect() as raw:
            names = raw.execute(text("select name from sqlite_master where type = 'table'"))
            return "".join(
                f"{t}{raw.execute(text(f'select * from {t}')).all()}" for t in names.scalars().all()
            )

    before = everything()
    for page in ("/portal/profile", "/portal/confirmation"):
        assert customer.get(page).status_code == 200
        assert customer.head(page).status_code == 200
    assert everything() == before


def test_a_contractors_edit_of_the_contact_touches_no_account(sent: Scene):
    inside(sent)
    sent.edit_contact(email="other@example.com", mobile="+15035550199", name="Somebody Else")
    (account,) = accounts()
    assert (account.email, account.name) == ("dana@example.com", "Dana Whitfield")


def test_revoked_the_profile_is_closed(house: House):
    scene = ready(house)
    scene.send(Channel.SMS)
    customer = inside(scene)
    revoke_invite(scene.onboarding_id, scene.by)
    assert customer.post("/portal/profile", data=PROFILE).status_code == 410
    assert not scene.onboarding().has_profile


def test_whoever_prefers_texts_is_texted_at_the_number_on_the_page(sent: Scene):
    customer = inside(sent)
    assert "(503) 555-0188" in customer.get("/portal/profile").text
    customer.post("/portal/profile", data=PROFILE | {"preferred_channel": "sms"})
    end_reads()
    found = reach(read(ANYONE), sent.contact.id)
    assert found is not None
    assert (found.channel, found.address) == ("sms", "+15035550188")


def test_a_way_of_being_reached_that_leads_nowhere_cannot_be_chosen(house: House):
    scene = ready(house, mobile=None)
    scene.send()
    answer = inside(scene).post("/portal/profile", data=PROFILE | {"preferred_channel": "sms"})
    assert answer.status_code == 422
    assert "We have no mobile number for you yet" in answer.text
    assert not scene.onboarding().has_profile
