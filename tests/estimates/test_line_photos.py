"""Photos on the lines of an estimate: drawn anew, few, shown to the customer, on the paper."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from onboarding.database import read
from onboarding.estimates import actions, actions_photos, copying, papers, photos, queries
from onboarding.gateways.pictures import MOST_SIDE
from tests.estimates.job import FLASHING, TEAROFF, Job, customers_browser, members_browser
from tests.estimates.pages import found, words
from tests.photos import a_photo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><script>1</script></svg>'


def address(job: Job, key: str = TEAROFF) -> str:
    return f"/crm/estimates/{job.estimate.id}/lines/{key}/photos"


def sent_files(*contents: bytes) -> dict[str, object]:
    return {"photos": [FileStorage(io.BytesIO(each), "roof.jpg") for each in contents]}


def on_line(job: Job, key: str = TEAROFF) -> list[str]:
    kept = photos.photos_of(read(job.company.id), job.estimate.id)
    return [photo.id for photo in kept.get(key, [])]


def hung(job: Job, key: str = TEAROFF, color: str = "#7a8b99") -> str:
    (kept,) = actions_photos.add_photos(job.estimate.id, key, [a_photo(color=color)], job.member)
    return kept.id


@pytest.fixture
def pictured(drafted: Job) -> Job:
    """A roof with a photo of what is torn off, sent."""
    hung(drafted)
    drafted.send()
    drafted.account()
    return drafted


def test_a_photo_is_drawn_anew_and_says_not_where_it_was_taken(drafted: Job):
    where = Image.Exif()
    where[0x010E] = "at the customer's home"
    browser = members_browser(drafted)
    photo = a_photo(4_000, 3_000, exif=where.tobytes())
    assert b"customer's home" in photo
    answer = browser.post(address(drafted), data=sent_files(photo))
    assert answer.status_code == 303
    (photo_id,) = on_line(drafted)
    large = browser.get(f"/crm/photos/{photo_id}/large")
    small = browser.get(f"/crm/photos/{photo_id}/small")
    assert b"customer's home" not in large.data
    assert Image.open(io.BytesIO(large.data)).size == (MOST_SIDE, 1_200)
    assert Image.open(io.BytesIO(small.data)).size == (320, 240)
    assert small.headers["X-Content-Type-Options"] == "nosniff"
    assert small.mimetype == "image/jpeg"
    assert browser.get(f"/crm/photos/{photo_id}/huge").status_code == 404


@pytest.mark.parametrize("content", [SVG, b"GIF89a" + bytes(400), b"", a_photo()[:2_000]])
def test_what_is_no_picture_is_told_so_and_nothing_is_kept(drafted: Job, content: bytes):
    answer = members_browser(drafted).post(address(drafted), data=sent_files(a_photo(), content))
    assert answer.status_code == 422
    assert "PNG, JPEG or WebP picture" in words(answer)
    assert not on_line(drafted)


def test_sending_none_asks_for_one(drafted: Job):
    answer = members_browser(drafted).post(address(drafted), data={})
    assert answer.status_code == 422
    assert "Choose a photo first." in words(answer)


def test_a_line_holds_four_photos_and_a_fifth_changes_nothing(drafted: Job):
    four = [a_photo(color=f"#{shade}0{shade}0ff") for shade in "1234"]
    browser = members_browser(drafted)
    browser.post(address(drafted), data=sent_files(*four))
    answer = browser.post(address(drafted), data=sent_files(a_photo()))
    assert answer.status_code == 422
    assert "A line holds 4 photos" in words(answer)
    assert len(on_line(drafted)) == 4


def test_the_same_photo_twice_is_one_and_comes_back_after_it_was_taken_off(drafted: Job):
    browser = members_browser(drafted)
    first = hung(drafted)
    assert hung(drafted) == first
    assert browser.post(f"/crm/photos/{first}/removal").status_code == 303
    assert browser.post(f"/crm/photos/{first}/removal").status_code == 303
    assert not on_line(drafted)
    hung(drafted)
    assert on_line(drafted) == [first]


def test_the_builder_counts_a_lines_photos_and_saving_keeps_them(drafted: Job):
    hung(drafted)
    page = members_browser(drafted).get(f"/crm/estimates/{drafted.estimate.id}/draft")
    assert "Photos (1)" in words(page)
    drafted.estimate = actions.save_draft(
        drafted.estimate.id,
        actions.EstimateDraft(lines=actions.drafted(drafted.estimate).lines[:2], scope="Shorter."),
        drafted.estimate.draft_revision,
        drafted.member,
    )
    assert len(on_line(drafted)) == 1


def test_the_customer_sees_it_small_beneath_its_line_and_large_on_a_page(pictured: Job):
    browser = customers_browser(pictured)
    page = browser.get("/portal/estimate")
    (small,) = found(page, f"#line-{TEAROFF} img")
    assert small.get("alt") == "Photo 1 of Tear-off and disposal"
    assert browser.get(small.get("src")).mimetype == "image/jpeg"
    (link,) = found(page, f"#photos-{TEAROFF} a")
    large = browser.get(link.get("href"))
    (picture,) = found(large, "img.photo")
    assert browser.get(picture.get("src")).status_code == 200
    assert f"#line-{TEAROFF}" in large.text


def test_no_other_customer_and_no_draft_shows_its_photos(pictured: Job):
    (photo_id,) = on_line(pictured)
    neighbor = customers_browser(pictured.neighbor())
    for rest in (photo_id, f"{photo_id}/small", f"{photo_id}/large"):
        assert neighbor.get(f"/portal/photos/{rest}").status_code == 404
    pictured.begin_revision()
    (of_draft,) = on_line(pictured)
    assert of_draft != photo_id
    assert customers_browser(pictured).get(f"/portal/photos/{of_draft}").status_code == 404


def test_a_revision_brings_the_photos_and_what_was_sent_keeps_its_own(pictured: Job):
    version_1 = pictured.estimate
    pictured.begin_revision()
    (copied,) = on_line(pictured)
    actions_photos.remove_photo(copied, pictured.member)
    assert not on_line(pictured)
    assert len(photos.photos_of(read(pictured.company.id), version_1.id)[TEAROFF]) == 1


def test_a_sent_version_takes_no_photo_and_loses_none(pictured: Job):
    browser = members_browser(pictured)
    (photo_id,) = on_line(pictured)
    browser.post(address(pictured), data=sent_files(a_photo(color="#112233")))
    browser.post(f"/crm/photos/{photo_id}/removal")
    assert on_line(pictured) == [photo_id]


def test_another_company_puts_nothing_on_and_takes_nothing_off(drafted: Job):
    photo_id = hung(drafted)
    _rival, rival_owner = drafted.house.company("Copper Kettle")
    browser = drafted.house.sign_in_member(drafted.house.client(), rival_owner)
    assert browser.get(address(drafted)).status_code == 404
    assert browser.post(address(drafted), data=sent_files(a_photo())).status_code == 404
    assert browser.get(f"/crm/photos/{photo_id}/small").status_code == 404
    assert browser.post(f"/crm/photos/{photo_id}/removal").status_code == 404
    assert on_line(drafted) == [photo_id]


def test_a_line_that_is_not_there_takes_none(drafted: Job):
    answer = members_browser(drafted).post(address(drafted, "x" * 26), data=sent_files(a_photo()))
    assert answer.status_code == 404


def test_the_paper_carries_them(pictured: Job):
    db = read(pictured.company.id)
    sheet = queries.sheet_for_customer(db, pictured.onboarding, pictured.customer)
    pdf = papers.pdf(db, sheet)
    assert pdf.count(b"/Subtype/Image") == 1
    assert len(papers.document(db, sheet).lines[0].photos) == 1


def test_an_estimate_taken_over_brings_its_photos_once(pictured: Job):
    contact = pictured.house.contact(pictured.company, "Noor Haddad")
    other = actions.draft_estimate(contact.id, "The same again", pictured.member)
    for _press in range(2):
        copying.copy_into(other.id, pictured.estimate.id, pictured.member)
    kept = photos.photos_of(read(pictured.company.id), other.id)
    assert len(kept[TEAROFF]) == 1
    assert FLASHING not in kept
