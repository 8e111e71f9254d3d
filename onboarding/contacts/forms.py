from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from onboarding.contacts.actions import ContactFields
from onboarding.web.forms import Form, email_field, long_text_field, phone_field, text_field


class ContactForm(Form):
    """A contact needs a name, and one way to be reached."""

    name = text_field(_("Name"), required=_("Enter the person's name."))
    email = email_field(_("E-mail"))
    mobile = phone_field(_("Mobile"))
    preferred_channel = RadioField(
        _("Prefers"),
        choices=[SelectChoice("email", _("E-mail")), SelectChoice("sms", _("Text message"))],
        default="email",
    )
    address_line1 = text_field(_("Street address"))
    address_line2 = text_field(_("Apartment, unit"))
    city = text_field(_("City"), most=100)
    state = text_field(_("State"), most=50)
    postal_code = text_field(_("ZIP code"), most=20)
    language = SelectField(
        _("Language"), choices=[SelectChoice("en", "English"), SelectChoice("es", "Español")]
    )
    notes = long_text_field(_("Notes, seen by your company only"), most=5_000)

    def validate(self, extra_validators: object = None) -> bool:
        is_whole: bool = super().validate()
        if not self.email.data and not self.mobile.data and not self.email.errors:
            self.email.errors = [_("Enter an e-mail address or a mobile number.")]
            return False
        return is_whole

    def fields(self) -> ContactFields:
        return ContactFields(
            name=self.name.data,
            email=self.email.data or None,
            mobile=self.mobile.data or None,
            preferred_channel=self.preferred_channel.data,
            address_line1=self.address_line1.data or "",
            address_line2=self.address_line2.data or "",
            city=self.city.data or "",
            state=self.state.data or "",
            postal_code=self.postal_code.data or "",
            language=self.language.data,
            notes=self.notes.data or "",
        )
