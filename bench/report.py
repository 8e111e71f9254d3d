"""The table, on the terminal, in bench/results.json and in docs/performance.md."""

import json
import os
import platform
from collections.abc import Sequence

from bench.figures import Figure
from bench.servers import ROOT

_HEAD = ("what", "figure", "goal", "unit", "holds")


def write(found: Sequence[Figure]) -> None:
    results = [each.as_json() for each in found]
    (ROOT / "bench" / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (ROOT / "docs" / "performance.md").write_text(_page(found))


def table(found: Sequence[Figure]) -> str:
    rows = [_HEAD, *map(_row, found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(each: Figure) -> tuple[str, ...]:
    sign = "≥" if each.is_least else "≤"
    return (
        each.name,
        f"{each.figure:g}",
        f"{sign} {each.goal:g}",
        each.unit,
        "yes" if each.holds else "NO",
    )


def _page(found: Sequence[Figure]) -> str:
    rows = "\n".join(f"| {' | '.join(_row(each))} |" for each in found)
    where = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
    return _PAGE.format(
        python=platform.python_version(), where=where, head=" | ".join(_HEAD), rows=rows
    )


_PAGE = """# Performance

`make bench` measures this and writes this page. Last on Python {python}, {where}, clients and
servers on the same machine.

| {head} |
|---|---|---|---|---|
{rows}

Shares are of a bare Flask "hello", served by the same gunicorn (one process, gthread, connections
kept alive) in the same run: the rounds are interleaved, each is compared with the hellos before and
after it, and the median counts. So a busy machine slows both sides alike. Milliseconds are medians
on this machine and move with it.

- **The idle poll** is answered in front of the application (`onboarding/web/quick_polls.py`) by one
  read straight from the database driver (`database.raw_row`). It opens no session, prolongs none,
  and meets the application only when there is news.
- **The estimate page** is drawn anew for each visit and nothing of it is cached: somewhat more than
  half of its time is templates (14 lines, each of several macros), a fifth is eight statements.
- **An act** is one transaction with one commit, on SQLite with `synchronous=FULL`: what was
  acknowledged is on the disk. The bare commit is an insert and an update of one column each.
- **Papers** are made by the worker or on request, never while a transaction is open.
- **Weight** is what the wire carries on a first visit, heads included; style and scripts are then
  kept for good.
"""
