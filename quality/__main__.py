"""`python -m quality`: measures, prints one line a figure, fails where one falls short."""

import argparse
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.office import Office, opened
from bench.servers import free_port, served
from quality import lighthouse, screens, weights
from quality.demo import customer_sights, pipeline
from quality.lines import Line
from tests.browser.chromium import launched

PARTS = ("weight", "lighthouse", "screens")
BY_LIGHTHOUSE = ("landing", "account", "estimate", "contract", "done", "pipeline")


def main() -> int:
    asked = argparse.ArgumentParser(prog="quality", description=__doc__)
    asked.add_argument("--only", choices=PARTS, help="one part of it")
    only = asked.parse_args().only
    begun = time.monotonic()
    lines = []
    for line in _measured([only] if only else PARTS):
        print(line, flush=True)
        lines.append(line)
    short = [sentence for line in lines for sentence in line.shortfalls()]
    minutes = (time.monotonic() - begun) / 60
    print(f"{len(lines)} lines in {minutes:.1f} minutes: {'short' if short else 'all good'}.")
    for sentence in short:
        print(sentence, file=sys.stderr)
    return 1 if short else 0


def _measured(parts: Collection[str]) -> Iterator[Line]:
    if "weight" in parts or "lighthouse" in parts:
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            office = opened(Path(folder), port)
            environment = {"DATA_DIR": folder, "BASE_URL": office.settings.base_url}
            with served("app:app", port, **environment):
                yield from _of_the_demo(office, parts)
    if "screens" in parts:
        with sync_playwright() as driver, launched(driver) as browser:
            yield from screens.measured(browser)


def _of_the_demo(office: Office, parts: Collection[str]) -> Iterator[Line]:
    sights = customer_sights(office)
    if "weight" in parts:
        yield from weights.of_files(office)
        with sync_playwright() as driver, launched(driver) as browser:
            for sight in sights:
                yield weights.of_screen(sight, browser, office.settings.base_url)
    if "lighthouse" in parts:
        named = {sight.screen: sight for sight in [*sights, pipeline(office)]}
        for screen in BY_LIGHTHOUSE:
            yield lighthouse.measured(named[screen])


if __name__ == "__main__":
    sys.exit(main())
