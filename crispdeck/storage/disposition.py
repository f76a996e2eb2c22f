"""The Content-Disposition header of a download; no store."""

import re
import unicodedata
from urllib.parse import quote

UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\/:*?<>|%;]")
MAX_NAME_LENGTH = 150
"""Characters: percent-encoded they stay within a header that proxies take; a guess."""


def content_disposition(name: str) -> str:
    """Offer a download under `name`, in any script (RFC 6266, 4.3 and appendix D).

    Old clients get the name in ASCII, all others the whole of it (RFC 8187). Path separators,
    quotes and control characters become underscores; the extension survives shortening.
    """
    safe = UNSAFE.sub("_", name).strip(" .") or "download"
    stem, dot, extension = safe.rpartition(".")
    if dot and len(extension) <= 10:
        safe = f"{stem[: MAX_NAME_LENGTH - len(extension) - 1]}.{extension}"
    safe = safe[:MAX_NAME_LENGTH]
    letters = (c for c in unicodedata.normalize("NFKD", safe) if not unicodedata.combining(c))
    ascii_name = UNSAFE.sub("_", "".join(c if c.isascii() else "_" for c in letters))
    encoded = quote(safe.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{encoded}"
