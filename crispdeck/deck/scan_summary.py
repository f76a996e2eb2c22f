"""What a list of decks shows of a scan; plain values for JSON."""

from typing import Any

from crispdeck.deck.model import DeckScan, Verdict


def brief_of(scan: DeckScan) -> dict[str, Any]:
    """Sum a scan up.

    Returns:
        slides, pictures and low count; `low_px` is the sum of the low pictures' pixels;
        `worst_ppi` and `worst_hd` are of the most blurred placement, None where none is low;
        `options` are the thresholds that were looked with.
    """
    low = scan.low
    blurred = [one for one in scan.placements if one.verdict is Verdict.LOW and one.effective_ppi]
    worst = min(blurred, key=lambda one: one.effective_ppi or 0.0, default=None)
    options = scan.options
    return {
        "slides": scan.slides,
        "pictures": len(scan.pictures),
        "low": len(low),
        "low_px": sum((one.width_px or 0) * (one.height_px or 0) for one in low),
        "worst_ppi": worst.effective_ppi if worst else None,
        "worst_hd": worst.sharpness_hd if worst else None,
        "options": {
            "low_ppi": options.low_ppi,
            "target_ppi": options.target_ppi,
            "layouts": options.layouts,
        },
    }
