"""A report as one web page that needs nothing else: no script, no file, no network."""

import base64
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import BinaryIO

from crispdeck.report.model import LeftPicture, Pair, Report, SharpenedPicture, ShownPicture
from crispdeck.words.numbers import ppi_words, size_words
from crispdeck.words.outcomes import enlarged_words, faithful_words, is_only_enlarged, outcome_words
from crispdeck.words.reasons import reason_words
from crispdeck.words.sharpness import sharpness_sentence

_CSS_PX_PER_IN = 96  # CSS Values and Units, 6.2: a px is 1/96 of an inch


def to_html(report: Report) -> str:
    """Return the whole page."""
    page = files("crispdeck.report").joinpath("page.html").read_text(encoding="utf-8")
    return Template(page).substitute(
        title=escape(report.deck_name),
        lead=escape(_lead(report)),
        facts="".join(
            f"<li><b>{value}</b><span>{name}</span></li>" for value, name in _facts(report)
        ),
        sharpened=_sharpened_section(report.sharpened),
        left=_left_section(report.left),
    )


def write_html(report: Report, out: BinaryIO) -> None:
    """Write the page as UTF-8."""
    out.write(to_html(report).encode())


def _lead(report: Report) -> str:
    if not report.sharpened:
        return "No picture of this deck was changed."
    reports = (picture.upscale for picture in report.sharpened)
    outcome = outcome_words(reports, "blurred picture", " of this deck")
    return f"{outcome}. Everything else in the file is as it was."


def _facts(report: Report) -> list[tuple[str, str]]:
    plain = sum(is_only_enlarged(picture.upscale) for picture in report.sharpened)
    facts = [(str(len(report.sharpened) - plain), "made sharp")]
    if plain:
        facts.append((str(plain), "only enlarged"))
    facts.append((str(len(report.left)), "left alone"))
    if report.sharpened:
        before = min(picture.ppi_before for picture in report.sharpened)
        after = min(picture.ppi_after for picture in report.sharpened)
        facts.append((f"{ppi_words(before)} → {ppi_words(after)}", "lowest pixels per inch"))
    facts.append(
        (f"{size_words(report.bytes_before)} → {size_words(report.bytes_after)}", "file size")
    )
    return facts


def _sharpened_section(pictures: Iterable[SharpenedPicture]) -> str:
    cards = "".join(_card(picture) for picture in pictures)
    return f'<section aria-label="Made sharp"><h2>Made sharp</h2>{cards}</section>' if cards else ""


def _card(picture: SharpenedPicture) -> str:
    title = escape(picture.name or picture.part)
    uses = f", shown in {picture.uses} places" if picture.uses > 1 else ""
    detail = _pair(picture, picture.detail, is_detail=True) if picture.detail else ""
    figures = "".join(
        f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in _figures(picture)
    )
    return (
        f'<article class="picture"><header><h3>{title}</h3>'
        f"<p>{escape(picture.where.capitalize() + uses)}</p></header>"
        f"{_pair(picture, picture.view, is_detail=False)}{detail}<dl>{figures}</dl></article>"
    )


def _pair(picture: SharpenedPicture, pair: Pair, *, is_detail: bool) -> str:
    sides = (
        ("before", pair.before, picture.ppi_before, picture.sharpness_before),
        ("after", pair.after, picture.ppi_after, picture.sharpness_after),
    )
    figures = ""
    for side, shown, ppi, share in sides:
        image = _image(
            picture,
            shown,
            pair.ratio,
            f"{', a detail' if is_detail else ''} ({side})",
            fill_column=is_detail,
        )
        words = "a detail, enlarged" if is_detail else sharpness_sentence(share)
        figures += (
            f'<figure class="{side}"><div class="plate">{image}</div><figcaption>'
            f'<span class="tag">{side.capitalize()}: {ppi_words(ppi)} ppi</span>'
            f"<span>{escape(words)}</span></figcaption></figure>"
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
        ("Shown at", f"{picture.shown_width_in:.1f} × {picture.shown_height_in:.1f} in"),
        ("Pixels", f"{old_px} → {picture.new_width_px} × {picture.new_height_px}"),
        ("Size", f"{size_words(picture.bytes_before)} → {size_words(picture.bytes_after)}"),
        ("Part", picture.part + (f" → {picture.new_part}" if is_renamed else "")),
    ]
    true_size_words = enlarged_words(picture)
    if true_size_words:
        figures.insert(2, ("True size", true_size_words))
    network = picture.upscale.get("network")
    if network:
        fallback = (
            " (enlarged by plain interpolation, not by the network)"
            if is_only_enlarged(picture.upscale)
            else ""
        )
        figures.append(("Made by", f"{network}{fallback}"))
    faithful = faithful_words(picture.upscale)
    if faithful:
        figures.append(("Faithful", faithful))
    return figures


def _left_section(pictures: tuple[LeftPicture, ...]) -> str:
    if not pictures:
        return ""
    rows = "".join(
        f'<tr><td class="part">{escape(left.part.rsplit("/", 1)[-1] or "–")}</td>'
        f"<td>{escape(_places(left.where))}</td>"
        f'<td class="number">{_pixels(left)}</td><td class="number">{ppi_words(left.ppi)}</td>'
        f"<td>{escape(reason_words(left.reason))}</td></tr>"
        for left in pictures
    )
    return (
        '<section aria-label="Left alone"><h2>Left alone</h2><div class="wide"><table><thead><tr>'
        '<th scope="col">Picture</th><th scope="col">Where</th>'
        '<th scope="col" class="number">Pixels</th><th scope="col" class="number">ppi</th>'
        f'<th scope="col">Why</th></tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _places(where: tuple[str, ...]) -> str:
    few = ", ".join(where[:4])
    return f"{few} and {len(where) - 4} more" if len(where) > 4 else few or "–"


def _pixels(left: LeftPicture) -> str:
    return f"{left.width_px} × {left.height_px}" if left.width_px and left.height_px else "–"
