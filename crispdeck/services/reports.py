"""The before-and-after report of a finished job, in the format asked for."""

from typing import BinaryIO

from crispdeck.deck.opc.archive import open_deck
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.work.values import JobRecord
from crispdeck.report.build import Enhancement
from crispdeck.services.platform import Platform
from crispdeck.services.results import rebuild


def report_file(platform: Platform, deck: DeckRecord, job: JobRecord, kind: str) -> BinaryIO:
    """Write the report of a finished job as `html`, `json` or `pptx`.

    The file stands at its start and is closed by whoever gets it.

    Raises:
        DeckRefusedError: a part of either deck is damaged.
    """
    with (
        rebuild(platform, deck, job) as rebuilt,
        rebuilt.file,
        open_deck(rebuilt.file, allow_signed=True) as enhanced,
    ):
        upscales = {
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
            upscales=upscales,
        )
        return platform.untrusted.report(deck.name, work, kind, whose=deck.tenant_id)
