"""Files of contacts as other programs write them: which encoding, which separator, row by row.

Read as a stream, so that a file of any length takes the same memory.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

SEPARATORS = (",", ";", "\t")
_LOOKED_AT = 50
_BLOCK = 1 << 16
_SAYS_SEPARATOR = re.compile(r"sep=(.)\s*")
# A cell that a spreadsheet would take for a formula, whoever guarded it before.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Unreadable(Exception):
    """It is not a CSV file; `reason` is 'workbook', 'binary' or 'empty'."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Shape:
    """How a file is written. `encoding` is Python's name of it."""

    encoding: str
    separator: str


@dataclass(frozen=True)
class Line:
    """One row of the file. `number` is the line it begins on, `is_whole` whether it could be
    read: where it is False, a quote was opened and never closed."""

    number: int
    cells: list[str]
    is_whole: bool = True


def shape_of(path: Path) -> Shape:
    """Raises Unreadable."""
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        said = _SAYS_SEPARATOR.fullmatch(file.readline(10))
        return Shape(encoding, said.group(1) if said else _separator_of(path, encoding))


def header_of(path: Path, shape: Shape) -> list[str]:
    """The names of the columns, as they stand there. Raises Unreadable where there is none."""
    for line in _all_lines(path, shape):
        return [cell.strip() for cell in line.cells]
    raise Unreadable("empty")


def lines_of(path: Path, shape: Shape) -> Iterator[Line]:
    """The rows below the header that are not blank."""
    return islice(_all_lines(path, shape), 1, None)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (R60)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def _all_lines(path: Path, shape: Shape) -> Iterator[Line]:
    with path.open(encoding=shape.encoding, errors="replace", newline="") as file:
        skipped = _skip_said_separator(file.readline(10))
        if not skipped:
            file.seek(0)
        reader = csv.reader(file, delimiter=shape.separator)
        begins = reader.line_num
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Line(begins + skipped + 1, [], is_whole=False)
            else:
                if any(cell.strip() for cell in cells):
                    yield Line(begins + skipped + 1, [cell.replace("\0", "") for cell in cells])
            begins = reader.line_num


def _skip_said_separator(first: str) -> int:
    """Excel reads the separator from a line of its own; how many lines that takes."""
    return 1 if _SAYS_SEPARATOR.fullmatch(first) else 0


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(4)
        if begins.startswith(b"PK\x03\x04") or begins == b"\xd0\xcf\x11\xe0":
            raise Unreadable("workbook")
        if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8 = True
        while block := file.read(_BLOCK):
            if b"\0" in block:
                raise Unreadable("binary")
            is_utf8 = is_utf8 and _decodes(decoder, block)
    return "utf-8-sig" if is_utf8 else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _separator_of(path: Path, encoding: str) -> str:
    """The one that cuts the first rows into the most columns, evenly."""

    def columns(separator: str) -> int:
        lines = _all_lines(path, Shape(encoding, separator))
        counts = Counter(len(line.cells) for line in islice(lines, _LOOKED_AT) if line.is_whole)
        return counts.most_common(1)[0][0] if counts else 0

    return max(SEPARATORS, key=columns)
