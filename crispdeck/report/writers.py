"""The kinds of report, by the suffix of their file."""

from typing import BinaryIO

from crispdeck.report.model import Report

REPORT_KINDS = ("html", "json", "pptx")


def write_report(report: Report, kind: str, out: BinaryIO) -> None:
    """Write a report as one of REPORT_KINDS; only what that kind needs is imported."""
    if kind == "html":
        from crispdeck.report.html_page import write_html

        write_html(report, out)
    elif kind == "pptx":
        from crispdeck.report.deck_file import write_pptx

        write_pptx(report, out)
    else:
        from crispdeck.report.json_file import write_json

        write_json(report, out)
