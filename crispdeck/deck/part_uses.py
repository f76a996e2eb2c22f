"""Find every use of a media part, known to the scan or not; decides nothing and writes nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from crispdeck.deck.model import Placement
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.opc.package import Relationship
from crispdeck.deck.opc.xml_text import XmlText


@dataclass(frozen=True, slots=True)
class Mention:
    """One attribute on a page that names a relationship."""

    rel_id: str
    attribute: str
    """Local name: embed, link, id, pict …"""
    tag_start: int
    """Offset of the tag in the page's XmlText."""
    shape_id: int | None
    """Of the nearest shape around it."""


@dataclass(frozen=True, slots=True)
class Use:
    """One relationship to the part, with all that is known of what stands on it."""

    page: str
    """The part that holds the relationship; "" is the package itself."""
    relationship: Relationship
    mentions: tuple[Mention, ...]
    placements: tuple[Placement, ...]

    @property
    def is_known(self) -> bool:
        """True when the scan has seen each mention."""
        return _is_read(self.page) and len(self.mentions) == len(self.placements)

    @property
    def is_idle(self) -> bool:
        """True for a page's relationship that nothing on the page names."""
        return _is_read(self.page) and not self.mentions and not self.placements

    def mention_of(self, placement: Placement) -> Mention | None:
        """Return where this placement names its picture; None where that is not certain.

        Placements and mentions of one shape stand in the same order, document order.
        """
        mentions = [m for m in self.mentions if m.shape_id == placement.shape_id]
        placements = [p for p in self.placements if p.shape_id == placement.shape_id]
        if len(mentions) != len(placements):
            return None
        return mentions[placements.index(placement)]


class UsesIndex:
    """All relationships of a deck by the part that they point to."""

    def __init__(
        self,
        deck: DeckArchive,
        relationships: Mapping[str, tuple[Relationship, ...]],
        placements: tuple[Placement, ...] = (),
    ) -> None:
        self._deck = deck
        self._by_target: dict[str, list[tuple[str, Relationship]]] = defaultdict(list)
        self._ids: dict[str, set[str]] = defaultdict(set)
        for page, of_page in relationships.items():
            for relationship in of_page:
                if relationship.part is not None:
                    self._by_target[relationship.part].append((page, relationship))
                    self._ids[page].add(relationship.id)
        self._placements: dict[tuple[str, str], list[Placement]] = defaultdict(list)
        for placement in placements:
            if placement.rel_id is not None:
                self._placements[placement.page_part, placement.rel_id].append(placement)
        self._mentions: dict[str, dict[str, list[Mention]]] = {}

    def relationships_to(self, part: str) -> list[tuple[str, Relationship]]:
        """Return the pages and their relationships that point to a part."""
        return self._by_target.get(part, [])

    def uses_of(self, part: str) -> list[Use]:
        """Return every relationship to a part with what stands on it."""
        return [
            Use(
                page,
                relationship,
                tuple(self._mentions_on(page).get(relationship.id, ())),
                tuple(self._placements.get((page, relationship.id), ())),
            )
            for page, relationship in self.relationships_to(part)
        ]

    def _mentions_on(self, page: str) -> dict[str, list[Mention]]:
        if page not in self._mentions:
            self._mentions[page] = _mentions(self._deck, page, self._ids[page])
        return self._mentions[page]


def _mentions(deck: DeckArchive, page: str, wanted: set[str]) -> dict[str, list[Mention]]:
    """Find the attributes whose value is one of the relationship ids, whatever their name."""
    found: dict[str, list[Mention]] = defaultdict(list)
    if page not in deck or not _is_read(page):
        return found
    shape_ids: list[int | None] = []

    def start(name: str, attributes: dict[str, str], at: int) -> None:
        shape_ids.append(shape_ids[-1] if shape_ids else None)
        if name == "cNvPr" and len(shape_ids) > 2:
            # cNvPr stands in nvPicPr or the like, and that in the shape.
            shape_id = attributes.get("id", "")
            shape_ids[-3] = int(shape_id) if shape_id.isdigit() else None
        for key, value in attributes.items():
            if value in wanted:
                mention = Mention(value, key.rpartition("}")[2], at, shape_ids[-1])
                found[value].append(mention)

    def end(_name: str, _at: int) -> None:
        shape_ids.pop()

    XmlText(deck.read_xml(page), page).walk(start, end)
    return found


def _is_read(page: str) -> bool:
    """Tell XML from the package itself and from VML, which need not be well-formed."""
    return page.lower().endswith(".xml")
