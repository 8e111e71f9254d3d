"""A test client that reads every page it fetches: valid, one h1, unique ids, labelled fields."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.html import checker, structure


class ReadingClient(FlaskClient):
    """Fails the test that fetched a page with a fault in it, whatever else that test is about."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        problems = problems_of(answer)
        assert not problems, "\n".join([f"{answer.request.path} answered", *problems])
        return answer


def problems_of(answer: TestResponse) -> list[str]:
    """What is wrong with the HTML of an answer, a whole page or a fragment; [] for all else."""
    text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    if not text.strip():
        return []
    elif text.lstrip()[:9].lower() == "<!doctype":
        return checker.html_problems(text) + structure.page_problems(text)
    else:
        return checker.fragment_problems(text) + structure.fragment_problems(text)
