"""python -m worker.lab.validation: makes the validation set; the same seed makes the same."""

import argparse
import logging
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from crispdeck.errors import BadInputError
from worker.lab.training.renders import fonts
from worker.lab.training.renders.tools import chromium
from worker.lab.validation.making import make_set
from worker.lab.validation.motifs import face_motifs, logo_motifs, page_motifs, photo_motifs

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line and make the set."""
    parser = argparse.ArgumentParser(prog="python -m worker.lab.validation", description=__doc__)
    add = parser.add_argument
    add("--photos", type=Path, required=True, help="folder of photographs; held-back ones are used")
    add("--graphics", type=Path, required=True, help="folder of drawings; held-back ones are used")
    add("--out", type=Path, required=True, help="folder for the set")
    add("--pages", type=int, default=4, help="motifs of each class of page (default: 4)")
    add("--logos", type=int, default=6, help="logos with alpha (default: 6)")
    add("--scenes", type=int, default=8, help="photographs (default: 8)")
    add("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if lacking := fonts.missing():
        logger.warning("typefaces are missing, so the set will be another: %s", ", ".join(lacking))
    motifs = chain(
        page_motifs(options.pages, options.seed),
        logo_motifs(options.graphics, options.logos, options.seed),
        photo_motifs(options.photos, options.scenes, options.seed),
        face_motifs(options.photos),
    )
    recipe = {"pages": options.pages, "logos": options.logos, "scenes": options.scenes}
    try:
        chromium()
    except BadInputError as error:
        parser.exit(1, f"{error}\n")
    count = make_set(options.out, motifs, recipe | {"seed": options.seed}, options.seed)
    logger.info("%d pairs in %s", count, options.out)


if __name__ == "__main__":
    main()
