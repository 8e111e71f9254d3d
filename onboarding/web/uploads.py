"""How much an address takes: nearly all take forms alone, a few take a file.

@blueprint.post("/settings/logo")
@access.owner
@takes(pictures.MOST_BYTES)
def put_logo() -> Response: ...
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
# What a browser puts around a file: the other fields, the boundaries, the file's name.
_AROUND = 64 * 1024


def takes(most_bytes: int) -> Callable[[View], View]:
    """The view takes a file of `most_bytes`; what is larger is answered 413 unread."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Before anything reads the form, the check against forgery included."""

    @app.before_request
    def make_room() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        most = getattr(view, "most_bytes", None)
        if most is not None:
            request.max_content_length = most + _AROUND

    @app.teardown_request
    def give_back(_: BaseException | None) -> None:
        """A large file lies on the disk until it is closed."""
        request.close()
