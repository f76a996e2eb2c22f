"""Pictures for the library of a tenant, and the marks that they leave."""

from sqlalchemy import func, select

from crispdeck.records.shelf.library import NewLibraryPicture
from crispdeck.records.tables import LibraryMark
from tests.crispdeck.records.world import World

FRAME = 0xFEDC_BA98_7654_3210
WORDS = (5, 77, 0xFFFFFF)


def picture(name: str = "Brand/logo.png", **other: object) -> NewLibraryPicture:
    fields: dict[str, object] = {
        "sha256": f"{abs(hash(name)):064x}",
        "name": name,
        "place": "file:///srv/Brand/logo.png",
        "added_by": "ada",
        "width_px": 1600,
        "height_px": 800,
        "frame": FRAME,
        "words": WORDS,
    }
    return NewLibraryPicture(**fields | other)  # type: ignore[arg-type]


def marks(world: World) -> int:
    with world.db.reading() as session:
        return session.scalar(select(func.count()).select_from(LibraryMark)) or 0
