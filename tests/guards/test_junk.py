"""Whatever is sent to whichever address, by a broken client or on purpose: an answer that says so,
and never a failure of ours."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.guards.forms import form_of
from tests.guards.route_table import ROWS
from tests.guards.visitors import address, browser, doors, resident_of, rightful
from tests.town import Town

LONG = "x" * 10_000
DIGITS = "9" * 5_000
BYTES = b"\xff\xfe\x00\xc3\x28\xed\xa0\x80%zz&&==&a=\xf0\x28\x8c\xbc"
NUL = "a\x00b"
LEFT_TO_RIGHT = "\u202e\ufeff\U0001f3e0 ' OR 1=1 -- <script>alert(1)</script> {{ 7*7 }} %s"
HUGE = 3 * 1024 * 1024


@dataclass(frozen=True)
class Try:
    """One request: what is sent, made of the good form, and as what."""

    form: Callable[[dict[str, Any]], Any]
    kind: str = "application/x-www-form-urlencoded"


def _every(value: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda form: dict.fromkeys(form or {"body": ""}, value)


def _doubled(form: dict[str, Any]) -> dict[str, Any]:
    """Each key twice, and once more as if it were a list."""
    pairs = {name: [value, "other"] for name, value in form.items() if isinstance(value, str)}
    return pairs | {f"{name}[]": "more" for name in form}


BODIES = {
    "bytes of no encoding": Try(lambda form: BYTES),
    "the same, called JSON": Try(lambda form: BYTES, "application/json"),
    "JSON": Try(lambda form: json.dumps(form), "application/json"),
    "a multipart body without an end": Try(
        lambda form: b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
        "multipart/form-data; boundary=x",
    ),
    "a charset that does not exist": Try(
        lambda form: b"a=b", "application/x-www-form-urlencoded; charset=klingon-8"
    ),
    "each key twice": Try(_doubled),
    "long values": Try(_every(LONG)),
    "thousands of digits": Try(_every(DIGITS)),
    "zero bytes": Try(_every(NUL)),
    "signs that turn text round": Try(_every(LEFT_TO_RIGHT)),
    "negative and huge numbers": Try(_every("-99999999999999999999")),
    "digits of another script": Try(_every("²٣")),
    "more than a form may weigh": Try(lambda form: b"a=" + b"x" * HUGE),
    "thousands of fields": Try(lambda form: {f"field-{n}": "x" for n in range(2_000)}),
}
QUERIES = (
    "?offset=-1&page=-1&revision=-1&count=-1",
    f"?offset={DIGITS}&page={DIGITS}&revision={DIGITS}&count={DIGITS}",
    f"?search={LONG}&after={LONG[:200]}&before=%00&status=%ff%fe",
    "?page=99999999999999999999&offset=99999999999999999999&revision=99999999999999999999",
    "?search=%25_%5c&after=%27&options=%00&options=x&line=%00&template=%00&job=%00&session_id=%00",
    "?next=https://evil.example&then=//evil.example&state=%3Cscript%3E&back=1&back=2&download=%00",
)
SIDES = {"public": (), "customer": ("customer:estimate",), "member": ("owner",)}


def failures(
    town: Town, visitor: FlaskClient, method: str, path: str, **more: Any
) -> Iterator[str]:
    answer = visitor.open(path, method=method, **more)
    if answer.status_code >= 500 or b"Traceback" in answer.data:
        yield f"{method} {path[:80]}… answered {answer.status_code}"
    if town.is_changed():
        town.put_back()


def visited(town: Town, name: str) -> tuple[FlaskClient, str, dict[str, Any]]:
    """A person for whom the door opens, its address, and the good form."""
    row = ROWS[name]
    door = next(door for door in doors(town.app) if door.name == name)
    one = resident_of(town, row.stage)
    form = dict(form_of(town, door.endpoint, one).form) if door.method == "POST" else {}
    return browser(town, rightful(door, row), door, row.stage), address(town, door, one), form


@pytest.mark.parametrize("name", sorted(name for name in ROWS if name.startswith("POST ")))
def test_a_form_full_of_junk_is_answered(town, name):
    visitor, path, form = visited(town, name)
    faults = [
        f"{what}: {fault}"
        for what, junk in BODIES.items()
        for fault in failures(
            town, visitor, "POST", path, data=junk.form(form), content_type=junk.kind
        )
    ]
    assert not faults, "\n".join([name, *faults])


@pytest.mark.parametrize("name", sorted(name for name in ROWS if name.startswith("GET ")))
def test_an_address_full_of_junk_is_answered(town, name):
    visitor, path, _form = visited(town, name)
    faults = [f for query in QUERIES for f in failures(town, visitor, "GET", path + query)]
    for htmx in ({"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"}):
        faults += failures(town, visitor, "GET", path, headers=htmx)
    assert not faults, "\n".join([name, *faults])


@pytest.mark.parametrize("value", [LONG, "%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "%F0%9F%8F%A0"])
def test_an_id_of_junk_is_as_if_missing(town, value):
    faults = []
    for door in doors(town.app):
        if "<" not in door.rule or door.marker == "sandbox" or "<int:" in door.rule:
            continue
        path = _filled(door.rule, value)
        visitor, _path, form = visited(town, door.name)
        data = {"data": form} if door.method == "POST" else {}
        faults += failures(town, visitor, door.method, path, **data)
    assert not faults, "\n".join(faults)


def _filled(rule: str, value: str) -> str:
    parts = rule.replace(">", "<").split("<")
    return "".join(part if place % 2 == 0 else value for place, part in enumerate(parts))


@pytest.mark.parametrize("side", SIDES)
def test_cookies_and_headers_of_junk_are_answered(town, side):
    paths = {"public": "/portal/sign-in", "customer": "/portal/next", "member": "/crm/contacts"}
    path, faults = paths[side], []
    for cookie in ("s.", "a.", f"s.{LONG[:3000]}", "a.e30.x.y", "s.ÿ", "\x7f"):
        browser_ = town.client(*SIDES[side])
        for name in ("crm", "portal", "support", "visit", "device"):
            browser_.set_cookie(name, cookie)
        faults += failures(town, browser_, "GET", path)
    for name in ("Accept-Language", "User-Agent", "HX-Request", "Range", "If-None-Match"):
        headers = {name: LEFT_TO_RIGHT.encode().decode("latin-1")}
        faults += failures(town, town.client(*SIDES[side]), "GET", path, headers=headers)
    assert not faults, "\n".join(faults)


def test_methods_that_nobody_offers_are_answered(town):
    faults = [
        fault
        for path in ("/crm/contacts", "/portal/estimate", "/", "/nowhere")
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
        for fault in failures(town, town.client(), method, path)
    ]
    assert not faults, faults


def test_a_failure_of_ours_is_seen(town):
    kept = town.app.view_functions["front.healthz"]
    town.app.view_functions["front.healthz"], _fails.access = _fails, kept.access
    try:
        with pytest.raises(AssertionError, match="answered 500"):
            test_an_address_full_of_junk_is_answered(town, "GET front.healthz")
    finally:
        town.app.view_functions["front.healthz"] = kept


def _fails() -> str:
    raise ValueError("planted")
