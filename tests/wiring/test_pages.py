"""The pages' scripts, their types and the templates name the same elements."""

import re

from tests.wiring.repository import REPOSITORY

TEMPLATES = [
    *(REPOSITORY / "web" / "templates" / "page").glob("*.html"),
    REPOSITORY / "web" / "templates" / "index.html",
    REPOSITORY / "web" / "templates" / "review.html",
    REPOSITORY / "web" / "templates" / "addin.html",
]
TYPES = REPOSITORY / "web" / "types" / "page.d.ts"


def _elements() -> dict[str, str]:
    """Return the tag of every element that a template gives an id."""
    pages = "".join(path.read_text() for path in TEMPLATES)
    named = re.findall(r'<([a-z][a-z0-9]*)\b[^>]*?\sid="([\w-]+)"', pages, re.DOTALL)
    return {name: tag for tag, name in named}


def test_the_types_name_each_element_of_the_templates_with_its_tag() -> None:
    body = TYPES.read_text().split("interface PageElements {")[1].split("}")[0]
    typed = dict(re.findall(r'^\s*"?([\w-]+)"?: "(\w+)";', body, re.MULTILINE))
    assert typed == _elements(), "web/types/page.d.ts is behind the templates"


def test_every_label_description_and_target_leads_to_an_element() -> None:
    known = _elements()
    asked = {
        name
        for path in TEMPLATES
        for names in re.findall(
            r'\b(?:for|aria-labelledby|aria-describedby|aria-controls)="([^"{]+)"',
            path.read_text(),
        )
        for name in names.split()
    }
    assert asked - set(known) == set()
