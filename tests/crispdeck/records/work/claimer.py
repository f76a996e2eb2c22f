"""A process that claims and finishes pictures until none is left, and prints what it did.

Arguments: database URL, name, pictures to claim at once.
"""

import sys

from crispdeck.records.database import Database
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import claim_pictures, finish_picture
from crispdeck.records.work.values import PictureOutcome


def main(url: str, name: str, limit: int) -> None:
    """Work as a worker does, without the work."""
    db = Database(url)
    done = PictureOutcome(state=PictureState.DONE, report={"by": name})
    assembles = 0
    while claims := claim_pictures(
        db, worker=name, picture_id="", limit=limit, max_px=10**9, lease_s=60
    ):
        for claim in claims:
            print("claim", claim.id, claim.attempts)  # noqa: T201 - the test reads it
            assembles += len(finish_picture(db, claim, done))
    print("assembles", assembles)  # noqa: T201 - the test reads it


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
