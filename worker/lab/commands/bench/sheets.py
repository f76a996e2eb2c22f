"""`crispdeck bench sheets`: pictures to look at, since figures do not show everything."""

from pathlib import Path

import click

from crispdeck.cli.console import messages
from crispdeck.settings import Settings

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command
@click.argument("decks", type=_FOLDER)
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("bench-results"),
    show_default=True,
)
@click.option("--peers", "peer_folders", multiple=True, type=_FOLDER, help="See bench quality.")
@click.option(
    "--pick",
    "picks",
    multiple=True,
    metavar="DECK:PICTURE",
    help="A blurred picture, for example talk.pptx:image3.png; without it some of the test talks.",
)
def command(decks: Path, out: Path, peer_folders: tuple[Path, ...], picks: tuple[str, ...]) -> None:
    """Draw blurred pictures of the decks in the folder DECKS, enlarged ×4, at 100 %.

    Writes before-after-real.jpg, and beside-peers.jpg where there are peers. The window with
    most in it is shown of each picture.
    """
    from worker.lab.bench import sheets
    from worker.lab.bench.methods import BICUBIC, Ours
    from worker.lab.bench.peers import find_peers

    pictures = sheets.pick(decks, picks or sheets.PICKS)
    ours = Ours(Settings.from_env())
    sheet = sheets.draw(pictures, [BICUBIC, ours], sheets.PAIR_PX)
    sheets.save(sheet, out / "before-after-real.jpg")
    peers = [peer for folder in peer_folders for peer in find_peers(folder).at(sheets.SCALE)]
    if peers:
        sheet = sheets.draw(pictures, [BICUBIC, ours, *peers], sheets.PEERS_PX)
        sheets.save(sheet, out / "beside-peers.jpg")
    messages().print(f"Written to {out}.", markup=False)
