"""The network as the commands use it: loaded when the first picture needs it."""

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from crispdeck.cli.lazy import is_installed
from crispdeck.errors import BadInputError, WeightsError
from crispdeck.picture.sharpened import Sharpened
from crispdeck.settings import Settings
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.registry import choose, named
from worker.networks.weights import folder_of
from worker.upscaling.pipeline import PixelLimits, sharpen

if TYPE_CHECKING:
    from worker.upscaling.upscaler import Chooser, Upscaler

_MORE_NETWORKS = ("worker.lab.lineage.registration",)
"""Modules whose `register` adds networks to the registry, where they are installed. By name, as
commands are: an installation without them knows no more than Crispdeck's own (docs/adr/0011)."""


def chooser(name: str | None) -> "Chooser":
    """Give the way to choose networks: by size, or always the one called `name`.

    Raises:
        BadInputError: no network is called so.
        WeightsError: it has never been trained here.
    """
    if name is None:
        return choose
    for module in filter(is_installed, _MORE_NETWORKS):
        import_module(module).register()
    try:
        found = named(name, 4)
    except LookupError as error:
        raise BadInputError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    if found.parameters and not (folder_of(found) / found.weights_file).is_file():
        raise WeightsError(
            f"{name} has no weights here yet: crispdeck train --network {name} makes them."
        )
    return partial(_named, name)


def _named(name: str, _width_px: int, _height_px: int, scale: int) -> NetworkDescriptor:
    return named(name, scale)


class LazySharpener:
    """Sharpens single pictures; importing torch, which takes seconds, waits for the first."""

    def __init__(
        self, settings: Settings, *, strip: bool = False, network: str | None = None
    ) -> None:
        """`network`: the name of the one to use instead of that which fits the picture's size.

        Raises:
            BadInputError: no network is called so.
        """
        self._strip = strip
        self._choose = chooser(network)
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

            self._upscaler = Upscaler(self._settings, choose=self._choose)
        settings = self._settings
        limits = PixelLimits.of(settings)
        return sharpen(blob, scale, self._upscaler, limits, settings.crispness, strip=self._strip)
