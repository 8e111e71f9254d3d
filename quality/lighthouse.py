"""Lighthouse on a phone as slow as its own, several times a screen: the median counts.

Everything that Lighthouse tells by time it multiplies by four, for a slower processor. So a machine
that is busy with something else seems to make a screen slow. Lighthouse measures the machine before
each visit, too (its benchmark index, the higher the quicker): visits during which the machine was
much slower than at its best are made again, and those count that met it at its quickest.
"""

import json
import os
import subprocess
from statistics import median
from typing import Any

from bench.servers import ROOT
from quality.demo import Sight
from quality.lines import Goal, Line
from tests.browser.chromium import arguments, program

TIMES, MOST_TIMES = 5, 8
MOST_RUNS = 3
PROGRAM = ROOT / ".cache/node-quality/node_modules/lighthouse/cli/index.js"
GOALS = {
    "performance": Goal(98, is_least=True),
    "accessibility": Goal(100, is_least=True),
    "best-practices": Goal(100, is_least=True),
    "lcp": Goal(1_500),
    "tbt": Goal(100),
    "cls": Goal(0),
}
_CATEGORIES = ("performance", "accessibility", "best-practices")
# Measure → Lighthouse's audit, and the digits kept: milliseconds, and shares of the window.
_AUDITS = {
    "lcp": ("largest-contentful-paint", 0),
    "tbt": ("total-blocking-time", 0),
    "cls": ("cumulative-layout-shift", 4),
}
# As quick as this share of the machine's best counts as undisturbed.
_UNDISTURBED = 0.85

Report = dict[str, Any]


class NotMeasured(Exception):
    """Lighthouse gave no report; its own words are in the message."""


def measured(sight: Sight) -> Line:
    """The screen's figures, each the median of TIMES visits; `machine` is the benchmark index."""
    reports = [_visited(sight) for _ in range(TIMES)]
    while len(_undisturbed(reports)) < TIMES and len(reports) < MOST_TIMES:
        reports.append(_visited(sight))
    counted = sorted(reports, key=_speed)[-TIMES:]
    measures = {name: median(_score(each, name) for each in counted) for name in _CATEGORIES}
    measures |= {
        name: median(round(each["audits"][audit]["numericValue"], digits) for each in counted)
        for name, (audit, digits) in _AUDITS.items()
    }
    measures |= {"visits": len(reports), "machine": round(median(map(_speed, counted)))}
    faults = tuple(dict.fromkeys(fault for each in counted for fault in _faults(each)))
    return Line(sight.screen, "lighthouse", measures, GOALS, faults)


def _undisturbed(reports: list[Report]) -> list[Report]:
    best = max(map(_speed, reports))
    return [each for each in reports if _speed(each) >= best * _UNDISTURBED]


def _visited(sight: Sight) -> Report:
    """Now and then Chromium records nothing, and Lighthouse asks to be run again: that is done."""
    for _ in range(MOST_RUNS):
        done = _run(sight)
        report: Report = json.loads(done.stdout) if done.returncode == 0 else {}
        if report and not report.get("runtimeError"):
            break
    else:
        raise NotMeasured(f"{sight.screen}: {report.get('runtimeError', done.stderr[-2000:])}")
    if report["finalDisplayedUrl"] != sight.address:
        raise NotMeasured(f"{sight.screen}: led away to {report['finalDisplayedUrl']}")
    return report


def _run(sight: Sight) -> subprocess.CompletedProcess[str]:
    command = [
        *("node", str(PROGRAM), sight.address, "--output=json", "--quiet"),
        *(f"--only-categories={','.join(_CATEGORIES)}", "--disable-full-page-screenshot"),
        f"--chrome-flags={' '.join(['--headless=new', *arguments()])}",
        "--no-enable-error-reporting",
    ]
    if sight.cookie:
        command.append(f"--extra-headers={json.dumps({'Cookie': sight.cookie})}")
    environment = {**os.environ, "CHROME_PATH": program()}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=180
    )


def _speed(report: Report) -> float:
    return float(report["environment"]["benchmarkIndex"])


def _score(report: Report, category: str) -> float:
    return round(100 * report["categories"][category]["score"], 2)


def _faults(report: Report) -> list[str]:
    """What accessibility and best practices found."""
    return [
        f"{name}: {audit['title']}"
        for name in _CATEGORIES[1:]
        for audit in (
            report["audits"][each["id"]]
            for each in report["categories"][name]["auditRefs"]
            if each["weight"]
        )
        if audit["score"] is not None and audit["score"] < 1
    ]
