"""What a person finds on a page: elements by a small CSS selector, and the words."""

import re

from lxml import html
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

_CONDITIONS: list[tuple[str, str]] = [
    (r"#([\w-]+)", "@id='{0}'"),
    (r"\.([\w-]+)", "contains(concat(' ', @class, ' '), ' {0} ')"),
    (r"\[([\w-]+)=([^\]]+)\]", "@{0}='{1}'"),
    (r"\[([\w-]+)\$=([^\]]+)\]", "substring(@{0}, string-length(@{0}) - {2}) = '{1}'"),
    (r"\[([\w-]+)\]", "@{0}"),
    (r":not\(\[([\w-]+)\]\)", "not(@{0})"),
]


def found(answer: TestResponse, selector: str) -> list[HtmlElement]:
    """Elements by tag, #id, .class, [attribute], [a=b], [a$=b], :not([a]); spaces and commas."""
    page = html.document_fromstring(answer.get_data(as_text=True))
    paths = ["//" + "//".join(map(_step, part.split())) for part in selector.split(",")]
    return page.xpath(" | ".join(paths))


def text_of(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def words(answer: TestResponse) -> str:
    """What a person reads on the page, spaces collapsed."""
    return text_of(html.document_fromstring(answer.get_data(as_text=True)))


def _step(step: str) -> str:
    tag = re.match(r"\w*", step)
    rest = step[tag.end() :] if tag else step
    conditions = []
    while rest:
        for shape, condition in _CONDITIONS:
            match = re.match(shape, rest)
            if match:
                values = list(match.groups())
                length = len(values[-1]) - 1
                conditions.append(condition.format(*values, *[""] * (2 - len(values)), length))
                rest = rest[match.end() :]
                break
        else:
            raise ValueError(f"{step!r} is not a selector that is understood here")
    return (tag.group() if tag and tag.group() else "*") + "".join(f"[{one}]" for one in conditions)
