"""One part of the builder's form for each line of the estimate, and for each heading."""

import re

from flask import request
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from onboarding import money, tokens
from onboarding.estimates.drafts import DraftLine
from onboarding.estimates.pasting import Pasted
from onboarding.web.forms import (
    Form,
    long_text_field,
    money_field,
    quantity_field,
    text_field,
)

_ = lazy_gettext
BLANK_LINE, BLANK_HEADING = "blank".ljust(26, "0"), "blank".ljust(26, "1")
"""Stand for keys in the rows that a page makes new rows from."""


class LineForm(Form):
    """One line, as typed. Its fields are named by the line's key, so that moving a line renames
    nothing. Blank amounts are zero; a blank cost is unknown."""

    class Meta(Form.Meta):
        csrf = False

    is_heading = False

    name = text_field(_("Line item"), most=200)
    description = long_text_field(_("Description"), most=2_000)
    quantity = quantity_field(_("Quantity"))
    unit = text_field(_("Unit"), most=30)
    unit_price = money_field(_("Unit price"))
    is_taxable = BooleanField(_("Taxable"))
    is_optional = BooleanField(_("Optional"))
    starts_chosen = BooleanField(_("Starts switched on"))
    group_name = text_field(_("Pick one of"), most=100)
    unit_cost = money_field(_("Your cost"))

    key: str

    @classmethod
    def typed(cls, key: str) -> "LineForm":
        form = cls(request.form, prefix=f"line-{key}-")
        form.key = key
        return form

    @classmethod
    def pasted(cls, cells: Pasted) -> "LineForm":
        """As if somebody had typed the cells into a new line."""
        key = tokens.new_id()
        start = f"line-{key}-"
        form = cls(
            MultiDict(
                {
                    f"{start}name": cells.name,
                    f"{start}description": cells.description,
                    f"{start}quantity": cells.quantity or "1",
                    f"{start}unit": cells.unit,
                    f"{start}unit_price": cells.unit_price,
                    f"{start}is_taxable": "y",
                }
            ),
            prefix=start,
        )
        form.key = key
        return form

    @classmethod
    def kept(cls, line: DraftLine) -> "LineForm":
        form = cls(
            None,
            prefix=f"line-{line.key}-",
            name=line.name,
            description=line.description,
            quantity=line.quantity or None,
            unit=line.unit,
            unit_price=line.unit_price_cents if line.unit_price_cents or line.name else None,
            is_taxable=line.is_taxable,
            is_optional=line.is_optional,
            starts_chosen=line.starts_chosen,
            group_name=line.group_name,
            unit_cost=line.unit_cost_cents,
        )
        form.key = line.key
        return form

    @property
    def is_blank(self) -> bool:
        return not (self.name.data or self.description.data or self.unit_price.data)

    def line(self, section_key: str = "") -> DraftLine:
        """The line, once valid."""
        group = self.group_name.data or ""
        cost = self.unit_cost.data
        return DraftLine(
            key=self.key,
            name=self.name.data or "",
            description=(self.description.data or "").replace("\r\n", "\n"),
            quantity=self.quantity.data or 0,
            unit=self.unit.data or "",
            unit_price_cents=self.unit_price.data or 0,
            is_taxable=self.is_taxable.data,
            is_optional=self.is_optional.data and not group,
            starts_chosen=self.starts_chosen.data and bool(self.is_optional.data or group),
            section_key=section_key,
            group_name=group,
            unit_cost_cents=cost if isinstance(cost, int) else None,
        )

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate():
            return False
        line = self.line()
        for field, each in (
            (self.unit_price, line.unit_price_cents),
            (self.unit_cost, line.unit_cost_cents or 0),
        ):
            if money.line_cents(line.quantity, each) > money.MOST_CENTS:
                field.errors = [gettext("This line comes to a billion or more. Use less.")]
                return False
        return True


class SectionForm(Form):
    """A heading, as typed; the lines beneath it, up to the next one, are its section."""

    class Meta(Form.Meta):
        csrf = False

    is_heading = True

    name = text_field(_("Heading"), most=100)

    key: str

    @classmethod
    def typed(cls, key: str) -> "SectionForm":
        form = cls(request.form, prefix=f"section-{key}-")
        form.key = key
        return form

    @classmethod
    def kept(cls, key: str, name: str) -> "SectionForm":
        form = cls(None, prefix=f"section-{key}-", name=name)
        form.key = key
        return form


def is_minted(key: str) -> bool:
    """Shaped like a line's key."""
    return re.fullmatch(r"[0-9a-z]{26}", key) is not None and key not in (BLANK_LINE, BLANK_HEADING)
