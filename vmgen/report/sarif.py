"""SARIF 2.1.0, the format that code scanning reads.

Columns count UTF-16 code units, as `columnKind` says: the only unit that every
consumer supports.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vmgen import __version__
from vmgen.rules.registry import rule_of

if TYPE_CHECKING:
    from vmgen.diagnostics import Diagnostic, Report
    from vmgen.source import SourceFile

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning"}


def render(report: Report, colour: bool = False) -> str:
    """One run, with the rules that were broken and a result per finding."""
    found = list(report)
    codes = sorted({d.code for d in found})
    run = {
        "tool": {
            "driver": {
                "name": "vmgen",
                "version": __version__,
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [_result(d, codes.index(d.code)) for d in found],
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = rule_of(code)
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.reason},
        "help": {"text": f"Run `vmgen explain {code}` for a bad and a good example."},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(found: Diagnostic, index: int) -> dict[str, Any]:
    text = "\n".join([found.message, *found.notes, *found.helps])
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": LEVELS[found.severity],
        "message": {"text": text},
        "locations": [],
    }
    if found.span is not None:
        file = found.span.file
        line, column = _place(file, found.span.start)
        end_line, end_column = _place(file, found.span.end)
        result["locations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(file.name)},
                    "region": {
                        "startLine": line,
                        "startColumn": column,
                        "endLine": end_line,
                        "endColumn": end_column,
                    },
                }
            }
        ]
        result["partialFingerprints"] = {
            "vmgenLine/v1": f"{found.code}:{file.line(line).strip()}"
        }
    return result


def _place(file: SourceFile, offset: int) -> tuple[int, int]:
    line, column = file.place(offset)
    before = file.line(line)[: column - 1]
    return line, len(before.encode("utf-16-le")) // 2 + 1


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
