"""Pictures of every screen, beside the accepted ones: `make screens`; ARGS=--accept keeps the new.

Each is taken on a phone and on a desktop, English by day and Spanish by night, from a town whose
clock stands still. What differs is named, and drawn: accepted, new, and where they differ.

Needs what the tests need (scripts/setup-tests).
"""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

from onboarding import clock
from tests.browser.chromium import complaints, launched, page_in
from tests.house import empty_database
from tests.screens.catalogue import Screen, screens
from tests.screens.showing import shown
from tests.town import Town, built

ROOT = Path(__file__).parent.parent
TAKEN = ROOT / ".cache" / "screens"
ACCEPTED = ROOT / "docs" / "screens"
# A Monday morning in Portland, Oregon.
BEGAN = datetime(2026, 5, 4, 16, 0, 10, tzinfo=UTC)
LOOKED_AT = BEGAN.replace(minute=20, second=0)
DEVICES = {"phone": (390, 844), "desktop": (1280, 800)}
LIGHTS = {"day": "en", "night": "es"}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--accept", action="store_true", help="keep what was taken")
    arguments.add_argument("--only", default="", help="a part of the names to take")
    given = arguments.parse_args()
    wanted = [screen for screen in screens() if given.only in screen.name]
    taken = _take_all(wanted)
    if given.accept:
        return _accept(taken)
    changed = [path for path in taken if _differs(path)]
    for path in changed:
        print(f"differs: {path.name} → {_drawn(path).relative_to(ROOT)}")
    print(f"{len(taken)} pictures in {TAKEN.relative_to(ROOT)}, {len(changed)} differ.")
    return 1 if changed else 0


def _take_all(wanted: list[Screen]) -> list[Path]:
    TAKEN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        blank = empty_database(Path(folder) / "blank.db")
        shift = BEGAN - datetime.now(UTC)
        with clock.shifted(shift), built(Path(folder), blank) as town:
            town.enter()
            with clock.frozen(LOOKED_AT - shift):
                return _photograph(town, wanted)


def _photograph(town: Town, wanted: list[Screen]) -> list[Path]:
    taken = []
    with sync_playwright() as driver, launched(driver) as browser:
        for device, (width, height) in DEVICES.items():
            for light, language in LIGHTS.items():
                size = {"width": width, "height": height}
                with page_in(browser, dark=light == "night", viewport=size) as page:
                    for screen in wanted:
                        path = TAKEN / f"{screen.name}-{device}-{light}.webp"
                        with shown(page, town, screen, language):
                            _picture(page, path)
                        complaints(page).clear()
                        town.put_back()
                        taken.append(path)
                print(f"{device} by {light}: {len(wanted)} screens")
    return taken


def _picture(page: Page, path: Path) -> None:
    page.wait_for_load_state("networkidle")
    taken = page.screenshot(full_page=True, animations="disabled", caret="hide")
    with Image.open(BytesIO(taken)) as picture:
        small = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    small.convert("RGB").save(path, lossless=True)


def _accept(taken: list[Path]) -> int:
    ACCEPTED.mkdir(parents=True, exist_ok=True)
    for path in taken:
        (ACCEPTED / path.name).write_bytes(path.read_bytes())
    print(f"{len(taken)} pictures accepted in {ACCEPTED.relative_to(ROOT)}.")
    return 0


def _differs(path: Path) -> bool:
    accepted = ACCEPTED / path.name
    if not accepted.exists():
        return True
    with Image.open(accepted) as before, Image.open(path) as now:
        if before.size != now.size:
            return True
        between = ImageChops.difference(before.convert("RGB"), now.convert("RGB"))
    return between.convert("L").point(lambda value: 255 * (value > 24)).getbbox() is not None


def _drawn(path: Path) -> Path:
    """Accepted, new, and what differs, side by side."""
    with Image.open(path) as picture:
        now = picture.convert("RGB")
    before = Image.new("RGB", now.size, "white")
    if (ACCEPTED / path.name).exists():
        with Image.open(ACCEPTED / path.name) as picture:
            before.paste(picture.convert("RGB"))
    sheet = Image.new("RGB", (now.width * 3, now.height), "white")
    for place, part in enumerate((before, now, ImageChops.difference(before, now))):
        sheet.paste(part, (now.width * place, 0))
    drawn = path.with_name(f"differs-{path.stem}.png")
    sheet.save(drawn)
    return drawn


if __name__ == "__main__":
    sys.exit(main())
