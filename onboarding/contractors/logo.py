"""Where a contractor's logo stands, and how large it is drawn. Pure, but for the site's address."""

from dataclasses import dataclass
from typing import Literal

from onboarding.contractors.models import Contractor
from onboarding.notifications.wording import Picture

Rendition = Literal["webp", "png"]
# In CSS pixels: what a header and a message have room for.
_ON_PAGE, _IN_MAIL = (120, 30), (200, 44)
_NAMED = 12


@dataclass(frozen=True)
class Mark:
    """An image with its address and its size in CSS pixels."""

    url: str
    width: int
    height: int


def on_page(contractor: Contractor) -> Mark | None:
    """None where there is no logo. The address changes with the picture."""
    if contractor.logo_page_sha256 is None:
        return None
    url = _path(contractor.slug, contractor.logo_page_sha256, "webp")
    return Mark(url, *_size(contractor, _ON_PAGE))


def in_mail(contractor: Contractor, base_url: str) -> Picture | None:
    """The same with the whole address, as a reader of mail needs it."""
    if contractor.logo_mail_sha256 is None:
        return None
    url = base_url + _path(contractor.slug, contractor.logo_mail_sha256, "png")
    return Picture(url, *_size(contractor, _IN_MAIL))


def sha256_of(contractor: Contractor, fingerprint: str, rendition: str) -> str | None:
    """Under what the picture is kept that this address names; None for any but the present one."""
    kept = {"webp": contractor.logo_page_sha256, "png": contractor.logo_mail_sha256}.get(rendition)
    return kept if kept is not None and kept[:_NAMED] == fingerprint else None


def _path(slug: str, sha256: str, rendition: Rendition) -> str:
    return f"/brand/{slug}/logo-{sha256[:_NAMED]}.{rendition}"


def _size(contractor: Contractor, box: tuple[int, int]) -> tuple[int, int]:
    width, height = max(1, contractor.logo_width), max(1, contractor.logo_height)
    share = min(box[0] / width, box[1] / height)
    return max(1, round(width * share)), max(1, round(height * share))
