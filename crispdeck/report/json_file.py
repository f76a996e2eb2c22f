"""A report for programs: figures without pictures."""

import json
from dataclasses import asdict
from typing import Any, BinaryIO

from crispdeck.report.model import Report
from crispdeck.words.reasons import reason_words


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values; keys are the fields' names, pictures are left out."""
    document = asdict(report)
    for picture in document["sharpened"]:
        del picture["view"], picture["detail"]
    for row, left in zip(document["left"], report.left, strict=True):
        row["why"] = reason_words(left.reason)
    # Tuples become lists, enums their values.
    plain: dict[str, Any] = json.loads(json.dumps(document))
    return plain


def write_json(report: Report, out: BinaryIO) -> None:
    """Write the report as UTF-8 JSON."""
    out.write(json.dumps(to_json(report), indent=2, ensure_ascii=False).encode() + b"\n")
