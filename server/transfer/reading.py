"""Files of any format as lines that are ready to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec

from server.transfer import csv_files, lines, parquet_files
from server.transfer.cells import Reading
from server.transfer.failures import BrokenFile, WrongOption
from server.transfer.lines import breaks_off
from server.transfer.mapping import Mapped, Wish
from server.transfer.rows import Checker, Item, Rejection
from server.transfer.source import Format, StreamBroken, format_of

if TYPE_CHECKING:
    from server.transfer.source import Source

LIST_LIMIT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """What was said of the files; the lines that come out depend on nothing else."""

    type: str = "event"
    event: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    format: Format | None = None
    delimiter: str | None = None
    text: bool = False
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file: with the columns and the number of rows where it is a table."""

    items: Iterator[Item]
    mapped: Mapped | None = None
    rows: int | None = None


def read(opened: Source, options: Options, written: int) -> Lines:
    """Return the lines of a file, checked and completed; `written` is when it was.

    Raises:
        BrokenFile: it is not what it is said to be; while reading too, when it breaks off.
        WrongOption: the options do not fit it.
    """
    blocks = opened.blocks()
    try:
        first = next(blocks, b"")
    except StreamBroken as broken:
        raise breaks_off(opened.name, 1, str(broken)) from broken
    form = format_of(opened, first, options.format)
    blocks = chain([first] if first else [], blocks)
    check = Checker(options.type, options.event, written)
    if form in {"ndjson", "json"}:
        if options.fields:
            raise WrongOption(f"{opened.name} has no columns: --map is for CSV and Parquet files")
        of_json = _ndjson if form == "ndjson" else _json_list
        return Lines(of_json(opened.name, blocks, check))
    reading = Reading(options.text, options.zone)
    wish = Wish(options.type, options.fields, options.event, reading)
    if form == "csv":
        delimiter = options.delimiter or ("\t" if opened.suffix == ".tsv" else ",")
        table = csv_files.table(opened.name, blocks, wish, check, delimiter)
    else:
        table = parquet_files.table(opened, blocks, wish, check)
    return Lines(table.items, table.mapped, table.rows)


def _ndjson(name: str, blocks: Iterator[bytes], check: Checker) -> Iterator[Item]:
    check_line = check.check
    for block in lines.cut(name, blocks):
        for number, raw in enumerate(block.lines, block.first):
            line = raw.strip()
            if not line:
                continue
            item = check_line(number, line)
            if not block.ended and isinstance(item, Rejection) and item.torn:
                raise breaks_off(name, number, "it is not whole")
            if item is not None:
                yield item


def _json_list(name: str, blocks: Iterator[bytes], check: Checker) -> Iterator[Item]:
    for number, element in enumerate(_elements(name, blocks), 1):
        item = check.check(number, msgspec.json.format(bytes(element), indent=-1))
        if item is not None:
            yield item


def _elements(name: str, blocks: Iterator[bytes]) -> list[msgspec.Raw]:
    whole = bytearray()
    try:
        for block in blocks:
            whole += block
            if len(whole) > LIST_LIMIT:
                raise BrokenFile(
                    f"{name} is a JSON list of more than {LIST_LIMIT // 1024**2} MiB; write it as "
                    "NDJSON, one object a line, which may be of any size: jq -c '.[]'"
                )
        return msgspec.json.decode(whole, type=list[msgspec.Raw])
    except (StreamBroken, msgspec.DecodeError, RecursionError) as broken:
        raise BrokenFile(f"{name} is not a whole JSON list: {broken}") from broken
