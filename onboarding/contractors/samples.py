"""What customers would see: a page and a message in colours and words that are not kept yet.

Each stands in a frame and is drawn from what its address carries, sealed by us: nobody else can put
words there.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask import Response, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from onboarding import clock, config
from onboarding.contractors.brand import palette
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.notifications import wording
from onboarding.web import headers
from onboarding.web.errors import NotFound


@dataclass(frozen=True)
class Look:
    """The company as it is being typed. `color` is #rrggbb."""

    name: str
    color: str
    license_number: str
    phone: str

    @property
    def is_corrected(self) -> bool:
        """By day the colour itself would be hard to read."""
        return palette(self.color).brand != self.color


def sealed(told: object) -> str:
    """What a frame shows, as a part of its address."""
    return str(_signer().dumps(told))


def unsealed(text: str) -> dict[str, str]:
    """Raises NotFound for what was not sealed here."""
    try:
        told: dict[str, str] = _signer().loads(text)
    except BadSignature as foreign:
        raise NotFound from foreign
    return told


def look_of(text: str) -> Look:
    """Raises NotFound for what was not sealed here."""
    told = unsealed(text)
    try:
        return Look(**told)
    except TypeError as other:
        raise NotFound from other


def seal_look(look: Look) -> str:
    return sealed(asdict(look))


def example_letter(company: wording.Company) -> wording.InviteMessage:
    """An invitation, as it would reach a customer on Monday."""
    return wording.InviteMessage(
        company=company,
        url=f"{config.current().base_url}/i/",
        first_name="Dana",
        job_title="Roof replacement",
        sender_name="Maria Lindqvist",
        expires_at=clock.now() + timedelta(hours=72),
        zone="America/New_York",
    )


def company_of(contractor: Contractor, look: Look) -> wording.Company:
    """The letterhead with what is being typed."""
    return replace(letterhead(contractor), **asdict(look))


def imagined(contractor: Contractor, look: Look) -> Contractor:
    """The contractor as it would be; of no session, so that it is never kept."""
    names = (column.key for column in Contractor.__table__.columns)
    kept = {name: getattr(contractor, name) for name in names}
    return Contractor(**kept | asdict(look))


def framing(response: Response) -> Response:
    """The page has frames of ours in it."""
    policy = headers.policy(current_app.config["SETTINGS"])
    if "frame-src" not in policy:
        policy += "; frame-src 'self'"
    response.headers["Content-Security-Policy"] = policy
    return response


def framed(response: Response) -> Response:
    """The page may stand in a frame of ours."""
    policy = headers.policy(current_app.config["SETTINGS"])
    inside = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = inside
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def framed_letter(html: str) -> Response:
    """A message as it is sent, with its own styles and nothing that acts."""
    response = framed(Response(html.replace("<head>", '<head><base target="_blank">', 1)))
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'self'; sandbox"
    )
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(config.current().secret_keys)), salt="sample")
