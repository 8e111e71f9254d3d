"""How views answer: page or fragment, a redirect that htmx understands, never to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Response, session
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.web import answers
from tests.house import House

HERE = "http://localhost"
EVIL = [
    "",
    " ",
    "evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "/\x1f/evil.example",
    "/\x7f/evil.example",
    "/crm\r\nLocation: https://evil.example",
    "/crm\r\nSet-Cookie: crm=s.stolen",
    "/crm\nX: y",
    "http://evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "HTTP://EVIL.EXAMPLE",
    "ftp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://localhost/%0aalert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "blob:https://evil.example/x",
    "file:///etc/passwd",
    "mailto:a@evil.example",
    "tel:+15035550142",
    "localhost@evil.example",
    "http://localhost@evil.example",
    "http://localhost:80@evil.example/",
    "//localhost@evil.example",
    "http://evil.example#localhost",
    "http://evil.example?localhost",
    "http://localhost.evil.example",
    "http://localhost",
    "http://localhost/crm",
    "//localhost/crm",
    "?next=//evil.example",
    "#//evil.example",
    ".//evil.example",
    "..//evil.example",
    "./crm",
    "../crm",
    "crm/pipeline",
    "crm",
    "*",
    "@evil.example",
    ":80",
    ":@evil.example",
    ";//evil.example",
    "%2F%2Fevil.example",
    "%5C%5Cevil.example",
    "/\u2215evil.example",
    "/\u2044evil.example",
    "\u2215\u2215evil.example",
    "/\uff0fevil.example",
    "\uff0f\uff0fevil.example",
    "/\u29f5evil.example",
    "/\u3002evil.example",
    "/evil\u3002example",
    "/\u00a0/evil.example",
    "/\u200b/evil.example",
    "/\u2028/evil.example",
    "/\u2029/evil.example",
    "/\u202e//evil.example",
    "/\ufeff/evil.example",
    "/\u00ad/evil.example",
    "/caf\u00e9",
    "/\U0001f600",
    "/\ud800",
    "//evil.example/%2e%2e",
    "//evil.example:443/",
    "//[::1]/",
    "//0x7f000001/",
    "//2130706433/",
    "//evil.example\\@localhost",
    "/\\\\evil.example",
    "/crm\\..\\..\\evil",
    "/crm/\x08/x",
    "/crm\x1b[2J",
    "/crm\x85x",
    "//evil.example/crm",
    "intent://evil.example#Intent;end",
]
GOOD = ["/", "/crm", "/crm/pipeline?status=Invited", "/portal/next", "/portal/estimate/1#line-2",
        "/a//b", "/support/visit/abc-_", "/crm/contacts?search=%2F%2Fx&after="]  # fmt: skip


def test_the_corpus_is_as_large_as_it_is_evil() -> None:
    assert len(set(EVIL)) >= 100


@pytest.mark.parametrize("path", EVIL)
def test_no_evil_place_is_gone_to(path: str) -> None:
    assert not answers.is_local_path(path)


@pytest.mark.parametrize("path", GOOD)
def test_a_place_of_ours_is_kept(path: str) -> None:
    assert answers.is_local_path(path)


@settings(max_examples=500)
@given(st.text(alphabet=st.sampled_from(list("/\\.:@?#%aé \t\n\r\0")), max_size=12) | st.text())
def test_whatever_is_kept_stays_on_this_site(path: str) -> None:
    if answers.is_local_path(path):
        parts = urlsplit(urljoin(HERE + "/crm/sign-in", path))
        assert (parts.scheme, parts.netloc) == ("http", "localhost")
        assert not path.startswith(("//", "/\\"))


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_place_that_got_into_a_session_is_judged_again(house: House, path: str) -> None:
    with house.app.test_request_context("/crm/sign-in"):
        session["next"] = path
        assert answers.place_kept("/crm/pipeline") == "/crm/pipeline"


def test_a_place_is_kept_for_one_sign_in(house: House) -> None:
    with house.app.test_request_context("/crm/sign-in"):
        session["next"] = "/crm/contacts"
        assert answers.place_kept("/crm/pipeline") == "/crm/contacts"
        assert answers.place_kept("/crm/pipeline") == "/crm/pipeline"


def test_a_double_slash_in_the_address_is_not_a_way_out(house: House) -> None:
    client = house.client()
    client.get("//evil.example/crm/contacts")
    client.get("/crm/contacts?next=https://evil.example")
    _, member = house.company()
    answer = client.post(
        "/crm/sign-in?next=//evil.example",
        data={"email": member.email, "password": "correct horse battery", "next": "//evil.example"},
    )
    assert answer.headers["Location"].startswith("/crm/")


@pytest.mark.parametrize(
    ("headers", "is_fragment"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "yes"}, False),
        ({"HX-Boosted": "true"}, False),
    ],
)
def test_htmx_gets_the_fragment_but_for_boosted_links_and_restored_pages(
    house: House, headers: dict[str, str], is_fragment: bool
) -> None:
    client = house.sign_in_member(house.client(), house.company()[1])
    answer = client.get("/crm/contacts", headers=headers)
    assert ("<html" not in answer.text) is is_fragment
    assert "HX-Request" in answer.vary


def test_a_page_that_refuses_within_htmx_takes_the_place_of_the_whole(house: House) -> None:
    wrong = {"email": "maria@example.com", "password": "no"}
    plain = house.client().post("/crm/sign-in", data=wrong)
    asked = house.client().post("/crm/sign-in", data=wrong, headers={"HX-Request": "true"})
    assert (plain.status_code, asked.status_code) == (422, 422)
    assert "HX-Retarget" not in plain.headers
    assert asked.headers["HX-Retarget"] == "body"
    sentence = house.client().get("/crm/nowhere", headers={"HX-Request": "true"})
    assert 'id="sentence"' in sentence.text
    assert "HX-Retarget" not in sentence.headers


def test_a_redirect_within_htmx_moves_the_page_and_keeps_its_cookies(house: House) -> None:
    _, member = house.company()
    form = {"email": member.email, "password": "correct horse battery"}
    client = house.client()
    answer = client.post("/crm/sign-in", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/crm/pipeline"
    assert "Location" not in answer.headers
    assert client.get("/crm/contacts").status_code == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_moves_the_page(house: House, status: int) -> None:
    with house.app.test_request_context("/crm", headers={"HX-Request": "true"}):
        moved = answers.redirect_within_htmx(Response(status=status, headers={"Location": "/crm"}))
        assert (moved.status_code, moved.headers["HX-Redirect"]) == (200, "/crm")


def test_a_redirect_outside_htmx_is_a_303(house: House) -> None:
    with house.app.test_request_context("/crm", method="POST"):
        answer = answers.redirect_within_htmx(answers.redirect_to("/crm/pipeline"))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/crm/pipeline")


def test_nothing_new_is_a_204_without_a_body() -> None:
    assert answers.unchanged().status_code == 204
    assert answers.unchanged().get_data() == b""
