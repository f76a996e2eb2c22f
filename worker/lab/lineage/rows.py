"""The rows of the lineage: each paper's shape, figures and recipe; no weights, no training."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from worker.networks.descriptor import DtypeName

if TYPE_CHECKING:
    from torch import nn

SCALE = 4
"""Of every row: what the papers' tables have in common."""
Loss = Literal["squares", "absolute", "feature", "texture", "adversarial"]
BOTH: frozenset[DtypeName] = frozenset({"float32", "bfloat16"})
FLOAT32: frozenset[DtypeName] = frozenset({"float32"})


@dataclass(frozen=True)
class Published:
    """A figure of somebody else's, with where it was read.

    Attributes:
        unit: half of it is how far rounding may have moved the figure.
        of: which part of our network it counts: all weights, the kernels only, or a part's name
            that it leaves out ("enlarge, last").
    """

    parameters: int
    unit: int
    source: str
    of: str = "all"


@dataclass(frozen=True)
class Recipe:
    """How a row is trained; data, crops, seeds, optimizer and minutes are the same for all.

    Attributes:
        loss: what is made small.
        rate: the highest learning rate of Adam; guesses by depth, tried for some steps only.
        starts_from: the row whose weights it begins with.
    """

    loss: Loss
    rate: float
    starts_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One paper's network.

    Attributes:
        name: as commands know it.
        idea: in plain words, what it brought.
        luminance, before, adds: see `worker.lab.lineage.inputs.Fed`.
        shape: the arguments of `body` for the published size.
        parameters: of our network.
        reach_px: as of NetworkDescriptor; None where it looks at whole pictures.
        published: None where the paper does not tell; then ours is a reconstruction.
        psnr_db: by test set, ×4, clean, as published.
        psnr_source: where those were read.
        narrow_of: the row that this is a narrower version of.
        has_reference: it takes a sharp picture of the same or of something like it besides.
    """

    name: str
    title: str
    year: int
    paper: str
    idea: str
    luminance: bool = False
    before: bool = False
    adds: bool = False
    body: "Callable[..., nn.Module]" = field(repr=False)
    shape: Mapping[str, Any]
    parameters: int
    reach_px: int | None
    recipe: Recipe
    dtypes: frozenset[DtypeName] = BOTH
    published: Published | None = None
    psnr_db: Mapping[str, float] = field(default_factory=dict)
    psnr_source: str = ""
    narrow_of: str | None = None
    has_reference: bool = False

    def build(self, **changes: Any) -> "nn.Module":
        """Make the network with untrained weights; `changes` make another size of it."""
        from worker.lab.lineage.inputs import Fed

        body = self.body(**{**self.shape, **changes})
        if self.has_reference:
            return body  # knows itself what it is fed
        return Fed(
            body,
            scale=SCALE,
            luminance=self.luminance,
            before=self.before,
            adds=self.adds,
        )


def _body(module: str, name: str) -> "Callable[..., nn.Module]":
    """Import the architecture when one is built: listing rows needs no torch."""

    def build(**shape: Any) -> "nn.Module":
        from importlib import import_module

        made: nn.Module = getattr(import_module(f"worker.lab.lineage.{module}"), name)(**shape)
        return made

    return build


SURVEY = "table of a survey (S. Anwar et al. 2020)"
TABLE = "table of a later paper (SAFMN, 2023)"
README = "the authors' own page"
MEMORY = "quoted from memory, unverified"


def _psnr(set5: float, set14: float, bsd100: float) -> dict[str, float]:
    return {"Set5": set5, "Set14": set14, "BSD100": bsd100}


_RDN = Row(
    name="rdn",
    title="RDN",
    year=2018,
    paper="Zhang et al., CVPR 2018",
    idea="Dense blocks with skips around them, all of them fused at the end.",
    body=_body("architectures.rdn", "RDN"),
    shape={},
    parameters=22_271_107,
    reach_px=133,
    recipe=Recipe("absolute", 2e-4),
    published=Published(21_900_000, 100_000, SURVEY, of="enlarge, last"),
    psnr_db=_psnr(32.47, 28.81, 27.72),
    psnr_source=SURVEY,
)
_RCAN = Row(
    name="rcan",
    title="RCAN",
    year=2018,
    paper="Zhang et al., ECCV 2018",
    idea="Four hundred layers, and attention that weighs channels.",
    body=_body("architectures.rcan", "RCAN"),
    shape={},
    parameters=15_592_355,
    reach_px=None,
    recipe=Recipe("absolute", 2e-4),
    published=Published(15_590_000, 10_000, TABLE),
    psnr_db=_psnr(32.63, 28.87, 27.77),
    psnr_source=TABLE,
)
_SAN = Row(
    name="san",
    title="SAN",
    year=2019,
    paper="Dai et al., CVPR 2019",
    idea="Attention by how channels vary together, not by their mean.",
    body=_body("architectures.san", "SAN"),
    shape={},
    parameters=15_824_580,
    reach_px=None,
    recipe=Recipe("absolute", 2e-4),
    published=Published(15_860_000, 10_000, TABLE),
    psnr_db=_psnr(32.64, 28.92, 27.78),
    psnr_source=TABLE,
)
_TTSR = Row(
    name="ttsr",
    title="TTSR",
    year=2020,
    paper="Yang et al., CVPR 2020",
    idea="What counts as the same texture is learned too, and how sure it is decides.",
    body=_body("references.ttsr", "TTSR"),
    shape={},
    parameters=6729603,
    reach_px=None,
    recipe=Recipe("absolute", 1e-4),
    dtypes=FLOAT32,
    has_reference=True,
    published=Published(6_730_000, 10_000, "counted from the authors' code"),
)


def _narrow(
    row: Row, size: str, shape: Mapping[str, Any], *, parameters: int, reach_px: int | None
) -> Row:
    """Make a row of a size that two cores can train; nobody has published figures of it."""
    return replace(
        row,
        name=f"{row.name}-narrow",
        title=f"{row.title}, narrow",
        paper=f"{row.paper}; {size}",
        idea=f"{row.title} as far as two cores can train it.",
        shape=shape,
        parameters=parameters,
        reach_px=reach_px,
        recipe=Recipe("absolute", 5e-4),
        published=None,
        psnr_db={},
        psnr_source="",
        narrow_of=row.name,
    )


_ROWS = (
    Row(
        name="srcnn",
        title="SRCNN",
        year=2014,
        paper="Dong et al., ECCV 2014 / TPAMI 2016 (9-5-5)",
        idea="Three convolutions, learned, on the interpolated picture: the first network.",
        luminance=True,
        before=True,
        body=_body("architectures.srcnn", "SRCNN"),
        shape={},
        parameters=57_281,
        reach_px=4,
        recipe=Recipe("squares", 1e-3),
        published=Published(57_184, 1, "the paper", of="kernels"),
        psnr_db=_psnr(30.48, 27.49, 26.90),
        psnr_source=TABLE,
    ),
    Row(
        name="fsrcnn",
        title="FSRCNN",
        year=2016,
        paper="Dong et al., ECCV 2016 (56, 12, 4)",
        idea="Works on the small picture and enlarges at the very end: many times as fast.",
        luminance=True,
        body=_body("architectures.fsrcnn", "FSRCNN"),
        shape={},
        parameters=12_809,
        reach_px=7,
        recipe=Recipe("squares", 1e-3),
        published=Published(12_464, 1, "the paper", of="kernels"),
        psnr_db=_psnr(30.71, 27.59, 26.98),
        psnr_source=TABLE,
    ),
    Row(
        name="espcn",
        title="ESPCN",
        year=2016,
        paper="Shi et al., CVPR 2016 (5-3-3)",
        idea="The pixel shuffle: a layer makes all 16 pixels of a small one at once.",
        luminance=True,
        body=_body("architectures.espcn", "ESPCN"),
        shape={},
        parameters=24_752,
        reach_px=4,
        recipe=Recipe("squares", 1e-3),
        published=Published(25_000, 1_000, TABLE),
        psnr_db=_psnr(30.52, 27.42, 26.87),
        psnr_source=TABLE,
    ),
    Row(
        name="vdsr",
        title="VDSR",
        year=2016,
        paper="Kim et al., CVPR 2016",
        idea="Twenty layers, and only the difference to interpolation is learned.",
        luminance=True,
        before=True,
        adds=True,
        body=_body("architectures.vdsr", "VDSR"),
        shape={},
        parameters=665_921,
        reach_px=7,
        recipe=Recipe("squares", 5e-4),
        published=Published(665_000, 1_000, TABLE),
        psnr_db=_psnr(31.35, 28.01, 27.29),
        psnr_source=TABLE,
    ),
    Row(
        name="srresnet",
        title="SRResNet",
        year=2017,
        paper="Ledig et al., CVPR 2017",
        idea="Residual blocks: skips let 37 layers learn.",
        body=_body("architectures.srresnet", "SRResNet"),
        shape={},
        parameters=1_549_462,
        reach_px=40,
        recipe=Recipe("squares", 5e-4),
        published=Published(1_500_000, 100_000, SURVEY),
        psnr_db=_psnr(32.05, 28.53, 27.57),
        psnr_source=SURVEY,
    ),
    Row(
        name="edsr-baseline",
        title="EDSR baseline",
        year=2017,
        paper="Lim et al., CVPR workshops 2017",
        idea="SRResNet without batch normalisation, trained on absolute differences.",
        body=_body("architectures.edsr", "EDSR"),
        shape={"channels": 64, "blocks": 16},
        parameters=1_517_571,
        reach_px=36,
        recipe=Recipe("absolute", 5e-4),
        published=Published(1_520_000, 10_000, README),
        psnr_db=_psnr(32.09, 28.58, 27.57),
        psnr_source=TABLE,
        narrow_of="edsr",
    ),
    Row(
        name="edsr",
        title="EDSR",
        year=2017,
        paper="Lim et al., CVPR workshops 2017",
        idea="The same, four times as wide and twice as deep.",
        body=_body("architectures.edsr", "EDSR"),
        shape={"channels": 256, "blocks": 32, "share": 0.1},
        parameters=43_089_923,
        reach_px=68,
        recipe=Recipe("absolute", 2e-4),
        published=Published(43_100_000, 100_000, README),
        psnr_db=_psnr(32.46, 28.80, 27.71),
        psnr_source=TABLE,
    ),
    Row(
        name="srdensenet",
        title="SRDenseNet",
        year=2017,
        paper="Tong et al., ICCV 2017 (All)",
        idea="Every layer sees the results of all before it.",
        luminance=True,
        body=_body("architectures.srdensenet", "SRDenseNet"),
        shape={},
        parameters=3_175_681,
        reach_px=66,
        recipe=Recipe("squares", 5e-4),
        psnr_db=_psnr(32.02, 28.50, 27.53),
        psnr_source=SURVEY,
    ),
    _RDN,
    _narrow(
        _RDN,
        "5 blocks of 5 layers, 32 channels",
        {"channels": 32, "blocks": 5, "layers": 5, "growth": 32},
        parameters=822_275,
        reach_px=30,
    ),
    _RCAN,
    _narrow(
        _RCAN,
        "3 groups of 5 blocks, 48 channels",
        {"channels": 48, "groups": 3, "blocks": 5},
        parameters=880_656,
        reach_px=None,
    ),
    _SAN,
    _narrow(
        _SAN,
        "3 groups of 4 blocks, 48 channels",
        {"channels": 48, "groups": 3, "blocks": 4},
        parameters=733_537,
        reach_px=None,
    ),
    Row(
        name="johnson",
        title="Feature loss",
        year=2016,
        paper="Johnson et al., ECCV 2016",
        idea="Not pixels are compared but what a network that names things sees in them.",
        body=_body("architectures.johnson", "TransformNet"),
        shape={},
        parameters=401_859,
        reach_px=14,
        recipe=Recipe("feature", 5e-4),
        psnr_db=_psnr(27.09, 24.99, 24.95),
        psnr_source=MEMORY,
    ),
    Row(
        name="enhancenet",
        title="EnhanceNet-PT",
        year=2017,
        paper="Sajjadi et al., ICCV 2017, without its adversarial part",
        idea="Patches shall have the right texture, wherever exactly its grains lie.",
        adds=True,
        body=_body("architectures.enhancenet", "EnhanceNet"),
        shape={},
        parameters=852_867,
        reach_px=23,
        recipe=Recipe("texture", 5e-4),
        psnr_db=_psnr(28.56, 25.77, 24.93),
        psnr_source=f"{MEMORY}, of -PAT",
    ),
    Row(
        name="srgan",
        title="SRGAN",
        year=2017,
        paper="Ledig et al., CVPR 2017",
        idea="A second network tells made from real, and the first learns to get past it.",
        body=_body("architectures.srresnet", "SRResNet"),
        shape={},
        parameters=1_549_462,
        reach_px=40,
        recipe=Recipe("adversarial", 1e-4, starts_from="srresnet"),
        published=Published(1_500_000, 100_000, SURVEY),
        psnr_db=_psnr(29.40, 26.02, 25.15),
        psnr_source="a re-implementation that quotes the paper, in its own protocol",
    ),
    Row(
        name="landmark",
        title="Landmark",
        year=2013,
        paper="Yue et al., IEEE TIP 2013",
        idea="A sharp picture of the same thing is found, registered, and its detail laid on.",
        before=True,
        adds=True,
        body=_body("references.landmark", "Landmark"),
        shape={},
        parameters=0,
        reach_px=None,
        recipe=Recipe("absolute", 0.0),
        dtypes=FLOAT32,
        has_reference=True,
    ),
    Row(
        name="crossnet",
        title="CrossNet, narrow",
        year=2018,
        paper="Zheng et al., ECCV 2018; 32 channels, a flow of 16",
        idea="The reference is bent onto the picture by an estimated flow.",
        before=True,
        adds=True,
        body=_body("references.crossnet", "CrossNet"),
        shape={"channels": 32, "flow": 16},
        parameters=1_254_845,
        reach_px=None,
        recipe=Recipe("absolute", 3e-4),
        dtypes=FLOAT32,
        has_reference=True,
    ),
    Row(
        name="srntt",
        title="SRNTT, narrow",
        year=2019,
        paper="Zhang et al., CVPR 2019; 32 channels, 8 + 6 + 4 + 2 blocks",
        idea="Not places but textures are taken from the reference, wherever they lie.",
        body=_body("references.srntt", "SRNTT"),
        shape={"channels": 32, "blocks": (8, 6, 4, 2)},
        parameters=592_755,
        reach_px=None,
        recipe=Recipe("absolute", 5e-4),
        dtypes=FLOAT32,
        has_reference=True,
    ),
    _TTSR,
    _narrow(
        _TTSR,
        "32 channels, 8 + 6 + 4 + 2 blocks, textures of 16",
        {"channels": 32, "textures": 16, "blocks": (8, 6, 4, 2)},
        parameters=957_555,
        reach_px=None,
    ),
)

ROWS: dict[str, Row] = {row.name: row for row in _ROWS}


def to_train() -> list[Row]:
    """List the rows that two cores can train, the quickest first.

    None comes before the row that it starts from, which is as large as it is itself.
    Of those that are too large narrower ones are trained, and say so; one has nothing to learn.
    """
    too_large = {row.narrow_of for row in ROWS.values()}
    rows = [row for row in ROWS.values() if row.name not in too_large and row.parameters]
    return sorted(rows, key=lambda row: row.parameters * (SCALE**2 if row.before else 1))
