"""The before-and-after report of a finished job, in the format asked for."""

from typing import BinaryIO

from crispdeck.deck.archive import DeckArchive
from crispdeck.report.build import Enhancement, build_report
from crispdeck.report.deck_file import write_pptx
from crispdeck.report.html_page import write_html
from crispdeck.report.json_file import write_json
from web.results import Rebuilt

WRITERS = {"html": write_html, "json": write_json, "pptx": write_pptx}


def write_report(
    kind: str, name: str, rebuilt: Rebuilt, enhanced: DeckArchive, out: BinaryIO
) -> None:
    """Write the report of a rebuilt deck as `html`, `json` or `pptx`."""
    made_by = {
        part: picture.report
        for picture in rebuilt.pictures
        if picture.report
        for part in picture.parts
    }
    work = Enhancement(
        original=rebuilt.original,
        enhanced=enhanced,
        scan=rebuilt.scan,
        result=rebuilt.result,
        made_by=made_by,
    )
    WRITERS[kind](build_report(name, work), out)
