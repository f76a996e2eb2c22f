"""One case enlarged by one method and compared with the truth; no sets, no tables."""

import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from worker.lab.bench.cases import Case
from worker.lab.bench.methods import BICUBIC, Kind, Method, Ours, digest_of, metrics_digest
from worker.lab.bench.results import Figures, Results
from worker.lab.metrics import (
    Picture,
    crispness,
    gmsd,
    invented_detail,
    psnr_luma,
    psnr_shrunk,
    ssim_luma,
)
from worker.lab.metrics.ocr import Word, compare_words, read_words, tesseract_version

MOST_DB = 100.0
"""What PSNR counts for where nothing differs: a mean must stay finite."""
BLOCK_SMALL_PX = 8
"""Side of the blocks in which invented detail is told from right detail: some letters."""
LEAST_WORDS = 3  # of an original from which its agreement counts: of two words it is 0, ½ or 1
READINGS = (1.5, 2.5)
"""By so much pictures are enlarged to be read, each once: what is small print to tesseract at one
size is not at another, and two readings of the same original agree to 85 % only."""
_FAILED: Figures = {"failed": 1.0}  # the only figure of a case that a method could not enlarge
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """The figures of one method on one case, without the pictures."""

    set: str
    group: str
    name: str
    regime: str
    scale: int
    method: str
    kind: Kind
    figures: Figures = field(repr=False)


class Measurer:
    """Measures what `results` does not know yet.

    Args:
        read: read words with tesseract too, where it is installed.
    """

    def __init__(self, results: Results, *, read: bool = True) -> None:
        self._results = results
        self._tesseract = tesseract_version() if read else None
        self._truth_words: dict[str, list[list[Word]]] = {}

    def measure(self, case: Case, methods: Sequence[Method]) -> list[Measured]:
        """Measure every method on one case, those of earlier runs from what was kept."""
        measured = [self._measured(case, method) for method in methods]
        self._truth_words.clear()
        return measured

    def _measured(self, case: Case, method: Method) -> Measured:
        key = digest_of(case.digest, method.digest, metrics_digest())
        reading_key = digest_of(key, f"tesseract {self._tesseract}, {READINGS}")
        figures, reading = self._results.get(key), self._results.get(reading_key)
        reads = case.reads and self._tesseract is not None
        if figures is None or (reads and reading is None):
            upscaled = _enlarged(case, method)
            if figures is None:
                figures = _FAILED if upscaled is None else _figures(upscaled, case, method)
                self._results.put(key, figures, _about(case, method))
            if reads and reading is None:
                reading = {} if upscaled is None else self._read(upscaled, case)
                self._results.put(reading_key, reading, _about(case, method))
        return Measured(
            set=case.set,
            group=case.group,
            name=case.name,
            regime=case.regime,
            scale=case.scale,
            method=method.label,
            kind=method.kind,
            figures={**figures, **(reading or {})},
        )

    def _read(self, upscaled: Picture, case: Case) -> Figures:
        """Compare the words, in the mean of READINGS; nothing where tesseract gives up.

        Agreement is that of the readings in which the truth has more than hardly any words.
        """
        try:
            if case.digest not in self._truth_words:
                self._truth_words[case.digest] = [
                    read_words(case.truth, enlarge=one, least_confidence=0) for one in READINGS
                ]
            truths = self._truth_words[case.digest]
            read = [read_words(upscaled, enlarge=one) for one in READINGS]
        except subprocess.SubprocessError:
            return {}
        everywhere = [word for truth in truths for word in truth]
        readings = [
            compare_words(words, [one for one in truth if one.is_certain], everywhere)
            for words, truth in zip(read, truths, strict=True)
        ]
        figures = {"words_invented": fmean(one.invented for one in readings)}
        if telling := [one for one in readings if one.words >= LEAST_WORDS]:
            figures["words_agreement"] = fmean(one.agreement for one in telling)
        return figures


def _enlarged(case: Case, method: Method) -> Picture | None:
    """Enlarge; None where a peer gives up, as some do on very small pictures. Ours must not."""
    try:
        return method.enlarge(case.small, case.scale)
    except Exception as error:
        if method.kind != "peer":
            raise
        logger.warning("%s gave up on %s: %s", method.label, case.name, error)
        return None


def _figures(upscaled: Picture, case: Case, method: Method) -> Figures:
    figures = compare(upscaled, case)
    if isinstance(method, Ours):
        figures["fell_back"] = float(method.fell_back)
    return figures


def _about(case: Case, method: Method) -> dict[str, object]:
    """Say for people what a line of the kept figures is of."""
    return {
        "set": case.set,
        "name": case.name,
        "regime": case.regime,
        "scale": case.scale,
        "method": method.label,
    }


def compare(upscaled: Picture, case: Case) -> Figures:
    """Compare with the truth by everything but reading.

    PSNR, SSIM and GMSD crop `scale` pixels of border as the papers do.
    """
    crisp = crispness(upscaled, case.truth, case.scale)
    return {
        "psnr_db": min(MOST_DB, psnr_luma(upscaled, case.truth, crop_px=case.scale)),
        "ssim": ssim_luma(upscaled, case.truth, crop_px=case.scale),
        "gmsd": gmsd(upscaled, case.truth, crop_px=case.scale),
        "shrunk_psnr_db": min(MOST_DB, psnr_shrunk(upscaled, case.small.rgb)),
        "edge_width_px": crisp.edge_width_px,
        "true_edge_width_px": crisp.true_edge_width_px,
        "invented_detail": invented_detail(
            upscaled,
            case.truth,
            BICUBIC.enlarge(case.small, case.scale),
            block_px=BLOCK_SMALL_PX * case.scale,
        ),
        "lost_edges": crisp.lost_edges,
        "line_weight": crisp.line_weight,
        "line_weight_error": crisp.line_weight_error,
        "local_contrast": crisp.local_contrast,
    }
