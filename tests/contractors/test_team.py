"""The owner invites people, gives them a role, lets them go and lets them back in."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from onboarding import clock, database, jobs
from onboarding.contractors import team
from onboarding.contractors.actions import add_member
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, read
from onboarding.sandbox.mailbox import Mailbox
from tests.house import PASSWORD, House

NEW = "orchard lantern 57"
THEO = "theo@example.com"
ALL = Everyone("a test looks at everybody")


@pytest.fixture
def owner(house: House):
    company, member = house.company()
    return company, member, house.sign_in_member(house.client(), member)


def mailed(house: House, email: str = THEO) -> list[str]:
    """The paths of the links mailed to an address, the newest first."""
    jobs.run_pending()
    texts = [
        one.mail.get_body(("plain",)).get_content()
        for one in Mailbox(house.settings).latest("email")
        if one.recipient == email
    ]
    return [re.search(r"http://localhost(/crm/join/\S+)", text)[1] for text in texts]


def invite(browser, email: str = THEO, role: str = "staff"):
    return browser.post("/crm/team", data={"email": email, "role": role})


def joined(house, path, name="Theo Marsh", password=NEW):
    person = house.client()
    return person, person.post(path, data={"name": name, "password": password})


def member(email: str = THEO) -> Member:
    database.end_reads()
    return read(ALL).query(Member).filter_by(email=email).one()


def act(browser, who: Member, what: str, **form: str):
    return browser.post(f"/crm/team/{who.id}/{what}", data=form)


def test_who_is_invited_chooses_a_name_and_a_password_and_is_in(house, owner):
    company, _, browser = owner
    assert invite(browser).status_code == 303
    assert THEO in browser.get("/crm/team").text
    (path,) = mailed(house)
    assert "Join Ridgeline Roofing" in house.client().get(path).text
    person, answer = joined(house, path)
    assert answer.status_code == 303
    assert person.get("/crm/pipeline").status_code == 200
    assert person.get("/crm/team").status_code == 403, "staff"
    assert (member().name, member().contractor_id) == ("Theo Marsh", company.id)
    signed_in = house.client().post("/crm/sign-in", data={"email": THEO, "password": NEW})
    assert signed_in.status_code == 303


def test_looking_uses_nothing_up_and_joining_does(house, owner):
    invite(owner[2])
    (path,) = mailed(house)
    for _ in range(3):
        assert house.client().get(path).status_code == 200
    assert joined(house, path)[1].status_code == 303
    assert house.client().get(path).status_code == 410
    assert joined(house, path)[1].status_code == 410


def test_a_link_works_for_seven_days(house, owner):
    invite(owner[2])
    (path,) = mailed(house)
    with clock.shifted(timedelta(days=7, minutes=-1)):
        assert house.client().get(path).status_code == 200
    with clock.shifted(timedelta(days=7, minutes=1)):
        assert house.client().get(path).status_code == 410
        assert joined(house, path)[1].status_code == 410


def test_sent_again_the_older_link_is_dead_and_the_newer_lives(house, owner):
    browser = owner[2]
    invite(browser)
    (first,) = mailed(house)
    again = re.search(r"/crm/team/invites/\w+/resending", browser.get("/crm/team").text)[0]
    assert browser.post(again).status_code == 303
    assert mailed(house) == [first], "pressed at once, it was on its way"
    with clock.shifted(timedelta(minutes=1)):
        browser.post(again)
        second, _ = mailed(house)
        assert house.client().get(first).status_code == 410
        assert house.client().get(second).status_code == 200


def test_revoked_it_opens_nothing(house, owner):
    browser = owner[2]
    invite(browser)
    (path,) = mailed(house)
    revoke = re.search(r"/crm/team/invites/\w+/revocation", browser.get("/crm/team").text)[0]
    assert browser.post(revoke).status_code == 303
    assert house.client().get(path).status_code == 410
    assert "Invited by" not in browser.get("/crm/team").text


def test_invited_twice_one_mail_goes_out(house, owner):
    browser = owner[2]
    invite(browser)
    invite(browser, THEO.upper())
    assert len(mailed(house)) == 1


@pytest.mark.parametrize("poor", ["short", "password1", "ridgeline2026", "theo1984"])
def test_a_poor_password_is_refused_and_the_link_lives(house, owner, poor):
    invite(owner[2])
    (path,) = mailed(house)
    refused = joined(house, path, password=poor)[1]
    assert refused.status_code == 422
    assert "Theo Marsh" in refused.text
    assert joined(house, path)[1].status_code == 303


def test_who_works_here_is_not_invited_again(house, owner):
    _, here, browser = owner
    assert "works here already" in invite(browser, here.email).text


def test_nobody_learns_who_works_elsewhere_but_the_reader_of_that_mailbox(house, owner):
    _, stranger = house.company("Bluebird HVAC")
    known, unknown = invite(owner[2], stranger.email), invite(owner[2], "nobody@example.com")
    assert known.status_code == unknown.status_code == 303
    (path,) = mailed(house, stranger.email)
    assert "One address signs in at one company" in house.client().get(path).text
    assert joined(house, path)[1].status_code == 410
    assert member(stranger.email).contractor_id == stranger.contractor_id


def test_thirty_invitations_an_hour_are_the_most(owner):
    browser = owner[2]
    for number in range(30):
        assert invite(browser, f"one{number}@example.com").status_code == 303
    refused = invite(browser, "another@example.com")
    assert refused.status_code == 429
    assert "another@example.com" in refused.text


def test_deactivated_they_are_out_at_once_and_what_they_did_stays_theirs(house, owner):
    company, _, browser = owner
    theo = add_member(company.id, "Theo Marsh", THEO, PASSWORD)
    his = house.sign_in_member(house.client(), theo)
    dana = house.contact(company)
    his.post(f"/crm/contacts/{dana.id}/jobs", data={"title": "Roof"})
    assert act(browser, theo, "deactivation").status_code == 303
    assert his.get("/crm/pipeline").status_code == 303
    assert his.get("/crm/pipeline/poll").status_code == 303
    tried = {"email": THEO, "password": PASSWORD}
    assert house.client().post("/crm/sign-in", data=tried).status_code == 422
    assert act(browser, theo, "reactivation").status_code == 303
    assert house.client().post("/crm/sign-in", data=tried).status_code == 303
    assert his.get("/crm/pipeline").status_code == 303, "that session is over"


def test_a_role_holds_from_the_next_click(house, owner):
    company, first, browser = owner
    theo = add_member(company.id, "Theo Marsh", THEO, PASSWORD)
    his = house.sign_in_member(house.client(), theo)
    assert his.get("/crm/settings").status_code == 403
    act(browser, theo, "role", role="owner")
    assert his.get("/crm/settings").status_code == 200
    assert act(his, first, "role", role="staff").status_code == 303
    assert browser.get("/crm/settings").status_code == 403


@pytest.mark.parametrize(("what", "form"), [("deactivation", {}), ("role", {"role": "staff"})])
def test_the_last_owner_stays_one(owner, what, form):
    company, first, browser = owner
    add_member(company.id, "Theo Marsh", THEO, PASSWORD)
    refused = act(browser, first, what, **form)
    assert refused.status_code == 409
    assert "one owner at least" in refused.text
    assert (member(first.email).role, member(first.email).is_active) == ("owner", True)


def test_two_owners_who_step_down_at_once_leave_one(everywhere):
    company, first = everywhere.company()
    second = add_member(company.id, "Theo Marsh", THEO, PASSWORD)
    team.change_role(company.id, second.id, "owner")
    together = Barrier(2)

    def step_down(who: Member) -> None:
        together.wait()
        try:
            team.change_role(company.id, who.id, "staff")
        except team.LastOwner:
            return
        finally:
            database.end_reads()

    hands = [Thread(target=step_down, args=(who,)) for who in (first, second)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    database.end_reads()
    roles = sorted(each.role for each in read(company.id).query(Member))
    assert roles == ["owner", "staff"]


def test_a_role_that_there_is_not_is_not_given(owner):
    company, _, browser = owner
    theo = add_member(company.id, "Theo Marsh", THEO, PASSWORD)
    assert act(browser, theo, "role", role="admin").status_code == 404
    assert invite(browser, "x@example.com", "admin").status_code == 422
    assert member().role == "staff"


def test_nobody_touches_the_team_of_another_company(house, owner):
    _, _, browser = owner
    _, stranger = house.company("Bluebird HVAC")
    for what, form in (("role", {"role": "staff"}), ("deactivation", {}), ("reactivation", {})):
        assert act(browser, stranger, what, **form).status_code == 404
    theirs = house.sign_in_member(house.client(), stranger)
    invite(browser)
    again = re.search(r"/crm/team/invites/(\w+)/resending", browser.get("/crm/team").text)[1]
    for act_ in ("resending", "revocation"):
        assert theirs.post(f"/crm/team/invites/{again}/{act_}").status_code == 404
    assert read(ALL).query(Contractor).count() == 2


def test_the_timeline_names_who_did_it(house, owner):
    company, _, browser = owner
    theo = add_member(company.id, "Theo Marsh", THEO, PASSWORD)
    his = house.sign_in_member(house.client(), theo)
    dana = house.contact(company)
    his.post(f"/crm/contacts/{dana.id}/estimate", data={"title": "Roof"})
    act(browser, theo, "deactivation")
    assert "Theo Marsh" in browser.get(f"/crm/contacts/{dana.id}").text
