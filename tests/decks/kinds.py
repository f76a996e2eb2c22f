"""A deck of every kind of picture that is made sharp."""

from PIL import Image

from tests.decks import pictures
from tests.decks.building import DeckBuilder
from tests.decks.drawings import one_bitmap


def deck_of_all_kinds() -> bytes:
    """A picture of 120 × 90 pixels on each slide, 4 × 3 in, in every format and every role."""
    deck, image, saved = DeckBuilder(40 / 3, 7.5), pictures.drawing(), pictures.saved
    soft, hard = image.convert("RGBA"), image.convert("RGBA")
    soft.putalpha(Image.linear_gradient("L").resize(image.size))
    disc = Image.radial_gradient("L").resize(image.size)
    hard.putalpha(disc.point(lambda level: 255 if level < 170 else 0))
    blobs = [
        *(saved(one, "png") for one in (image, image.quantize(16), image.convert("L"), soft, hard)),
        *(saved(one, "jpeg", quality=80) for one in (image, image.convert("CMYK"))),
        saved(image.quantize(40), "gif"),
        saved(image, "bmp"),
        *(saved(one, "tiff") for one in (image, image.convert("CMYK"))),
    ]
    for blob in blobs:
        deck.picture(deck.slide(), blob)
    for name, suffix in (("emf", "emf"), ("emf+", "emf"), ("wmf", "wmf"), ("svg", "svg")):
        deck.drawing(deck.slide(), one_bitmap(name), suffix)
    deck.fill(deck.slide(), pictures.png(seed=6))
    deck.background(deck.slide(), pictures.jpeg(seed=7))
    deck.table_cell(deck.slide(), pictures.png(seed=5))
    return deck.build()
