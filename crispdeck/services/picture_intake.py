"""Take a single picture in: by how much it grows, or why it is left alone; stored for its job."""

import hashlib
from dataclasses import dataclass, field, replace

from crispdeck.deck.model import Reason
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.verdicts import SCALES, WIDE_SLIDE_IN, reason_to_leave, scale_for
from crispdeck.errors import PictureTooLargeError, UnsupportedPictureError
from crispdeck.picture.info import PictureInfo
from crispdeck.records.ids import new_id
from crispdeck.records.work.values import NewPicture
from crispdeck.services.deck_intake import check_space
from crispdeck.services.platform import Platform
from crispdeck.storage import picture_key


@dataclass(frozen=True, kw_only=True)
class PictureRequest:
    """At what size a picture is shown, or by how much it shall grow."""

    shown_width_in: float | None = None
    shown_height_in: float | None = None
    scale: int | None = None
    """Instead of a size: the factor itself."""
    slide_in: tuple[float, float] = WIDE_SLIDE_IN
    """Width and height of the slide that shows it: a screen makes a small one larger."""
    force: bool = False
    """Upscale even what is sharp enough."""
    options: ScanOptions = field(default_factory=ScanOptions)
    """What counts as low; that a deck's smallest pictures do not matter is no rule for one that
    was handed in by itself."""


@dataclass(frozen=True, kw_only=True)
class PictureVerdict:
    """What becomes of a picture: a factor, or the reason why it is left alone."""

    scale: int | None
    reason: Reason | None = None
    effective_ppi: float | None = None
    """Pixels per inch as shown, the lower of both axes; None where no size was named."""


def judge_picture(info: PictureInfo, request: PictureRequest) -> PictureVerdict:
    """Judge a picture by the rule that judges the pictures of a deck.

    Without a size or a factor it grows by the largest factor that the limits allow.

    Raises:
        PictureTooLargeError: it has, or would have, too many pixels.
        UnsupportedPictureError: it has several frames or pages.
    """
    if info.frames > 1:
        raise UnsupportedPictureError("Animations and files of several pages are left alone.")
    options = replace(request.options, min_shown_in=0.0, min_side_px=1)
    size_px = info.width_px, info.height_px
    if request.scale is not None:
        _check_pixels(info, request.scale, options)
        return PictureVerdict(scale=request.scale)
    shown_in, ppi = _shown_in(info, request), None
    if shown_in is not None:
        ppi = min(info.width_px / shown_in[0], info.height_px / shown_in[1])
        reason = reason_to_leave(size_px, shown_in, ppi, options, slide_in=request.slide_in)
        if reason in {Reason.ALREADY_SHARP, Reason.DPI_CAP} and not request.force:
            return PictureVerdict(scale=None, reason=reason, effective_ppi=ppi)
    scale = scale_for(ppi or 0.0, size_px, options, None)
    _check_pixels(info, scale or min(SCALES), options)
    return PictureVerdict(scale=scale, effective_ppi=ppi)


def _shown_in(info: PictureInfo, request: PictureRequest) -> tuple[float, float] | None:
    """Return width and height as shown; one that was not named follows from the other."""
    width, height = request.shown_width_in, request.shown_height_in
    if width is None and height is None:
        return None
    width = width or (height or 0.0) * info.width_px / info.height_px
    return width, height or width * info.height_px / info.width_px


def _check_pixels(info: PictureInfo, scale: int, options: ScanOptions) -> None:
    if info.px > options.max_input_px or info.px * scale * scale > options.max_output_px:
        raise PictureTooLargeError(
            f"{info.width_px} × {info.height_px} pixels are too many for ×{scale}: at most "
            f"{options.max_input_px:,} may come in and {options.max_output_px:,} go out."
        )


def store_picture(
    platform: Platform, tenant_id: str, blob: bytes, info: PictureInfo, scale: int
) -> NewPicture:
    """Store a judged picture for a job of its own.

    Raises:
        LimitReachedError: the tenant's space is full.
    """
    check_space(platform, tenant_id, len(blob))
    sha256 = hashlib.sha256(blob).hexdigest()
    key = picture_key(tenant_id, new_id(), sha256)
    platform.store.put(key, blob, content_type=info.format.content_type)
    return NewPicture(
        parts=(),
        sha256=sha256,
        source_key=key,
        source_format=info.format.value,
        source_bytes=len(blob),
        width_px=info.width_px,
        height_px=info.height_px,
        scale=scale,
    )
