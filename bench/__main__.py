"""Run named measurements."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bench import (
    audience,
    engine,
    evaluating,
    explaining,
    hearing,
    importing,
    keeping,
    leaving,
    library,
    machine,
    recomputing,
    requesting,
    standing,
    starting,
    webhooks,
)

BENCHES = {
    "import": importing.run,
    "audience": audience.run,
    "library": library.run,
    "requests": requesting.run,
    "start": starting.run,
    "explain": explaining.run,
    "engine": engine.run,
    "keep": keeping.run,
    "recompute": recomputing.run,
    "exits": leaving.run,
    "saved": standing.run,
    "hearing": hearing.run,
    "webhooks": webhooks.run,
    "evaluate": evaluating.evaluate,
    "compile": evaluating.compile_,
}


def main() -> None:
    """Read the command line, say what it runs on, and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], default=[], metavar="NAME")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each query")
    parser.add_argument("--only", nargs="*", help="ready segments, for `library`; all if none")
    parser.add_argument("--plans", action="store_true", help="print operators and database hits")
    parser.add_argument("--events", type=int, default=1_500_000, help="events of an import")
    options = parser.parse_args()
    for name in options.names or BENCHES:
        print(f"## {name}\n", *machine.described(), f"`python -m bench {' '.join(sys.argv[1:])}`\n")
        asyncio.run(BENCHES[name](options))


main()
