"""What an estimate rests on: the decks and pictures that were done lately, or guesses before."""

from crispdeck.records.figures.throughput import FIRST_S_PER_DECK, pace
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import finish_assemble, finish_picture, finish_prepare
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import World, new_picture

DONE = PictureOutcome(state=PictureState.DONE)


def do_deck(world: World, number: int, *, prepare_s: float, assemble_s: float) -> None:
    """Do a deck of one picture; between the stages it waits for an hour."""
    job = world.deck_job()
    claim = world.claimed(job)
    world.clock.forward(seconds=prepare_s)
    finish_prepare(world.db, claim, [new_picture(number)])
    world.clock.forward(seconds=3600)
    [picture] = world.claim()
    world.clock.forward(seconds=1)
    finish_picture(world.db, picture, DONE)
    world.clock.forward(seconds=3600)
    claim = world.claimed(job, Stage.ASSEMBLE)
    world.clock.forward(seconds=assemble_s)
    finish_assemble(world.db, claim, result_key=None, size_bytes=None, summary={})


def test_before_anything_was_done_the_figures_are_guesses(world: World) -> None:
    found = pace(world.db)
    assert (found.pictures, found.s_per_deck) == (0, FIRST_S_PER_DECK)


def test_a_deck_takes_what_the_middle_one_took_and_waiting_does_not_count(world: World) -> None:
    for number, (prepare_s, assemble_s) in enumerate([(1, 2), (3, 2.5), (200, 900)]):
        do_deck(world, number, prepare_s=prepare_s, assemble_s=assemble_s)
    found = pace(world.db)
    assert (found.pictures, found.s_per_deck) == (3, 5.5)


def test_a_deck_that_is_only_unpacked_tells_nothing_yet(world: World) -> None:
    world.prepared(1)
    assert pace(world.db).s_per_deck == FIRST_S_PER_DECK
