"""Rows copied from a spreadsheet, read as lines of an estimate. Pure, and tolerant: what cannot be
read as a number stays as it was, for a person to put right beside the field."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_NUMBER = re.compile(r"[-+]?[$€£]?\s?[-+]?(\d[\d.,\u00a0\u202f ]*|\.\d+)\s?%?")
_SUM = re.compile(r"(sub|grand )?\s?-?totals?\b|(sales )?tax\b|balance\b", re.IGNORECASE)
# The words that head a column of spreadsheets, by the part of a line that stands in it.
_HEADS = {
    "name": {"item", "name", "line item", "product", "service", "task", "work"},
    "description": {"description", "details", "notes"},
    "quantity": {"qty", "quantity", "count", "hours"},
    "unit": {"unit", "units", "uom", "measure"},
    "unit_price": {"price", "unit price", "rate", "price each", "each", "unit cost", "cost"},
    "": {"amount", "total", "line total", "sum", "ext", "extended"},
}
MOST_ROWS = 400


@dataclass(frozen=True)
class Pasted:
    """A row's cells, as text. A heading has a name and nothing else."""

    name: str
    description: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    is_heading: bool = False


def rows(text: str) -> list[Pasted]:
    """The lines that stand in `text`: tab-separated cells, quoted where they hold line breaks.

    With a row of column heads by those, else by place: name, description, quantity, unit, price;
    all but the name may be missing. A row of sums is left out; a lone name among rows with numbers
    is a heading.
    """
    table = [row for row in _cells(text) if any(row)]
    heads = _heads(table[0]) if table else {}
    body = table[1:] if heads else table
    if heads:
        found = [_by_heads(row, heads) for row in body]
    else:
        found = [_by_place(row) for row in body if not _is_sum(row)]
    has_prices = any(line.unit_price for line in found)
    return [_or_heading(line) if has_prices else line for line in found if line.name][:MOST_ROWS]


def _cells(text: str) -> list[list[str]]:
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    table = csv.reader(io.StringIO(plain), delimiter="\t")
    try:
        return [[" ".join(cell.split()) for cell in row] for row in table]
    except csv.Error:
        return [[" ".join(cell.split()) for cell in row.split("\t")] for row in plain.split("\n")]


def _heads(row: Sequence[str]) -> dict[int, str]:
    """The part of a line by column, where the row is one of column heads: two are known, and one
    of them is the name's."""
    found = {
        place: part
        for place, cell in enumerate(row)
        for part, words in _HEADS.items()
        if cell.lower() in words
    }
    if "name" not in found.values():
        # many sheets call the name a description
        found = {place: "name" if part == "description" else part for place, part in found.items()}
    return found if len(found) > 1 and "name" in found.values() else {}


def _by_heads(row: Sequence[str], heads: dict[int, str]) -> Pasted:
    parts = {part: row[place] for place, part in heads.items() if part and place < len(row)}
    return replace(Pasted(""), **parts)  # type: ignore[arg-type]  # (every part is a text)


def _by_place(row: Sequence[str]) -> Pasted:
    name, rest = row[0], [cell for cell in row[1:] if cell]
    first = next((at for at, cell in enumerate(rest) if _is_number(cell)), len(rest))
    numbers = [cell for cell in rest if _is_number(cell)]
    units = [cell for cell in rest[first:] if not _is_number(cell)]
    return Pasted(
        name=name,
        description=" ".join(rest[:first]),
        quantity=numbers[0] if len(numbers) > 1 else "",
        unit=units[0] if units else "",
        unit_price=numbers[min(len(numbers) - 1, 1)] if numbers else "",
    )


def _or_heading(line: Pasted) -> Pasted:
    others = (line.description, line.quantity, line.unit, line.unit_price)
    return line if any(others) else Pasted(line.name, is_heading=True)


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _is_sum(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return len(filled) <= 2 and _SUM.match(filled[0]) is not None
