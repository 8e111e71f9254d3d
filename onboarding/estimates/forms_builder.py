"""The builder's form: the whole draft as typed, and what its buttons do to the rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, DateField, HiddenField, SelectChoice, SelectField, ValidationError
from wtforms.validators import Optional

from onboarding import money, tokens
from onboarding.estimates import pricing
from onboarding.estimates.completeness import is_storable
from onboarding.estimates.drafts import MOST_LINES, MOST_SECTIONS, DraftLine, EstimateDraft
from onboarding.estimates.forms_lines import LineForm, SectionForm, is_minted
from onboarding.estimates.pasting import Pasted
from onboarding.estimates.pricing import DiscountKind
from onboarding.web.forms import Form, long_text_field, rate_field, text_field

_ = lazy_gettext
_HEADING = "section:"
Row = LineForm | SectionForm


class DayField(DateField):
    """A day as the browser's own field sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as unreadable:
            raise ValueError(gettext("Enter a date such as 2027-03-31.")) from unreadable


class EstimateForm(Form):
    """The whole draft. `rows`, lines and headings, stand in the order of the repeated field
    `line`: a line's key, or `section:` and a heading's."""

    revision = HiddenField()
    scope = long_text_field(_("Scope of work"), most=20_000)
    discount_kind = SelectField(
        _("Discount counted in"),
        choices=[
            SelectChoice(DiscountKind.AMOUNT.value, "$"),
            SelectChoice(DiscountKind.PERCENT.value, "%"),
        ],
    )
    discount = text_field(_("Discount"), most=40)
    tax_rate = rate_field(_("Tax rate"))
    valid_until = DayField(_("Last day to approve"), [Optional()])
    shows_quantities = BooleanField(_("Quantities"))
    shows_unit_prices = BooleanField(_("Unit prices"))

    rows: list[Row]

    @classmethod
    def typed(cls, kept: EstimateDraft) -> "EstimateForm":
        """As posted. Keys that were not minted are left out, as is a row named twice. What the
        customer sees stays as `kept` where the form does not speak of it."""
        form = cls(request.form)
        if "shows" not in request.form:
            form.shows_quantities.data = kept.shows_quantities
            form.shows_unit_prices.data = kept.shows_unit_prices
        form.rows = []
        for mark in dict.fromkeys(request.form.getlist("line")):
            key = mark.removeprefix(_HEADING)
            if is_minted(key):
                form.rows.append(LineForm.typed(key) if key == mark else SectionForm.typed(key))
        return form

    @classmethod
    def kept(cls, draft: EstimateDraft, revision: int) -> "EstimateForm":
        is_share = draft.discount_kind == DiscountKind.PERCENT
        written = money.plain_thousandths if is_share else money.plain_cents
        form = cls(
            None,
            revision=revision,
            scope=draft.scope,
            discount_kind=draft.discount_kind,
            discount=written(draft.discount_value) if draft.discount_value else "",
            tax_rate=draft.tax_rate or None,
            valid_until=draft.valid_until,
            shows_quantities=draft.shows_quantities,
            shows_unit_prices=draft.shows_unit_prices,
        )
        form.rows = _rows_of(draft)
        return form

    @property
    def lines(self) -> list[LineForm]:
        return [row for row in self.rows if isinstance(row, LineForm)]

    @property
    def sections(self) -> list[SectionForm]:
        return [row for row in self.rows if isinstance(row, SectionForm)]

    @property
    def group_names(self) -> list[str]:
        """Those that stand on lines already, to be offered for others."""
        return list(
            dict.fromkeys(line.group_name.data for line in self.lines if line.group_name.data)
        )

    @property
    def seen_revision(self) -> int:
        """The one typed over: after a conflict *Keep mine* names the other person's."""
        seen = str(request.form.get("over") or self.revision.data or "")
        return int(seen) if seen.isdecimal() else 0

    def draft(self) -> EstimateDraft:
        """The estimate, once valid."""
        section_key, lines = "", []
        for row in self.rows:
            if isinstance(row, SectionForm):
                section_key = row.key
            else:
                lines.append(row.line(section_key))
        return EstimateDraft(
            scope=(self.scope.data or "").replace("\r\n", "\n"),
            lines=tuple(lines),
            discount_kind=self.discount_kind.data,
            discount_value=self._discount_value(),
            tax_rate=self.tax_rate.data or 0,
            sections=tuple((row.key, row.name.data or "") for row in self.sections),
            shows_quantities=self.shows_quantities.data,
            shows_unit_prices=self.shows_unit_prices.data,
            valid_until=self.valid_until.data,
        )

    def validate(self, extra_validators: object = None) -> bool:
        own = super().validate()
        theirs = [row.validate() for row in self.rows]
        return own and all(theirs) and self._fits()

    def validate_valid_until(self, field: Any) -> None:
        """A year of four digits: the others are slips of the finger."""
        if field.data is not None and not date(2000, 1, 1) <= field.data <= date(2999, 12, 31):
            raise ValidationError(gettext("Enter a date such as 2027-03-31."))

    def validate_discount(self, field: object) -> None:
        """Raises what is wrong with it, as a sentence beside the field."""
        self._discount_value()

    def _discount_value(self) -> int:
        """Cents, or thousandths of a percent. Raises ValidationError."""
        text = (self.discount.data or "").strip()
        is_share = self.discount_kind.data == DiscountKind.PERCENT
        if not text:
            return 0
        if "%" in text and not is_share:
            raise ValidationError(gettext("To take off a percentage, choose % beside it."))
        try:
            value = money.parse_share(text) if is_share else money.parse_cents(text)
        except money.NotAnAmount as unreadable:
            raise ValidationError(gettext(str(unreadable))) from unreadable
        if value < 0:
            raise ValidationError(gettext("Enter an amount of zero or more."))
        return value

    def _fits(self) -> bool:
        draft = self.draft()
        every_option = {line.key for line in draft.lines}
        if len(draft.lines) > MOST_LINES:
            self.form_errors.append(
                gettext("An estimate holds %(most)s lines at most.", most=MOST_LINES)
            )
        elif len(draft.sections) > MOST_SECTIONS:
            self.form_errors.append(
                gettext("An estimate holds %(most)s headings at most.", most=MOST_SECTIONS)
            )
        elif not is_storable(pricing.totals(draft, every_option)):
            self.form_errors.append(gettext("The total comes to a billion or more. Use less."))
        return not self.form_errors

    def problems(self) -> dict[str, str]:
        """The sentence for each field that needs another look, by the field's id."""
        return {
            field.id: str(field.errors[0])
            for part in (self, *self.rows)
            for field in part
            if field.errors
        }

    def put(self, rows: Sequence[Row], below: str = "") -> str:
        """Puts rows beneath the one with the key `below`, in place of it where that is a blank
        line; at the end where there is none. Answers with the key of the first."""
        place = self._place(below)
        at = len(self.rows) if place is None else place + 1
        before = self.rows[at - 1] if at else None
        if isinstance(before, LineForm) and before.is_blank and not _is_blank(rows):
            at -= 1
            del self.rows[at]
        self.rows[at:at] = rows
        return rows[0].key if rows else ""

    def add_line(self, below: str = "") -> str:
        return self.put([LineForm.kept(DraftLine(tokens.new_id()))], below)

    def add_heading(self, below: str = "") -> str:
        return self.put([SectionForm.kept(tokens.new_id(), "")], below)

    def add_pasted(self, found: Sequence[Pasted], below: str = "") -> str:
        rows: list[Row] = [
            SectionForm.kept(tokens.new_id(), cells.name)
            if cells.is_heading
            else LineForm.pasted(cells)
            for cells in found
        ]
        return self.put(rows, below) if rows else ""

    def add_alternative(self, key: str) -> str:
        """A line beneath, in one group with this one, which is first of a new one where need be:
        the customer picks one of them."""
        place = self._place(key)
        line = self.rows[place] if place is not None else None
        if not isinstance(line, LineForm):
            return ""
        if not line.group_name.data:
            line.group_name.data = (line.name.data or gettext("Your choice"))[:100]
            line.starts_chosen.data = True
        other = DraftLine(
            tokens.new_id(),
            quantity=line.quantity.data if isinstance(line.quantity.data, int) else 1000,
            unit=line.unit.data or "",
            is_taxable=line.is_taxable.data,
            group_name=line.group_name.data,
        )
        return self.put([LineForm.kept(other)], key)

    def remove(self, key: str) -> str:
        self.rows = [row for row in self.rows if row.key != key]
        return ""

    def move(self, key: str, steps: int) -> str:
        """Up for negative `steps`, down for positive; the ends are where it stops."""
        place = self._place(key)
        if place is not None:
            row = self.rows.pop(place)
            self.rows.insert(max(place + steps, 0), row)
        return ""

    def rearrange(self, wish: str) -> str:
        """Does what a named button asks: a verb, and the key of a row where it is about one.
        Answers with the key of the row that is new."""
        verb, _colon, key = wish.partition(":")
        if verb == "add":
            return self.add_line(key)
        elif verb == "heading":
            return self.add_heading(key)
        elif verb == "other":
            return self.add_alternative(key)
        elif verb == "remove":
            return self.remove(key)
        elif verb in ("up", "down"):
            return self.move(key, -1 if verb == "up" else 1)
        else:
            return ""

    def _place(self, key: str) -> int | None:
        return next((at for at, row in enumerate(self.rows) if row.key == key), None)


def _rows_of(draft: EstimateDraft) -> list[Row]:
    rows: list[Row] = [LineForm.kept(line) for line in draft.lines if not line.section_key]
    for key, name in draft.sections:
        rows.append(SectionForm.kept(key, name))
        rows += [LineForm.kept(line) for line in draft.lines if line.section_key == key]
    return rows


def _is_blank(rows: Sequence[Row]) -> bool:
    return all(isinstance(row, LineForm) and row.is_blank for row in rows)
