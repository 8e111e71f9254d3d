"""Addresses shown to whoever may not be their owner. Pure."""


def masked(channel: str, address: str) -> str:
    """`d•••@example.com`, `(•••) •••-0142`: enough for the owner to know which is meant."""
    return _masked_email(address) if channel == "email" else f"(•••) •••-{address[-4:]}"


def _masked_email(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def device(user_agent: str) -> str:
    """The browser and machine of a user agent in words, `Safari on iPhone`; empty if unknown."""
    browser = _first(user_agent, _BROWSERS)
    machine = _first(user_agent, _MACHINES)
    return " on ".join(part for part in (browser, machine) if part)


def _first(user_agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")


# In this order: most browsers claim to be several others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Macintosh", "Mac"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
