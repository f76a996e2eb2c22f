"""The typefaces that pages are set in, and the Debian packages that hold them."""

import subprocess
from functools import cache

PACKAGES = (
    "fonts-anonymous-pro", "fonts-arkpandora", "fonts-b612", "fonts-bebas-neue", "fonts-cabin",
    "fonts-cantarell", "fonts-cmu", "fonts-comic-neue", "fonts-courier-prime", "fonts-croscore",
    "fonts-crosextra-caladea", "fonts-crosextra-carlito", "fonts-dejavu-extra", "fonts-dosis",
    "fonts-ebgaramond", "fonts-elusive-icons", "fonts-firacode", "fonts-fork-awesome",
    "fonts-freefont-ttf", "fonts-go", "fonts-hack", "fonts-hosny-amiri", "fonts-humor-sans",
    "fonts-inconsolata", "fonts-inter", "fonts-jetbrains-mono", "fonts-karla", "fonts-lato",
    "fonts-league-mono", "fonts-liberation", "fonts-linuxlibertine", "fonts-lmodern",
    "fonts-manrope", "fonts-materialdesignicons-webfont", "fonts-noto-cjk", "fonts-noto-core",
    "fonts-noto-mono", "fonts-open-sans", "fonts-opendin", "fonts-oxygen", "fonts-play",
    "fonts-quicksand", "fonts-roboto-slab", "fonts-roboto-unhinted", "fonts-sil-charis",
    "fonts-sora", "fonts-stix", "fonts-terminus-otb", "fonts-texgyre", "fonts-urw-base35",
    "fonts-vollkorn",
)  # fmt: skip

SANS = (
    "Arimo", "Cabin", "Cantarell", "Carlito", "CMU Sans Serif", "DejaVu Sans", "FreeSans",
    "Go", "Inter", "Karla", "Lato", "Liberation Sans", "Liberation Sans Narrow",
    "Linux Biolinum O", "Nimbus Sans", "Open Sans", "Oxygen-Sans", "Quicksand", "Roboto",
    "Roboto Condensed", "Sora", "TeX Gyre Adventor", "Comic Neue", "Dosis", "Humor Sans",
    "Noto Sans", "Veranda", "OSP-DIN",
)  # fmt: skip
SERIF = (
    "C059", "Caladea", "Charis SIL", "CMU Serif", "DejaVu Serif", "EB Garamond", "FreeSerif",
    "Latin Modern Roman", "Liberation Serif", "Linux Libertine O", "Nimbus Roman", "P052",
    "Roboto Slab", "STIX", "Tinos", "Noto Serif",
)  # fmt: skip
MONO = (
    "Anonymous Pro", "CMU Typewriter Text", "Courier Prime", "Cousine", "DejaVu Sans Mono",
    "Fira Code", "FreeMono", "Go Mono", "Inconsolata", "JetBrains Mono", "Latin Modern Mono",
    "League Mono", "Liberation Mono", "Nimbus Mono PS", "Noto Sans Mono", "Oxygen Mono",
)  # fmt: skip
ICONS = ("Material Design Icons", "forkawesome")

# Only the project's own validation set is set in these.
HELD_OUT_SANS = ("Manrope", "TeX Gyre Heros", "B612", "Play")
HELD_OUT_SERIF = ("Vollkorn", "TeX Gyre Pagella")
HELD_OUT_MONO = ("Hack", "B612 Mono")
HELD_OUT_ICONS = ("elusiveicons",)

# Scripts that the families above lack; held out nowhere, since each has but one or two.
SCRIPTS = (
    "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Hebrew",
    "Noto Sans Thai",
)  # fmt: skip


@cache
def installed() -> frozenset[str]:
    """Ask fontconfig for the names of all families."""
    listed = subprocess.run(
        ["fc-list", ":", "family"], capture_output=True, check=True, text=True
    ).stdout
    return frozenset(
        name.replace("\\-", "-").strip() for line in listed.splitlines() for name in line.split(",")
    )


def missing() -> list[str]:
    """Name the families that are used here and not installed."""
    used = (*SANS, *SERIF, *MONO, *ICONS, *SCRIPTS)
    held_out = (*HELD_OUT_SANS, *HELD_OUT_SERIF, *HELD_OUT_MONO, *HELD_OUT_ICONS)
    return sorted(set(used + held_out) - installed())
