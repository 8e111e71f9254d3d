"""The team: who works here, who is invited, and what the owner does about it."""

from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _

from onboarding import clock
from onboarding.contractors import joining, queries
from onboarding.contractors import team as working
from onboarding.contractors.blueprints import blueprint
from onboarding.contractors.forms import MemberForm, RoleForm
from onboarding.contractors.joining import AlreadyHere, NoSuchInvite
from onboarding.contractors.team import LastOwner, NoSuchMember
from onboarding.database import read
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import Conflict, NotFound, too_often
from onboarding.web.guessing import TooManyTries


@blueprint.get("/team")
@access.owner
def team() -> Response:
    return render("contractors/team.html", form=MemberForm(), **_everybody())


@blueprint.post("/team")
@access.owner
def invite_member() -> Response:
    form, page = MemberForm(), "contractors/team.html"
    if not form.validate():
        return render(page, form=form, status=422, **_everybody())
    try:
        joining.invite_member(form.email.data, form.role.data, people.actor())
    except AlreadyHere as here:
        form.email.errors = [_present(here)]
        return render(page, form=form, status=422, **_everybody())
    except TooManyTries as too_many:
        return too_often(page, too_many.seconds, form=form, **_everybody())
    flash(_("An invitation is on its way to %(address)s.", address=form.email.data))
    return redirect_to(url_for("contractors.team"))


@blueprint.post("/team/invites/<invite_id>/resending")
@access.owner
def resend_member_invite(invite_id: str) -> Response:
    try:
        invite = joining.resend_invite(invite_id, people.actor())
    except NoSuchInvite as missing:
        raise NotFound from missing
    except TooManyTries as too_many:
        page, form = "contractors/team.html", MemberForm(formdata=None)
        return too_often(page, too_many.seconds, form=form, **_everybody())
    flash(_("A new link is on its way to %(address)s.", address=invite.email))
    return redirect_to(url_for("contractors.team"))


@blueprint.post("/team/invites/<invite_id>/revocation")
@access.owner
def revoke_member_invite(invite_id: str) -> Response:
    try:
        invite = joining.revoke_invite(invite_id, people.actor())
    except NoSuchInvite as missing:
        raise NotFound from missing
    flash(_("The link of %(address)s opens nothing any more.", address=invite.email))
    return redirect_to(url_for("contractors.team"))


@blueprint.post("/team/<member_id>/role")
@access.owner
def change_role(member_id: str) -> Response:
    form = RoleForm()
    if not form.validate():
        raise NotFound
    _done(working.change_role, member_id, form.role.data)
    return redirect_to(url_for("contractors.team"))


@blueprint.post("/team/<member_id>/deactivation")
@access.owner
def deactivate(member_id: str) -> Response:
    _done(working.deactivate, member_id)
    return redirect_to(url_for("contractors.team"))


@blueprint.post("/team/<member_id>/reactivation")
@access.owner
def reactivate(member_id: str) -> Response:
    _done(working.reactivate, member_id)
    return redirect_to(url_for("contractors.team"))


def _done(act: Any, member_id: str, *more: Any) -> None:
    try:
        act(people.person().contractor_id, member_id, *more)
    except NoSuchMember as missing:
        raise NotFound from missing
    except LastOwner as last:
        raise Conflict(
            _("A company keeps one owner at least. Make somebody else an owner first.")
        ) from last


def _everybody() -> dict[str, Any]:
    db = read(people.person().contractor_id)
    return {
        "members": working.members(db),
        "invites": joining.waiting(db),
        "now": clock.now(),
        "zone": queries.contractor(db, people.person().contractor_id).time_zone,
    }


def _present(here: AlreadyHere) -> str:
    if here.is_active:
        return str(_("%(name)s works here already.", name=here.name))
    return str(_("%(name)s worked here before. Let them back in instead.", name=here.name))
