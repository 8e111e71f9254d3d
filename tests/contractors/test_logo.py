"""The company's logo, on pages, in mail and on paper."""

import io
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from onboarding import database, gateways
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.database import read
from tests.documents import ESTIMATE
from tests.gateways.test_pictures import bomb, noise, wordmark, written
from tests.house import House


@pytest.fixture
def owner(house: House):
    company, member = house.company()
    return company, house.sign_in_member(house.client(), member)


def put(browser, content: bytes, name: str = "logo.png"):
    boundary, body = encode_multipart({"logo": FileStorage(io.BytesIO(content), name)})
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.post("/crm/settings/logo", data=body, content_type=kind)


def kept(company: Contractor) -> Contractor:
    database.end_reads()
    return read(company.id).get_one(Contractor, company.id)


def test_a_logo_stands_on_every_page_and_weighs_little(house, owner):
    company, browser = owner
    assert put(browser, written(wordmark())).status_code == 303
    page = house.client().get(f"/portal/{company.slug}/sign-in")
    image = re.search(
        r'<img class="brand-logo" src="([^"]+)" alt="" width="(\d+)" height="(\d+)"', page.text
    )
    assert int(image[2]) > int(image[3]) <= 30
    answer = house.client().get(image[1])
    assert answer.mimetype == "image/webp"
    assert len(answer.data) <= 2_000
    assert "immutable" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).height >= 45


def test_in_mail_it_has_a_size_and_words_for_those_who_see_no_pictures(house, owner):
    company, browser = owner
    put(browser, written(wordmark()))
    logo = letterhead(kept(company)).logo
    assert logo.url.startswith("http://localhost/brand/ridgeline-roofing/logo-")
    answer = house.client().get(logo.url.removeprefix("http://localhost"))
    assert (answer.mimetype, answer.headers["Cross-Origin-Resource-Policy"]) == (
        "image/png",
        "cross-origin",
    )
    assert len(answer.data) <= 20_000
    page = browser.get("/crm/settings").text
    letter = re.search(r'src="([^"]*/sample/mail/[^"]+)"', page)[1]
    mail = FlaskClient.open(browser, letter).text
    image = re.search(r"<img[^>]+>", mail)[0]
    assert f'src="{logo.url}"' in image
    assert 'alt="Ridgeline Roofing"' in image
    assert f'width="{logo.width}"' in image


def test_it_can_be_set_on_paper(owner):
    company, browser = owner
    put(browser, written(wordmark()))
    logo = gateways.current().documents.get(kept(company).logo_sha256)
    with_logo = replace(ESTIMATE, company=replace(ESTIMATE.company, logo=logo))
    without = replace(ESTIMATE, company=replace(ESTIMATE.company, logo=None))
    renderer = gateways.current().renderer
    assert len(renderer.estimate(with_logo)) > len(renderer.estimate(without)) + len(logo) // 2


def test_another_logo_takes_its_place_and_the_old_address_is_gone(house, owner):
    company, browser = owner
    put(browser, written(wordmark()))
    first = _address(house, company)
    put(browser, written(Image.new("RGB", (300, 100), "#c03020")))
    assert _address(house, company) != first
    assert house.client().get(first).status_code == 404


def test_removed_the_initial_stands_there_again(house, owner):
    company, browser = owner
    put(browser, written(wordmark()))
    assert browser.post("/crm/settings/logo/removal").status_code == 303
    assert browser.post("/crm/settings/logo/removal").status_code == 303
    page = house.client().get(f"/portal/{company.slug}/sign-in").text
    assert '<span class="brand-mark"' in page
    assert letterhead(kept(company)).logo is None
    assert house.client().get(f"/brand/{company.slug}/icon-192.png").status_code == 200


def _address(house, company) -> str:
    page = house.client().get(f"/portal/{company.slug}/sign-in").text
    return re.search(r'<img class="brand-logo" src="([^"]+)"', page)[1]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "logo.png",
            "PNG, JPEG or WebP",
        ),
        (b"", "logo.png", "PNG, JPEG or WebP"),
        (bomb(60_000, 60_000), "logo.png", "40 million pixels"),
        (written(Image.new("RGB", (1, 4_000))), "logo.png", "long and thin"),
        (written(Image.new("RGB", (9, 9))), "logo.png", "too small"),
        (written(Image.new("RGBA", (90, 90))), "logo.png", "nothing to see"),
        (written(Image.new("RGB", (90, 90)), "GIF"), "logo.webp", "PNG, JPEG or WebP"),
    ],
    ids=["svg", "nothing", "bomb", "thread", "dot", "clear", "gif"],
)
def test_what_is_no_logo_is_refused_in_words(owner, content, name, said):
    company, browser = owner
    refused = put(browser, content, name)
    assert refused.status_code == 422
    assert said in refused.text
    assert kept(company).logo_sha256 is None


def test_pressed_without_a_picture_it_asks_for_one(owner):
    _, browser = owner
    refused = browser.post("/crm/settings/logo", data={})
    assert refused.status_code == 422
    assert "Choose a picture." in refused.text


def test_five_megabytes_come_through_and_more_is_not_even_read(owner):
    company, browser = owner
    heavy = written(noise((1_250, 1_250)), "PNG")
    assert 4_000_000 < len(heavy) < 5_000_000
    assert put(browser, heavy).status_code == 303
    assert kept(company).logo_sha256
    assert put(browser, heavy + b"\0" * 4_000_000).status_code == 413
    # Every other address takes as little as before.
    assert browser.post("/crm/settings", data={"name": "x" * 3_000_000}).status_code == 413
