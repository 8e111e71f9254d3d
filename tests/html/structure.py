"""What we ask of a page and the HTML checker does not: heading, ids, labels, data-hx-…"""

from collections import Counter
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

# Fields that carry their own words or are never seen.
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
# Attributes whose words are ids of other elements.
REFERENCES = (
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "form",
    "list",
)


def page_problems(text: str) -> list[str]:
    """What is wrong with a whole page, one sentence each; empty when nothing is."""
    page = html.document_fromstring(text)
    problems = list(_heading(page))
    if not page.get("lang"):
        problems.append("The page does not say its language: <html lang>")
    return problems + part_problems(page)


def fragment_problems(text: str) -> list[str]:
    """The same of a fragment: without a heading, and what it refers to may stand on the page."""
    return _parts(html.fragment_fromstring(text, create_parent="div"))


def part_problems(page: HtmlElement) -> list[str]:
    return [*_parts(page), *_references(page)]


def _parts(part: HtmlElement) -> list[str]:
    return [*_ids(part), *_labels(part), *_htmx(part)]


def _heading(page: HtmlElement) -> Iterator[str]:
    headings = [_words(one) for one in page.iter("h1")]
    title = _words(page.find(".//title")) if page.find(".//title") is not None else ""
    if len(headings) != 1:
        yield f"The page has {len(headings)} h1: {headings}"
    elif not headings[0]:
        yield "The h1 says nothing"
    elif not title.startswith(headings[0]):
        yield f"The title {title!r} does not open with the h1 {headings[0]!r}"


def _ids(part: HtmlElement) -> Iterator[str]:
    for name, count in Counter(part.xpath("//@id")).items():
        if count > 1:
            yield f"The id {name!r} stands {count} times"


def _labels(part: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in part.iter("label") if _words(label)}
    for field in part.iter("input", "select", "textarea"):
        if field.tag == "input" and field.get("type", "text").lower() in UNLABELLED:
            continue
        wrapped = any(_words(label) for label in field.iterancestors("label"))
        named = _filled(field, "aria-label") or _filled(field, "aria-labelledby")
        if not (wrapped or named or (field.get("id") and field.get("id") in labelled)):
            yield f"The field {field.get('name') or field.get('id')!r} has no label"
    for button in part.iter("button"):
        if not (_words(button) or _filled(button, "aria-label") or _pictured(button)):
            yield f"The button {button.get('id') or button.get('class')!r} has no words"


def _references(page: HtmlElement) -> Iterator[str]:
    known = set(page.xpath("//@id"))
    for element in page.iter():
        if isinstance(element.tag, str):
            for attribute in REFERENCES:
                for name in element.get(attribute, "").split():
                    if name not in known:
                        yield f"{element.tag} {attribute}={name!r} refers to nothing on the page"


def _htmx(part: HtmlElement) -> Iterator[str]:
    for element in part.iter():
        if isinstance(element.tag, str):
            for name in element.attrib:
                if name.startswith("hx-"):
                    yield f"{element.tag} {name} does not validate: spell it data-{name}"


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _filled(element: HtmlElement, attribute: str) -> bool:
    return bool(element.get(attribute, "").strip())


def _pictured(button: HtmlElement) -> bool:
    return any(_filled(image, "alt") for image in button.iter("img")) or any(
        _words(title) for title in button.iter("title")
    )
