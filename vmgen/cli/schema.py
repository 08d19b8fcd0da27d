"""`vmgen schema`: print the JSON Schema of the schema language, for editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vmgen.cli.arguments import Call
from vmgen.schema.json_schema import json_schema

if TYPE_CHECKING:
    import argparse

    from vmgen.cli.console import Console


Arguments = Call


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: Arguments, console: Console) -> int:
    console.out(json.dumps(json_schema(), indent=2) + "\n")
    return 0
