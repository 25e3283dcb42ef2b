"""Seeded worlds, each with faults and then without: nothing is lost, doubled, or promoted against the rules."""

import pytest

from tests.simulation.oracles import check
from tests.simulation.world import FAULTS, run

SEEDS = 300


@pytest.mark.parametrize("block", range(SEEDS // 50))
@pytest.mark.timeout(300)
def test_every_seed_ends_well(block: int) -> None:
    for seed in range(block * 50, (block + 1) * 50):
        check(run(seed))


def test_the_worlds_are_worth_looking_at() -> None:
    """The invariants would also hold for worlds in which nothing happens."""
    worlds = [run(seed) for seed in range(20)]

    assert sum(len(world.written) for world in worlds) > 50
    assert any(world.topic.published for world in worlds)
    assert sum(world.log.getvalue().count('"decided":') for world in worlds) > 100
    assert any(world.queue.dead_letters or world.queue.forwarded for world in worlds)
    assert set().union(*(world.faults_seen for world in worlds)) == set(FAULTS)


def test_a_seed_replays() -> None:
    first, again = run(7), run(7)

    assert (first.chance.trace, len(first.written)) == (again.chance.trace, len(again.written))
