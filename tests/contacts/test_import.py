"""Files of contacts: looked through, decided about, taken in by the worker, and given back."""

import resource
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from onboarding import clock, jobs, tokens
from onboarding.contacts import importing, queries
from onboarding.contacts.actions_import import path_of
from onboarding.contacts.csv_files import Unreadable, guarded, shape_of, unguarded
from onboarding.contacts.models import Contact, ContactImport
from onboarding.database import end_reads, read
from tests.house import House, Tell

MESSY = (
    "Nombre;Apellido;Tel\u00e9fono;Correo;Notas\r\n"
    'Sof\u00eda;D\u00edaz;(503) 555-0111;sofia@example.com;"two\r\nlines; quoted"\r\n'
    "Jos\u00e9;Ni\u00f1o;;jose@example;\r\n"
    "Ana;;555-0142;;\r\n"
    "\r\n"
    "Sofia;Diaz;5035550111;SOFIA@example.com;again\r\n"
    ";;;nobody@example.com;\r\n"
)


def hand_in(client: FlaskClient, content: bytes, name: str = "list.csv") -> str:
    """The import's id."""
    import_id = tokens.new_id()
    # Put together here: the test client would leave a spool file of its own open.
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    body = f"--edge\r\n{head}\r\n\r\n".encode() + content + b"\r\n--edge--\r\n"
    answer = client.post(
        f"/crm/contacts/imports/new/{import_id}",
        data=body,
        content_type="multipart/form-data; boundary=edge",
    )
    assert answer.status_code == 303, answer.text
    answer.close()
    return import_id


def with_lease_over(go_on: Callable[[], None]) -> None:
    """A minute on: the lease of a worker that died has run out."""
    with clock.shifted(timedelta(minutes=1)):
        go_on()


def kept(company_id: str, import_id: str) -> ContactImport:
    end_reads()
    return read(company_id).get_one(ContactImport, import_id)


def people(company_id: str) -> list[Contact]:
    end_reads()
    return list(read(company_id).scalars(select(Contact).order_by(Contact.name)))


def test_a_windows_file_with_broken_rows_is_taken_in_and_the_rest_given_back(
    everywhere: House,
) -> None:
    company, member = everywhere.company()
    client = everywhere.sign_in_member(everywhere.client(), member)
    jobs.close()  # the worker is this test
    import_id = hand_in(client, MESSY.encode("cp1252"))
    importing.go_on()
    page = client.get(f"/crm/contacts/imports/{import_id}").text
    assert "The part after the @ has no dot." in page
    assert "The area code is missing." in page
    assert "There is no name." in page
    assert people(company.id) == []
    for _ in range(2):
        client.post(f"/crm/contacts/imports/{import_id}/start", data={"duplicates": "skip"})
    importing.go_on()
    [sofia] = people(company.id)
    assert (sofia.name, sofia.mobile) == ("Sof\u00eda D\u00edaz", "+15035550111")
    assert sofia.notes == "two\nlines; quoted"
    assert "1 contact was added" in client.get(f"/crm/contacts/imports/{import_id}").text
    left = client.get(f"/crm/contacts/imports/{import_id}/left-out.csv").data.decode("utf-8-sig")
    assert left.count("\r\n") == 5
    assert "Already a contact, with the same e-mail: Sof\u00eda D\u00edaz" in left
    assert not path_of(import_id).exists()


@pytest.mark.parametrize(("wanted", "count"), [("skip", 1), ("update", 1), ("add", 2)])
def test_somebody_on_file_is_skipped_updated_or_added(
    house: House, wanted: str, count: int
) -> None:
    company, member = house.company()
    dana = house.contact(company, "Dana Whitfield", email="dana@example.com", city="Portland")
    client = house.sign_in_member(house.client(), member)
    import_id = hand_in(client, b"Name,Email,City\nDana W.,DANA@example.com,Salem\n")
    importing.go_on()
    assert kept(company.id, import_id).duplicate_count == 1
    client.post(f"/crm/contacts/imports/{import_id}/start", data={"duplicates": wanted})
    importing.go_on()
    assert len(people(company.id)) == count
    end_reads()
    city = read(company.id).get_one(Contact, dana.id).city
    assert city == ("Salem" if wanted == "update" else "Portland")
    found = queries.contact_page(read(company.id), search="dana w").contacts
    assert len(found) == count


