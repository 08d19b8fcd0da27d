"""SARIF 2.1.0, the format that code scanning reads.

Columns count UTF-16 code units, as `columnKind` says: the only unit that every
consumer supports. Paths are relative to the repository's root.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from vmgen.report.places import repository_path
from vmgen.rules.explain import explain
from vmgen.rules.registry import rule_of
from vmgen.version import __version__

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Diagnostic, Report
    from vmgen.reading.source import SourceFile

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, colour: bool = False) -> str:
    """One run, with the rules that were broken and a result per finding."""
    found = list(report)
    codes = sorted({d.code for d in found})
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "vmgen",
                "version": __version__,
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [_result(d, codes.index(d.code), seen) for d in found],
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
        "help": {"text": explain(code)},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(found: Diagnostic, index: int, seen: Counter[str]) -> dict[str, Any]:
    text = "\n".join([found.message, *found.notes, *found.helps])
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity,
        "message": {"text": text},
        "locations": [],
    }
    if found.span is not None:
        file = found.span.file
        line, column = _place(file, found.span.start)
        end_line, end_column = _place(file, found.span.end)
        uri = _uri(repository_path(file))
        result["locations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {
                        "startLine": line,
                        "startColumn": column,
                        "endLine": end_line,
                        "endColumn": end_column,
                    },
                }
            }
        ]
        mark = _fingerprint(found.code, uri, file.line(line).strip())
        seen[mark] += 1
        result["partialFingerprints"] = {
            "primaryLocationLineHash": f"{mark}:{seen[mark]}"
        }
    return result


def _fingerprint(*parts: str) -> str:
    """What stays the same when lines are added above: no line number is part of it."""
    from hashlib import blake2b

    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def _place(file: SourceFile, offset: int) -> tuple[int, int]:
    line, column = file.place(offset)
    before = file.line(line)[: column - 1]
    return line, len(before.encode("utf-16-le")) // 2 + 1


def _uri(path: str) -> str:
    from urllib.parse import quote

    # A name with a colon would read as a scheme, so colons are quoted too.
    quoted = quote(path)
    return f"file://{quoted}" if path.startswith("/") else quoted
