"""The kinds of page there are."""

from collections.abc import Callable

from worker.lab.training.renders.pen import Pen
from worker.lab.training.renders.templates import (
    charts,
    code,
    diagrams,
    figures,
    held_out,
    held_out_windows,
    pictures,
    prose,
    windows,
)

Template = Callable[[Pen], str]

# Shares follow what small pictures in real decks are: three quarters are flat, and text, code,
# windows and tables are most of that.
TRAINING: dict[str, tuple[Template, int]] = {
    "article": (prose.article, 3),
    "slide": (prose.slide, 3),
    "scripts": (prose.scripts, 2),
    "formulas": (prose.formulas, 2),
    "editor": (code.editor, 4),
    "terminal": (code.terminal, 3),
    "table": (windows.table, 4),
    "form": (windows.form, 3),
    "application": (windows.application, 3),
    "dashboard": (windows.dashboard, 2),
    "bars": (charts.bars, 3),
    "lines": (charts.lines, 3),
    "pie": (charts.pie, 2),
    "heat": (charts.heat, 2),
    "scatter": (charts.scatter, 1),
    "flow": (diagrams.flow, 3),
    "classes": (diagrams.classes, 2),
    "timeline": (diagrams.timeline, 2),
    "map": (diagrams.boxes_and_arrows, 2),
    "line art": (figures.line_art, 2),
    "icons": (pictures.icons, 4),
    "logos": (pictures.logos, 4),
}

# Only the project's own validation set shows these; each belongs to a class of it.
HELD_OUT: dict[str, tuple[Template, str]] = {
    "letter": (held_out.letter, "text"),
    "mail": (held_out_windows.mail, "ui"),
    "settings": (held_out_windows.settings, "ui"),
    "notebook": (held_out.notebook, "code"),
    "invoice": (held_out.invoice, "table"),
    "tree": (held_out.tree, "diagram"),
    "states": (held_out.states, "diagram"),
    "areas": (held_out.areas, "chart"),
    "emblems": (held_out.emblems, "logo"),
}

__all__ = ["HELD_OUT", "TRAINING", "Template"]
