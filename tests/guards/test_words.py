"""Everything that is said is said in Spanish too: the catalog is whole, compiled, and reaches the
pages."""

import re
from html.parser import HTMLParser

import pytest
from babel.messages import Catalog

from scripts import catalog
from tests.guards.route_table import ROWS
from tests.guards.sources import ROOT
from tests.guards.visitors import Door, address, browser, doors, resident_of, rightful
from tests.town import Town

RUN = "run scripts/words, then translate what it names"
SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
# Sentences of the catalog that stand on these pages as somebody's own words, in English -> whose.
OWN_WORDS = {
    "Roof replacement": "the name of the job; a form suggests it",
    "Gutter guards": "a line item; the living page of components shows one too",
    "Tear-off and disposal": "the same",
    (
        "You allow Ridgeline Roofing to charge the card you add now for payments under your"
        " contract for Roof replacement, without asking again for each one."
    ): "what somebody agreed to is shown in the very words",
    **dict.fromkeys(
        ("28 squares", "62 ft", "square"), "a line's measure; samples show such a line"
    ),
    **dict.fromkeys(("Name", "E-mail", "City"), "how a list that is imported names its columns"),
}
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return catalog.gathered()


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_every_sentence_of_the_sources_is_translated(sources: Catalog, language: str):
    assert not catalog.faults(catalog.updated(language, sources)), RUN


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_nothing_is_translated_that_nobody_says_any_more(sources: Catalog, language: str):
    said = {catalog.forms_of(message.id) for message in sources}
    kept = {catalog.forms_of(message.id) for message in catalog.read_translations(language)}
    assert not kept - said, RUN


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str):
    compiled = catalog.po_path(language).with_suffix(".mo").read_bytes()
    assert compiled == catalog.mo_bytes(catalog.read_translations(language)), RUN


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_translations_scold_nobody_and_shout_at_nobody(language: str):
    said = [
        text
        for message in catalog.read_translations(language)
        for text in catalog.forms_of(message.string)
        if message.id
    ]
    harsh = re.compile(r"[!¡]|\berror|\binválid|\btú\b|\btu\b", re.I)
    assert not [text for text in said if harsh.search(text)]


def test_texts_stay_in_the_alphabet_that_gives_them_160_letters():
    """One á or ó makes a text twice as dear; é, ñ and ü cost nothing."""
    spanish = catalog.read_translations("es")
    found = re.findall(r"block sms %}(.*?){% endblock", "".join(_mails()), re.S)
    texts = [
        spanish.get(one).string
        for block in found
        for one in re.findall(r"_\('((?:[^'\\]|\\.)*)'", block)
    ]
    assert texts
    assert not [text for text in texts if re.search("[áíóúÁÍÓÚ]", text)]


def test_a_fault_of_each_kind_is_found():
    planted = Catalog("es")
    planted.add("Sent to %(name)s", "Enviado")
    planted.add("Total")
    planted.add("Tax", "Impuesto", flags={"fuzzy"})
    planted.add(("%(num)s line", "%(num)s lines"), ("%(num)s concepto", ""))
    assert [fault.partition(":")[0] for fault in catalog.faults(planted)] == [
        "other placeholders",
        "not translated",
        "only guessed",
        "not translated",
    ]


PAGES = sorted(
    name
    for name, row in ROWS.items()
    if name.startswith("GET ") and row.marker != "webhook" and "mailbox." not in name
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_spanish_has_no_english_left_over(town: Town, name: str):
    row = ROWS[name]
    door = next(each for each in doors(town.app) if each.name == name)
    who = rightful(door, row)
    visitor = browser(town, who, door, row.stage)
    if door.rule.startswith(("/portal", "/i/")) and who != "visit":
        visitor.post("/portal/language", data={"language": "es", "way_back": "/portal"})
    answer = visitor.get(path_of(town, door, row.stage), headers=SPANISH)
    if answer.mimetype == "text/html" and answer.status_code == 200:
        assert not english_on(answer.text)


def path_of(town: Town, door: Door, stage: str) -> str:
    return address(town, door, resident_of(town, stage))


def english_on(page: str) -> list[str]:
    """Words on the page that the catalog has in Spanish."""
    reader = _Reader()
    reader.feed(page)
    return [text for text in reader.texts if ENGLISH.fullmatch(text) and text not in OWN_WORDS]


def _sentence(id_: str) -> str:
    """The sentence with anything in its holes; empty where little else is in it, which would be
    found in every contract."""
    parts = PLACEHOLDER.split(id_)
    enough = 3 if len(parts) == 1 else 10
    return ".+?".join(map(re.escape, parts)) if len("".join(parts)) >= enough else ""


def _english() -> re.Pattern[str]:
    sentences = [
        _sentence(id_)
        for message in catalog.read_translations("es")
        for id_, said in zip(
            catalog.forms_of(message.id), catalog.forms_of(message.string), strict=False
        )
        if id_ != said
    ]
    return re.compile("|".join(filter(None, sentences)))


ENGLISH = _english()


class _Reader(HTMLParser):
    """What is read on a page, aloud too, each piece by itself."""

    SPOKEN = ("alt", "title", "placeholder", "aria-label")
    SILENT = ("script", "style", "textarea")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = [words for name, words in attrs if name in self.SPOKEN and words]
        self.texts += [" ".join(words.split()) for words in spoken]
        if tag in self.SILENT or dict(attrs).get("lang") == "en":
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.inside:
            self.texts.append(" ".join(data.split()))


def _mails() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (ROOT / "templates/emails").glob("*.txt")]
