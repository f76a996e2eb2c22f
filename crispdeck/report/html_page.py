"""A report as one web page that needs nothing else: no script, no file, no network."""

import base64
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import BinaryIO

from crispdeck.report.model import LeftPicture, Pair, Report, SharpenedPicture, ShownPicture
from crispdeck.words import reports as words
from crispdeck.words.numbers import ppi_words, size_words
from crispdeck.words.outcomes import (
    enlarged_words,
    faithful_words,
    is_only_enlarged,
    original_words,
    source_words,
)
from crispdeck.words.places import few_words
from crispdeck.words.reasons import reason_words
from crispdeck.words.reports import inches_words, lead_words, network_words, side_words, uses_words
from crispdeck.words.sharpness import sharpness_sentence

_CSS_PX_PER_IN = 96  # CSS Values and Units, 6.2: a px is 1/96 of an inch


def to_html(report: Report) -> str:
    """Return the whole page."""
    page = files("crispdeck.report").joinpath("page.html").read_text(encoding="utf-8")
    return Template(page).substitute(
        title=escape(report.deck_name),
        lead=escape(lead_words(picture.upscale for picture in report.sharpened)),
        facts="".join(
            f"<li><b>{value}</b><span>{name}</span></li>" for value, name in _facts(report)
        ),
        sharpened=_sharpened_section(report.sharpened),
        left=_left_section(report.left),
    )


def write_html(report: Report, out: BinaryIO) -> None:
    """Write the page as UTF-8."""
    out.write(to_html(report).encode())


def _facts(report: Report) -> list[tuple[str, str]]:
    plain = sum(is_only_enlarged(picture.upscale) for picture in report.sharpened)
    facts = [(str(len(report.sharpened) - plain), words.SHARP_COUNT)]
    if plain:
        facts.append((str(plain), words.PLAIN_COUNT))
    facts.append((str(len(report.left)), words.LEFT_COUNT))
    if report.sharpened:
        before = min(picture.ppi_before for picture in report.sharpened)
        after = min(picture.ppi_after for picture in report.sharpened)
        facts.append((f"{ppi_words(before)} → {ppi_words(after)}", words.LOWEST_PPI))
    facts.append(
        (f"{size_words(report.bytes_before)} → {size_words(report.bytes_after)}", words.FILE_SIZE)
    )
    return facts


def _sharpened_section(pictures: Iterable[SharpenedPicture]) -> str:
    cards = "".join(_card(picture) for picture in pictures)
    title = words.MADE_SHARP
    return f'<section aria-label="{title}"><h2>{title}</h2>{cards}</section>' if cards else ""


def _card(picture: SharpenedPicture) -> str:
    title = escape(picture.name or picture.part)
    where = ", ".join(filter(None, (picture.where.capitalize(), uses_words(picture.uses))))
    detail = _pair(picture, picture.detail, is_detail=True) if picture.detail else ""
    figures = "".join(
        f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in _figures(picture)
    )
    return (
        f'<article class="picture"><header><h3>{title}</h3>'
        f"<p>{escape(where)}</p></header>"
        f"{_pair(picture, picture.view, is_detail=False)}{detail}<dl>{figures}</dl></article>"
    )


def _pair(picture: SharpenedPicture, pair: Pair, *, is_detail: bool) -> str:
    sides = (
        (words.BEFORE, pair.before, picture.ppi_before, picture.sharpness_before),
        (words.AFTER, pair.after, picture.ppi_after, picture.sharpness_after),
    )
    figures = ""
    for css_class, (side, shown, ppi, share) in zip(("before", "after"), sides, strict=True):
        image = _image(
            picture,
            shown,
            pair.ratio,
            f"{', ' + words.DETAIL if is_detail else ''} ({side.lower()})",
            fill_column=is_detail,
        )
        caption = words.ENLARGED_DETAIL if is_detail else sharpness_sentence(share)
        figures += (
            f'<figure class="{css_class}"><div class="plate">{image}</div><figcaption>'
            f'<span class="tag">{side_words(side, ppi)}</span>'
            f"<span>{escape(caption)}</span></figcaption></figure>"
        )
    return f'<div class="pair">{figures}</div>'


def _image(
    picture: SharpenedPicture,
    shown: ShownPicture,
    ratio: float,
    alt_end: str,
    *,
    fill_column: bool,
) -> str:
    """Show a picture as wide and as high as on the slide, or as its column allows."""
    alt = escape((picture.alt_text or picture.name or picture.part) + alt_end, quote=True)
    width = "100%" if fill_column else f"{picture.shown_width_in * _CSS_PX_PER_IN:.0f}px"
    source = base64.b64encode(shown.blob).decode()
    return (
        f'<img src="data:{shown.content_type};base64,{source}" alt="{alt}"'
        f' style="width:{width};aspect-ratio:{ratio:.4f}">'
    )


def _figures(picture: SharpenedPicture) -> list[tuple[str, str]]:
    is_renamed = picture.part != picture.new_part
    old_px = f"{picture.width_px} × {picture.height_px}"
    figures = [
        (words.SHOWN_AT, inches_words(picture.shown_width_in, picture.shown_height_in)),
        (words.PIXELS, f"{old_px} → {picture.new_width_px} × {picture.new_height_px}"),
        (words.SIZE, f"{size_words(picture.bytes_before)} → {size_words(picture.bytes_after)}"),
        (words.PART, picture.part + (f" → {picture.new_part}" if is_renamed else "")),
    ]
    true_size_words = enlarged_words(picture)
    if true_size_words:
        figures.insert(2, (words.TRUE_SIZE, true_size_words))
    network = network_words(picture.upscale)
    if network:
        figures.append((words.MADE_BY, original_words(picture.upscale) or network))
    source = source_words(picture.upscale)
    if source:
        figures.append((words.NOTE, "; ".join(source)))
    faithful = faithful_words(picture.upscale)
    if faithful:
        figures.append((words.FAITHFUL, faithful))
    return figures


def _left_section(pictures: tuple[LeftPicture, ...]) -> str:
    if not pictures:
        return ""
    rows = "".join(
        f'<tr><td class="part">{escape(left.part.rsplit("/", 1)[-1] or "–")}</td>'
        f"<td>{escape(few_words(left.where))}</td>"
        f'<td class="number">{_pixels(left)}</td><td class="number">{ppi_words(left.ppi)}</td>'
        f"<td>{escape(reason_words(left.reason))}</td></tr>"
        for left in pictures
    )
    title = words.LEFT_ALONE
    return (
        f'<section aria-label="{title}"><h2>{title}</h2><div class="wide"><table><thead><tr>'
        f'<th scope="col">{words.PICTURE}</th><th scope="col">{words.WHERE}</th>'
        f'<th scope="col" class="number">{words.PIXELS}</th>'
        f'<th scope="col" class="number">{words.PPI}</th>'
        f'<th scope="col">{words.WHY}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _pixels(left: LeftPicture) -> str:
    return f"{left.width_px} × {left.height_px}" if left.width_px and left.height_px else "–"
