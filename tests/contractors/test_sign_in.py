"""Members sign in, all day and from several devices."""

from tests.house import PASSWORD, House


def test_signing_in_rightly_many_times_is_never_too_often(house: House) -> None:
    _, member = house.company()
    for _ in range(12):
        house.sign_in_member(house.client(), member)


def test_ten_wrong_passwords_are_the_most_and_a_right_one_starts_the_count_anew(
    house: House,
) -> None:
    _, member = house.company()
    wrong = {"email": member.email, "password": "not this one"}
    for _ in range(9):
        assert house.client().post("/crm/sign-in", data=wrong).status_code == 422
    house.sign_in_member(house.client(), member)
    for _ in range(10):
        assert house.client().post("/crm/sign-in", data=wrong).status_code == 422
    right = {"email": member.email, "password": PASSWORD}
    assert house.client().post("/crm/sign-in", data=right).status_code == 429
