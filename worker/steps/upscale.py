"""The upscale step: the service's bookkeeping with this process's network."""

from crispdeck.services import upscale as service
from worker.context import Context


def upscale(context: Context, picture_id: str) -> None:
    """Work on the most urgent pictures that wait; the one that the message names is a hint."""
    service.upscale(context, picture_id, context.sharpener)
