"""The commands `segraph import` and `segraph export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from graph import times
from graph.errors import BadInput
from server.settings import Settings
from server.transfer import target, wire
from server.transfer.checking import previews
from server.transfer.display import Display
from server.transfer.exporting import export
from server.transfer.failures import WrongOption
from server.transfer.importing import Job, run
from server.transfer.mapping import pairs
from server.transfer.reading import Options
from server.transfer.report import Report
from server.transfer.rows import Type
from server.transfer.sending import Sender
from server.transfer.source import Format, readable
from server.transfer.wire import Patience

_GOES_ON: Final = "what was acknowledged is kept, and the same command goes on from there"

# A help that lists an argument names its type in Python; the commands' own texts tell of them.
Files = Annotated[list[str], typer.Argument(metavar="FILE", hidden=True)]
OutFile = Annotated[str | None, typer.Argument(metavar="FILE", hidden=True)]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="ADDRESS",
        help="The server; without it the one that runs on --data or --graph, or one that is "
        "started for as long as this takes",
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="The data folder, where a running server is found"
    ),
]
Graph = Annotated[
    str | None,
    typer.Option("--graph", metavar="ADDRESS", help="A Neo4j, such as bolt://localhost:7687"),
]
RowType = Annotated[
    Type, typer.Option("--type", help="What rows are that do not say it themselves")
]
EventName = Annotated[
    str | None,
    typer.Option("--event", metavar="NAME", help="The event of rows that do not name one"),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help="Which field a column becomes, such as when=at, page=about.content, "
        "plan=properties.plan, mail=traits.email; COLUMN= leaves it out. Columns named as a field "
        "need none, others become properties or traits",
    ),
]
FileFormat = Annotated[
    Format | None, typer.Option("--format", help="What the files are, where it does not show")
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter", metavar="SIGN", help="What parts the cells of a CSV file; else a comma"
    ),
]
Text = Annotated[
    bool, typer.Option("--text", help="Leave CSV cells text that look like numbers or booleans")
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--zone",
        metavar="ZONE",
        help="The time zone of a table's instants that have no offset, such as Europe/Berlin",
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Where lines go that are not taken; else to FILE.rejects.ndjson beside the file",
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        help="The folder that keeps where imports stand; else that of each file",
    ),
]
Restart = Annotated[bool, typer.Option("--restart", help="Begin anew where an import could go on")]
Lines = Annotated[
    int, typer.Option("--lines", metavar="NUMBER", min=1, max=50_000, help="Lines a request")
]
Seconds = Annotated[
    float,
    typer.Option(
        "--patience",
        metavar="SECONDS",
        min=0,
        help="How long to go on trying while the server does not answer",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Read and check the files, show the mapping, send nothing")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON")]


def import_files(  # noqa: PLR0913 - a command's options are its parameters
    files: Files,
    *,
    url: Url = None,
    data: Data = None,
    graph: Graph = None,
    row_type: RowType = "event",
    event: EventName = None,
    fields: Map = None,
    file_format: FileFormat = None,
    delimiter: Delimiter = None,
    text: Text = False,
    zone: Zone = None,
    rejects: Rejects = None,
    state: State = None,
    restart: Restart = False,
    lines: Lines = 5000,
    patience: Seconds = 60,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Send files of events, contacts and things to the server.

    A FILE is NDJSON, a JSON list, CSV or Parquet, or that as .gz; - is standard input. Given again,
    a command that was broken off goes on from its last acknowledged line, and no event is doubled.
    Ends with 0 if all lines were taken, 1 if some were rejected, 2 if it could not be done.
    """
    report = Report(as_json=as_json, comfort=_GOES_ON)

    def work() -> None:
        columns = pairs(fields or ())
        options = Options(row_type, event, columns, file_format, delimiter, text, zone)
        job = Job(tuple(files), _checked(options), lines, rejects, state, restart)
        if dry_run:
            _preview(job, report)
        else:
            settings = Settings.load(url=url, data=data, graph=graph)
            _send(job, settings, patience, report)

    report.end(work)


def _preview(job: Job, report: Report) -> None:
    with Display() as display:
        for preview in previews(job.files, job.options, display):
            report.preview(preview)


def _send(job: Job, settings: Settings, patience: float, report: Report) -> None:
    for file in job.files:
        readable(file)  # before a server is started for it
    with (
        Display() as display,
        target.server(settings, display) as found,
        wire.connected(found.url) as client,
    ):
        sender = Sender(client, Patience(patience, display.say, _GOES_ON))
        for outcome in run(job, found.name, sender, display):
            report.outcome(outcome)


def _checked(options: Options) -> Options:
    if options.event and options.type != "event":
        raise WrongOption(f"--event is for rows of type event, and --type is '{options.type}'")
    if options.delimiter is not None and len(options.delimiter) != 1:
        raise WrongOption(f"--delimiter is '{options.delimiter}'; it must be a single character")
    if options.zone is not None:
        try:
            times.read_zone(options.zone)
        except BadInput as wrong:
            raise WrongOption(f"--zone: {wrong.message}") from wrong
    return options


def export_all(
    file: OutFile = None,
    *,
    url: Url = None,
    data: Data = None,
    graph: Graph = None,
    patience: Seconds = 60,
    as_json: Json = False,
) -> None:
    """Write all that the server knows as lines that `segraph import` takes; .gz packs them.

    Without a FILE, or as -, they go to standard output. A file is there only when it is whole.
    Ends with 0, or with 2 if it could not be done.
    """
    report = Report(as_json=as_json)

    def work() -> None:
        settings = Settings.load(url=url, data=data, graph=graph)
        with (
            Display() as display,
            target.server(settings, display) as found,
            wire.connected(found.url) as client,
        ):
            report.exported(export(client, file, Patience(patience, display.say), display))

    report.end(work)
