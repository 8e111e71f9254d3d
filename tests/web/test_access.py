"""A route without a marker cannot start, nor one with two."""

import pytest
from flask import Flask

from onboarding.actor import Kind
from onboarding.web import access
from tests.house import House


def guarded(app: Flask) -> None:
    access.guard(
        app,
        gate=lambda step: None,
        sign_in_page=lambda kind: "/",
        on_refused_visit=lambda: None,
    )


def test_a_view_without_a_marker_cannot_start() -> None:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/open", "open", lambda: "anybody")
    with pytest.raises(access.Unmarked, match="open carries no access marker"):
        guarded(app)


def test_a_view_with_two_markers_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="two access markers"):

        @access.public
        @access.member
        def view() -> str:
            return "whose"


def test_a_marked_view_starts() -> None:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/open", "open", access.public(lambda: "anybody"))
    guarded(app)


def test_every_route_of_the_house_is_marked(house: House) -> None:
    for endpoint in house.app.view_functions:
        assert isinstance(access.of(house.app, endpoint), access.Access)


@pytest.mark.parametrize(
    ("marker", "kind"),
    [("member", Kind.MEMBER), ("owner", Kind.MEMBER), ("customer", Kind.CUSTOMER),
     ("agent", Kind.SUPPORT)],
)  # fmt: skip
def test_nobody_is_let_in_behind_a_marker_that_names_a_person(
    house: House, marker: str, kind: Kind
) -> None:
    sides = {Kind.MEMBER: "/crm", Kind.CUSTOMER: "/portal", Kind.SUPPORT: "/support"}
    stranger, asked = house.client(), 0
    for rule in house.app.url_map.iter_rules():
        if access.of(house.app, rule.endpoint).name == marker and not rule.arguments:
            method = "GET" if "GET" in (rule.methods or set()) else "POST"
            answer = stranger.open(rule.rule, method=method)
            assert answer.status_code == 303, rule.rule
            assert answer.headers["Location"].startswith(sides[kind])
            assert "sign-in" in answer.headers["Location"]
            asked += 1
    assert asked


def test_a_stranger_in_htmx_is_moved_as_a_whole_page(house: House) -> None:
    answer = house.client().get("/crm/contacts?search=x", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/crm/sign-in"
    assert answer.data == b""


def test_only_machines_are_spared_the_form_token(house: House) -> None:
    for endpoint in house.app.view_functions:
        marker = access.of(house.app, endpoint)
        if marker.is_csrf_exempt:
            assert marker.name in {"webhook", "sandbox"}, endpoint
