"""Links that a browser can download from by itself, as requests and answers."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from web.schemas.jobs import V1
from web.schemas.requests import Id, Strict


class DownloadKind(StrEnum):
    """What can be downloaded by a link."""

    DECK = "deck"
    REPORT = "report"
    ZIP = "zip"


class DownloadChoice(Strict):
    """Which version, and which report."""

    job: Id | None = Field(None, description="of a deck; the latest finished one if left out")
    report: Literal["html", "pptx", "json", "none"] = Field(
        "html", description="of a deck; with a zip, which lies beside each deck"
    )


class DownloadRequest(DownloadChoice):
    """What to make a link for."""

    kind: DownloadKind
    id: Id = Field(description="of the deck, or of the batch for a zip")


class DownloadQuery(DownloadChoice):
    """The rest of a link."""

    signature: str = Field(max_length=200)


class DownloadPath(BaseModel):
    """What is downloaded."""

    kind: DownloadKind
    id: str


class DownloadLink(BaseModel):
    """A link that needs no key."""

    url: str
    expires_at: datetime = Field(description="until then the download must have begun")


def target_of(kind: DownloadKind, id_: str, choice: DownloadChoice) -> str:
    """Return the address without its signature; there is one way only to write it."""
    chosen = {name: getattr(choice, name) for name in DownloadChoice.model_fields}
    query = urlencode({name: value for name, value in chosen.items() if value is not None})
    return f"{V1}/downloads/{kind}/{id_}?{query}"
