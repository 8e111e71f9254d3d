from flask_babel import lazy_gettext as _

from onboarding.web.forms import Form, email_field, password_field


class SignInForm(Form):
    email = email_field(_("E-mail"), required=_("Enter your e-mail address."))
    password = password_field(_("Password"), required=_("Enter your password."))


class ForgottenForm(Form):
    email = email_field(_("E-mail"), required=_("Enter your e-mail address."))
