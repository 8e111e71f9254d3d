"""The price book: what is in it, found by name; an item to write, and to take out."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from onboarding import tokens
from onboarding.database import read
from onboarding.estimates import price_book
from onboarding.estimates.blueprints import blueprint
from onboarding.estimates.forms_lines import is_minted
from onboarding.estimates.forms_price_book import ItemForm
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound


@blueprint.get("/price-book")
@access.member
def price_items() -> Response:
    sought = request.args.get("search", "").replace("\x00", "").strip()[:100]
    return render(
        "estimates/price_items.html",
        "estimates/_price_items.html",
        sought=sought,
        items=price_book.items(read(people.person().contractor_id), sought),
        most=price_book.MOST,
    )


@blueprint.get("/price-book/new")
@access.member
def new_price_item() -> Response:
    """The id is minted with the form: the same form sent twice is one item."""
    return _item(tokens.new_id(), ItemForm(formdata=None), is_new=True)


@blueprint.get("/price-book/<item_id>")
@access.member
def price_item(item_id: str) -> Response:
    found = price_book.item(read(people.person().contractor_id), item_id)
    if found is None or found.removed_at is not None:
        raise NotFound
    return _item(item_id, ItemForm.kept(found))


@blueprint.post("/price-book/new/<item_id>")
@access.member
def create_price_item(item_id: str) -> Response:
    if not is_minted(item_id):
        raise NotFound
    return _kept(item_id, is_new=True)


@blueprint.post("/price-book/<item_id>")
@access.member
def save_price_item(item_id: str) -> Response:
    if price_book.item(read(people.person().contractor_id), item_id) is None:
        raise NotFound
    return _kept(item_id, is_new=False)


def _kept(item_id: str, *, is_new: bool) -> Response:
    form = ItemForm()
    if not form.validate():
        return _item(item_id, form, is_new=is_new, status=422)
    try:
        price_book.save_item(item_id, form.words(), people.actor())
    except price_book.NameTaken:
        form.name.errors = [_("The price book has an item of this name. Choose another.")]
        return _item(item_id, form, is_new=is_new, status=422)
    except price_book.ItemMissing as elsewhere:
        raise NotFound from elsewhere
    return redirect_to(url_for(".price_items"))


@blueprint.post("/price-book/<item_id>/removal")
@access.member
def remove_price_item(item_id: str) -> Response:
    try:
        price_book.remove_item(item_id, people.actor())
    except price_book.ItemMissing as gone:
        raise NotFound from gone
    return redirect_to(url_for(".price_items"))


def _item(item_id: str, form: ItemForm, *, is_new: bool = False, status: int = 200) -> Response:
    return render(
        "estimates/price_item.html", form=form, item_id=item_id, is_new=is_new, status=status
    )
