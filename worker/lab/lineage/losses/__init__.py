"""What training makes small: differences of pixels, features and textures, and a judge's doubt."""

from torch import nn

from worker.lab.lineage.losses.pixels import Absolute, Squares
from worker.lab.lineage.rows import Loss


def loss_for(name: Loss) -> nn.Module:
    """Give the loss of that name: called with the enlarged, the sharp and the small picture.

    All are (N, 3, …) float32 in 0..1. What it has learned itself is in its `state_dict`.

    Raises:
        BadInputError: it needs a feature network, which is not installed.
    """
    if name == "squares":
        return Squares()
    if name == "absolute":
        return Absolute()
    from worker.lab.lineage.architectures.efficientnet import pretrained
    from worker.lab.lineage.losses.adversarial import Adversarial
    from worker.lab.lineage.losses.features import Feature
    from worker.lab.lineage.losses.texture import Texture

    features = pretrained()
    if name == "feature":
        return Feature(features)
    return Texture(features) if name == "texture" else Adversarial(features)
