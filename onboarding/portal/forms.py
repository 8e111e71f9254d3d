from wtforms import HiddenField
from wtforms.validators import AnyOf

from onboarding.web import languages
from onboarding.web.forms import Form


class LanguageForm(Form):
    """The button in the header. `way_back` is the page on which it stood."""

    language = HiddenField(validators=[AnyOf(tuple(languages.NAMES))])
    way_back = HiddenField()
