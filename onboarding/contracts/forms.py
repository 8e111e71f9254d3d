from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, ValidationError
from wtforms.validators import InputRequired, Length

from onboarding.contracts import ink, templating_samples
from onboarding.contracts.placeholders import complaints
from onboarding.contracts.signing import Signature
from onboarding.web.complaining import sentences
from onboarding.web.forms import Form, long_text_field, text_field


class ConsentForm(Form):
    """Agreeing to sign electronically: an act of its own, never ticked beforehand."""

    frozen_sha256 = HiddenField(validators=[Length(max=64)])
    agrees = BooleanField(
        _l("I could open the PDF, and I agree to sign electronically."),
        [InputRequired(_l("Tick the box to agree, or ask for the contract on paper."))],
        default=False,
    )


class SignForm(Form):
    """A signature, drawn or typed. `way` is what the page showed when the button was pressed."""

    frozen_sha256 = HiddenField(validators=[Length(max=64)])
    way = HiddenField(default="type")
    points = HiddenField()
    typed = text_field(_l("Type your full name"), most=200)

    strokes: tuple[ink.Stroke, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty field is for this form to judge, not for the field."""
        is_whole = bool(super().validate(extra_validators))
        fault = self._fault_of_drawing() if self.way.data == "draw" else self._fault_of_name()
        if fault:
            field = self.points if self.way.data == "draw" else self.typed
            field.errors = [*field.errors, fault]
        return is_whole and not fault

    def _fault_of_drawing(self) -> str:
        drawing = self.points.data or ""
        if len(drawing) > ink.MOST_BYTES:
            self.points.data = ""
        try:
            self.strokes = ink.read(drawing)
        except ink.NotASignature as refused:
            return str(_(str(refused)))
        return ""

    def _fault_of_name(self) -> str:
        has_letters = any(letter.isalpha() for letter in self.typed.data or "")
        return "" if has_letters else str(_("Type your full name: it is your signature."))

    def as_typed(self) -> dict[str, str]:
        """What was filled in, to fill it in again."""
        return {name: self[name].data or "" for name in ("frozen_sha256", "way", "points", "typed")}

    def signature(self) -> Signature:
        return Signature(strokes=self.strokes, typed_text=self.typed.data or "")


class DraftForm(Form):
    """The contract beside an estimate, as it is typed."""

    title = text_field(_l("Title"), required=_l("Enter what the contract is called."))
    body = long_text_field(
        _l("Contract"), most=60_000, required=_l("Write the contract, or take it from a template.")
    )
    terms = long_text_field(_l("Terms for this job"), most=20_000)
    template_id = HiddenField(validators=[Length(max=26)])
    template_version = HiddenField(validators=[Length(max=9)])
    revision = HiddenField(default="0", validators=[Length(max=9)])

    def seen_revision(self) -> int:
        """The revision that was on the screen; one that cannot be read fits none."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() else -1

    def seen_version(self) -> int | None:
        """The version of the template that the text was taken from, as the page had it."""
        text = self.template_version.data or ""
        return int(text) if text.isascii() and text.isdecimal() else None


class TemplateForm(Form):
    """A template, kept as typed; what would stay open at the merge is said."""

    name = text_field(_l("Name"), required=_l("Give the template a name."))
    body = long_text_field(_l("Text"), most=60_000, required=_l("Write the text of the template."))
    origin = HiddenField(validators=[Length(max=40)])
    contact = SelectField(_l("Filled in for"), choices=[], validate_choice=False)

    def sample_key(self) -> str:
        """The sample that a new template begins as; empty for one of the contractor's own."""
        key = self.origin.data or ""
        return key if key in templating_samples.known_keys() else ""

    def validate_body(self, field: Any) -> None:
        open_ones = complaints(field.data or "")
        if open_ones:
            raise ValidationError(" ".join(sentences(open_ones)))
