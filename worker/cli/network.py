"""The network as the commands use it: loaded when the first picture needs it."""

from typing import TYPE_CHECKING

from crispdeck.picture.sharpened import Sharpened
from crispdeck.settings import Settings
from worker.upscaling.pipeline import PixelLimits, sharpen

if TYPE_CHECKING:
    from worker.upscaling.upscaler import Upscaler


class LazySharpener:
    """Sharpens single pictures; importing torch, which takes seconds, waits for the first."""

    def __init__(self, settings: Settings, *, strip: bool = False) -> None:
        self._strip = strip
        self._settings = settings
        self._upscaler: Upscaler | None = None

    def __call__(self, blob: bytes, scale: int) -> Sharpened:
        """Make a picture `scale` (2 to 4) times as wide and as high.

        Raises:
            PictureRefusedError: it cannot be read, or must not be.
            UpscaleError: the network and every way around it failed.
        """
        if self._upscaler is None:
            from worker.upscaling.upscaler import Upscaler

            self._upscaler = Upscaler(self._settings)
        settings = self._settings
        limits = PixelLimits.of(settings)
        return sharpen(blob, scale, self._upscaler, limits, settings.crispness, strip=self._strip)
