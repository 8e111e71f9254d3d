"""Looking a file through: what will become of its rows, with nothing written of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from onboarding.contacts.duplicates import OnFile, on_file
from onboarding.contacts.models import ContactImport
from onboarding.contacts.rows import Reading, raw_keys

SHOWN = 20


class Seen:
    """Who stood further up in the file. Only fingerprints are kept: eight bytes for each address
    and number, whatever the file holds."""

    def __init__(self) -> None:
        self._marks: set[int] = set()

    def note(self, keys: Iterable[str]) -> bool:
        """Whether any of the keys was noted before; all are noted now."""
        marks = {hash(key) for key in keys}
        is_known = not marks.isdisjoint(self._marks)
        self._marks |= marks
        return is_known


def look_at(db: Session, held: ContactImport, seen: Seen, readings: Sequence[Reading]) -> None:
    """Counts the rows, and keeps the first of each trouble to be shown."""
    known = on_file(db, readings)
    problems = list(held.found.get("problems", []))
    duplicates = list(held.found.get("duplicates", []))
    for reading in readings:
        is_again = seen.note(raw_keys(reading.line, held.columns)) if not reading.reasons else False
        if reading.reasons:
            held.refused_count += 1
            problems.append(_problem(reading))
        elif known.match(reading) is not None or is_again:
            held.duplicate_count += 1
            duplicates.append(_duplicate(reading, known))
        else:
            held.good_count += 1
        del problems[SHOWN:], duplicates[SHOWN:]
    held.found = held.found | {"problems": problems, "duplicates": duplicates}


def _problem(reading: Reading) -> dict[str, Any]:
    cells = [cell for cell in reading.line.cells if cell.strip()]
    return {
        "line": reading.line.number,
        "said": ", ".join(cells)[:120],
        "reasons": [[field, code, words[:80]] for field, code, words in reading.reasons],
    }


def _duplicate(reading: Reading, known: OnFile) -> dict[str, Any]:
    """`id` is empty for somebody who stands further up in the same file."""
    found = known.match(reading)
    return {
        "line": reading.line.number,
        "said": reading.fields["name"],
        "id": found or "",
        "name": known.names[found] if found else "",
        "by": known.why(reading) if found else "",
    }
