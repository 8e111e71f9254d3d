"""`python -m bench`: measures, prints one table, writes results.json and docs/performance.md."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench import answers, commits, imports, papers, report, sights, weights
from bench.figures import Figure
from bench.office import Office, opened
from bench.servers import free_port, served


def main() -> int:
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="shorter rounds, written nowhere")
    is_quick = asked.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        begun = time.perf_counter()
        office = opened(Path(folder), port)
        loaded = Figure("demo migrated and loaded", round(time.perf_counter() - begun, 1), 10, "s")
        found = _measured(office, port, is_quick=is_quick)
    print("an import …", file=sys.stderr)
    found += imports.figures(rows=5_000 if is_quick else 50_000)
    if not is_quick:
        report.write([*found, loaded])
    print(report.table([*found, loaded]))
    return 0


def _measured(office: Office, port: int, *, is_quick: bool) -> list[Figure]:
    rounds, seconds, times = (3, 0.5, 5) if is_quick else (9, 1.0, 15)
    print("answers a second …", file=sys.stderr)
    found = answers.figures(office, port, rounds=rounds, seconds=seconds)
    print("papers, commits, weights …", file=sys.stderr)
    found += papers.figures(office, times=times)
    environment = {"DATA_DIR": str(office.settings.data_dir), "BASE_URL": office.settings.base_url}
    with served("app:app", port, **environment):
        found += weights.figures(office)
        print("first visits on slow 4G …", file=sys.stderr)
        found += sights.figures(office, times=times // 3)
    return found + commits.figures(office, times=times)


if __name__ == "__main__":
    sys.exit(main())