def test_a_worker_that_dies_between_two_chunks_loses_no_row_and_repeats_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, member = house.company()
    client = house.sign_in_member(house.client(), member)
    monkeypatch.setattr(importing, "CHUNK", 10)
    rows = "".join(f"Person {n},p{n}@example.com\n" for n in range(35))
    import_id = hand_in(client, f"Name,Email\n{rows}".encode())
    importing.go_on()
    client.post(f"/crm/contacts/imports/{import_id}/start")
    claim = importing.take_up()
    assert claim is not None
    assert importing.work(claim, until=0)  # one chunk, then its time is up
    dead = importing.take_up()  # leased, and never worked on
    assert dead is not None
    assert importing.take_up() is None
    with_lease_over(importing.go_on)
    assert not importing.work(dead, until=0), "who lost the lease settles nothing"
    assert kept(company.id, import_id).state == "done"
    assert len(people(company.id)) == 35


def test_columns_are_matched_by_hand_and_looked_through_again(house: House) -> None:
    company, member = house.company()
    client = house.sign_in_member(house.client(), member)
    import_id = hand_in(client, b"A,B\nDana Whitfield,dana@example.com\n")
    importing.go_on()
    assert "No column holds the name." in client.get(f"/crm/contacts/imports/{import_id}").text
    path = f"/crm/contacts/imports/{import_id}/columns"
    assert client.post(path, data={"column": ["name", "name"]}).status_code == 422
    client.post(path, data={"column": ["name", "email"]})
    importing.go_on()
    assert kept(company.id, import_id).good_count == 1


def test_another_contractors_import_is_as_good_as_missing(house: House) -> None:
    _, member = house.company()
    import_id = hand_in(house.sign_in_member(house.client(), member), b"Name,Email\nA,a@b.test\n")
    _, stranger = house.company("Other Works")
    client = house.sign_in_member(house.client(), stranger)
    assert client.get(f"/crm/contacts/imports/{import_id}").status_code == 404
    assert client.get(f"/crm/contacts/imports/{import_id}/left-out.csv").status_code == 404
    assert client.post(f"/crm/contacts/imports/{import_id}/start").status_code == 404


@pytest.mark.parametrize(
    ("content", "why"), [(b"PK\x03\x04 zip", "workbook"), (b"a\x00b", "binary")]
)
def test_what_is_no_csv_file_is_told_so(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Unreadable) as told:
        shape_of(tmp_path / "file")
    assert told.value.reason == why


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-2", "@x", "\tx", "'=1", "''@", "O'Brien", "'"])
def test_a_guarded_cell_is_no_formula_and_comes_back_the_same(cell: str) -> None:
    assert guarded(cell)[:1] not in "=+-@\t\r"
    assert unguarded(guarded(cell)) == cell


def test_what_is_exported_comes_back_the_same(house: House) -> None:
    company, member = house.company()
    house.contact(company, "=HYPERLINK(1)", email="a@example.com", notes="one\ntwo")
    house.contact(company, "Dana Whitfield", mobile="+15035550188", preferred_channel="sms")
    client = house.sign_in_member(house.client(), member)
    file = client.get("/crm/contacts/export.csv").data
    assert file.startswith(b"\xef\xbb\xbf")
    assert b"'=HYPERLINK(1)" in file
    assert b"(503) 555-0188" in file
    _, other = house.company("Other Works")
    theirs = house.sign_in_member(house.client(), other)
    import_id = hand_in(theirs, file)
    importing.go_on()
    theirs.post(f"/crm/contacts/imports/{import_id}/start", data={"duplicates": "add"})
    importing.go_on()
    assert theirs.get("/crm/contacts/export.csv").data == file


def test_fifty_thousand_rows_in_less_than_a_minute_and_little_memory(
    house: House, tell: Tell
) -> None:
    company, member = house.company()
    client = house.sign_in_member(house.client(), member)
    rows = "".join(
        f"Person {n},p{n}@example.com,(503) 2{n // 10000:02d}-{n % 10000:04d}\n"
        for n in range(50_000)
    )
    import_id = hand_in(client, f"Name,Email,Phone\n{rows}".encode())
    del rows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    while kept(company.id, import_id).state == "checking":
        importing.go_on()
    client.post(f"/crm/contacts/imports/{import_id}/start")
    while kept(company.id, import_id).state == "running":
        importing.go_on()
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    tell(f"import of 50,000 rows: {seconds:.1f} s, {grown} MB more")
    end_reads()
    assert read(company.id).scalar(select(func.count()).select_from(Contact)) == 50_000
    assert seconds < 120
    assert grown < 120
