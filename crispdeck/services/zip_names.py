"""Names of files in a zip that every system can unpack, and that look like what they are."""

import re
import unicodedata
from pathlib import PurePosixPath

_UNFIT = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')
"""What a name must not hold so that Windows can unpack it."""
_DEVICES = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE
)
"""Names that Windows keeps for devices, whatever extension follows
(learn.microsoft.com/windows/win32/fileio/naming-a-file)."""
LONGEST = 120
"""Characters of one name: with folders and a copy's number it stays below Windows' 260."""


def clean_name(name: str, *, instead: str) -> str:
    """Return a name for one file or folder.

    Marks that turn the direction of writing are left out: with them `xptp.exe` reads `exe.pptx`.

    Args:
        name: as somebody called it.
        instead: where nothing is left of it.
    """
    shown = "".join(one for one in name if unicodedata.category(one) not in {"Cf", "Cs", "Co"})
    clean = _UNFIT.sub("_", shown).strip(" .")
    if len(clean) > LONGEST:
        place = PurePosixPath(clean)
        clean = place.stem[: LONGEST - len(place.suffix[:16])].rstrip(" .") + place.suffix[:16]
    if not clean:
        return instead
    return f"_{clean}" if _DEVICES.match(clean) else clean


class ZipNames:
    """Names in a zip, none of them twice, whatever the file system thinks of capitals."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, name: str) -> str:
        """Return folder/name, or folder/name (2) and so on; no part of it leads elsewhere."""
        above = [clean_name(one, instead="") for one in folder.split("/")]
        place = PurePosixPath(*(one for one in above if one), clean_name(name, instead="deck.pptx"))
        found, number = place, 2
        while str(found).casefold() in self._taken:
            found = place.with_name(f"{place.stem} ({number}){place.suffix}")
            number += 1
        self._taken.add(str(found).casefold())
        return str(found)
