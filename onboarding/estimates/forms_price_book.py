"""An item of the price book, as typed."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from onboarding.estimates.models import PriceBookItem
from onboarding.estimates.price_book import ItemWords
from onboarding.web.forms import Form, long_text_field, money_field, text_field


class ItemForm(Form):
    name = text_field(_("Name"), most=200, required=_("Name the item, such as Ridge vent."))
    description = long_text_field(_("Description"), most=2_000)
    unit = text_field(_("Unit"), most=30)
    unit_price = money_field(_("Unit price"))
    unit_cost = money_field(_("Your cost"))
    is_taxable = BooleanField(_("Taxable"), default=True)

    @classmethod
    def kept(cls, item: PriceBookItem) -> "ItemForm":
        return cls(
            None,
            name=item.name,
            description=item.description,
            unit=item.unit,
            unit_price=item.unit_price_cents,
            unit_cost=item.unit_cost_cents,
            is_taxable=item.is_taxable,
        )

    def words(self) -> ItemWords:
        """The item, once valid."""
        cost = self.unit_cost.data
        return ItemWords(
            name=self.name.data,
            description=(self.description.data or "").replace("\r\n", "\n"),
            unit=self.unit.data or "",
            unit_price_cents=self.unit_price.data or 0,
            unit_cost_cents=cost if isinstance(cost, int) else None,
            is_taxable=self.is_taxable.data,
        )
