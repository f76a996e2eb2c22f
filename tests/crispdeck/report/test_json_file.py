"""A report as JSON holds the figures and no pictures."""

import io
import json

from crispdeck.report.json_file import to_json, write_json
from crispdeck.report.model import Report


class TestJson:
    def test_it_holds_the_figures_and_no_pictures(self, report: Report) -> None:
        out = io.BytesIO()
        write_json(report, out)
        document = json.loads(out.getvalue())
        assert document == to_json(report)
        assert document["sharpened"][0]["ppi_before"] == report.sharpened[0].ppi_before
        assert "view" not in document["sharpened"][0]
        assert document["sharpened"][0]["upscale"]["faithful"]["shrinks_back_db"] == 58.2
        assert document["left"][0]["reason"] == "already_sharp"
        assert "sharp enough" in document["left"][0]["why"]
        assert len(out.getvalue()) < 5000
