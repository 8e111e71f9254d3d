"""The builder's form, one part for each line of the estimate; and the customer's answers."""

import re
from dataclasses import fields

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import Optional

from onboarding import money, tokens
from onboarding.estimates import pricing
from onboarding.estimates.completeness import is_storable
from onboarding.estimates.drafts import DraftLine, EstimateDraft, Job
from onboarding.estimates.pricing import DiscountKind
from onboarding.web.forms import (
    Form,
    long_text_field,
    money_field,
    quantity_field,
    rate_field,
    text_field,
)

_ = lazy_gettext
MOST_LINES = 200


class LineForm(Form):
    """One line, as typed. Its fields are named by the line's key, so that moving a line renames
    nothing. Blank amounts are zero."""

    class Meta(Form.Meta):
        csrf = False

    name = text_field(_("Line item"), most=200)
    description = long_text_field(_("Description"), most=2_000)
    quantity = quantity_field(_("Quantity"))
    unit = text_field(_("Unit"), most=30)
    unit_price = money_field(_("Unit price"))
    is_taxable = BooleanField(_("Taxable"))
    is_optional = BooleanField(_("Optional"))
    starts_chosen = BooleanField(_("Starts switched on"))

    key: str

    @classmethod
    def typed(cls, key: str) -> "LineForm":
        form = cls(request.form, prefix=f"line-{key}-")
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
        )
        form.key = line.key
        return form

    def line(self) -> DraftLine:
        """The line, once valid."""
        return DraftLine(
            key=self.key,
            name=self.name.data or "",
            description=(self.description.data or "").replace("\r\n", "\n"),
            quantity=self.quantity.data or 0,
            unit=self.unit.data or "",
            unit_price_cents=self.unit_price.data or 0,
            is_taxable=self.is_taxable.data,
            is_optional=self.is_optional.data,
            starts_chosen=self.starts_chosen.data and self.is_optional.data,
        )

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate():
            return False
        line = self.line()
        if money.line_cents(line.quantity, line.unit_price_cents) > money.MOST_CENTS:
            self.unit_price.errors = [gettext("This line comes to a billion or more. Use less.")]
            return False
        return True


class EstimateForm(Form):
    """The whole draft. `lines` stand in the order of the repeated field `line`."""

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

    lines: list[LineForm]

    @classmethod
    def typed(cls) -> "EstimateForm":
        """As posted. Keys that were not minted here are left out, as is a line named twice."""
        form = cls(request.form)
        keys = [key for key in request.form.getlist("line") if is_minted(key)]
        form.lines = [LineForm.typed(key) for key in dict.fromkeys(keys)]
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
        )
        form.lines = [LineForm.kept(line) for line in draft.lines]
        return form

    @property
    def seen_revision(self) -> int:
        """The one typed over: after a conflict *Keep mine* names the other person's."""
        seen = str(request.form.get("over") or self.revision.data or "")
        return int(seen) if seen.isdecimal() else 0

    def draft(self) -> EstimateDraft:
        """The estimate, once valid."""
        return EstimateDraft(
            scope=(self.scope.data or "").replace("\r\n", "\n"),
            lines=tuple(line.line() for line in self.lines),
            discount_kind=self.discount_kind.data,
            discount_value=self._discount_value(),
            tax_rate=self.tax_rate.data or 0,
        )

    def validate(self, extra_validators: object = None) -> bool:
        own = super().validate()
        theirs = [line.validate() for line in self.lines]
        return own and all(theirs) and self._fits()

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
        elif not is_storable(pricing.totals(draft, every_option)):
            self.form_errors.append(gettext("The total comes to a billion or more. Use less."))
        return not self.form_errors

    def problems(self) -> dict[str, str]:
        """The sentence for each field that needs another look, by the field's id."""
        return {
            field.id: str(field.errors[0])
            for part in (self, *self.lines)
            for field in part
            if field.errors
        }

    def add_line(self) -> None:
        self.lines.append(LineForm.kept(DraftLine(tokens.new_id())))

    def remove_line(self, key: str) -> None:
        self.lines = [line for line in self.lines if line.key != key]

    def move_line(self, key: str, steps: int) -> None:
        """Up for negative `steps`, down for positive; the ends are where it stops."""
        place = next((at for at, line in enumerate(self.lines) if line.key == key), None)
        if place is not None:
            line = self.lines.pop(place)
            self.lines.insert(max(place + steps, 0), line)

    def rearrange(self, wish: str) -> None:
        """Does what a named button asks: `add`, or `remove`, `up`, `down` with a line's key."""
        verb, _colon, key = wish.partition(":")
        if verb == "add":
            self.add_line()
        elif verb == "remove":
            self.remove_line(key)
        elif verb in ("up", "down"):
            self.move_line(key, -1 if verb == "up" else 1)


class TitleForm(Form):
    """Names a new job."""

    title = text_field(_("Job"), most=200, required=_("Name the job, such as Roof replacement."))


class JobForm(TitleForm):
    """What the job is called and where it is done."""

    site_line1 = text_field(_("Street address"))
    site_line2 = text_field(_("Apartment, unit"))
    site_city = text_field(_("City"), most=100)
    site_state = text_field(_("State"), most=50)
    site_postal_code = text_field(_("ZIP code"), most=20)

    def job(self) -> Job:
        names = (field.name for field in fields(Job))
        return Job(**{name: self[name].data or "" for name in names})


class AnswerForm(Form):
    """What was on the customer's screen when they pressed: the options, and the total in cents."""

    options = SelectMultipleField(choices=[], validate_choice=False)
    total = IntegerField(validators=[Optional()])

    @property
    def total_cents(self) -> int:
        """-1, which no estimate comes to, where it cannot be read."""
        return self.total.data if isinstance(self.total.data, int) else -1


class ReasonForm(Form):
    reason = long_text_field(
        _("What was the reason?"), most=2_000, required=_("Write a few words first.")
    )


def is_minted(key: str) -> bool:
    """Shaped like a line's key."""
    return re.fullmatch(r"[0-9a-z]{26}", key) is not None
