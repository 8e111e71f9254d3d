"""What a phone fetches on a first visit: the page, its style, its scripts, its images."""

import re
from urllib.parse import urljoin

import requests

from bench.figures import Figure
from bench.office import Office

MOST = 35.0
SCREENS = {
    "sign-in": ("/portal/ridgeline-roofing/sign-in", ""),
    "estimate": ("/portal/estimate", "Priya Raman"),
    "contract": ("/portal/contract", "Beatriz Oliveira"),
    "card": ("/portal/card", "Hiroshi Tanaka"),
    "done": ("/portal/done", "Amara Nwosu"),
    "messages": ("/portal/messages", "Mei-Ling Zhou"),
}
_LINKED = re.compile(
    r'(?:<link[^>]+rel="stylesheet" href|<script[^>]+src|<img[^>]+src|<use href)="([^"#]+)'
)


def figures(office: Office) -> list[Figure]:
    base = office.settings.base_url
    return [
        Figure(f"weight of the {screen} screen", _kilobytes(office, base + path, name), MOST, "KB")
        for screen, (path, name) in SCREENS.items()
    ]


def _kilobytes(office: Office, address: str, name: str) -> float:
    headers = {"Accept-Encoding": "br, gzip"}
    own, _, value = office.customer_cookie(name).partition("=") if name else ("", "", "")
    # Not as a header: requests drops that where a page leads on.
    cookies = {own: value} if name else {}
    page = requests.get(address, headers=headers, cookies=cookies, stream=True, timeout=20)
    assert page.status_code == 200, f"{address}: {page.status_code}"
    on_the_wire, text = _read(page)
    linked_files = {urljoin(page.url, found) for found in _LINKED.findall(text)}
    for linked in filter(lambda each: each.startswith("http"), linked_files):
        part = requests.get(linked, headers=headers, stream=True, timeout=20)
        assert part.status_code == 200, f"{linked}: {part.status_code}"
        on_the_wire += _read(part)[0]
    return round(on_the_wire / 1000, 1)


def _read(answer: requests.Response) -> tuple[int, str]:
    """Bytes on the wire, head and body as they came; and the text of a page."""
    raw = answer.raw.read(decode_content=False)
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    text = _decoded(raw, answer.headers.get("Content-Encoding", "")) if is_page else ""
    return len(raw) + head, text


def _decoded(raw: bytes, encoding: str) -> str:
    if encoding == "br":
        import brotli

        return str(brotli.decompress(raw).decode())
    elif encoding == "gzip":
        import gzip

        return gzip.decompress(raw).decode()
    return raw.decode()
