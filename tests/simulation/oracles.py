"""What must be true of a world at its end."""

from moto_codeartifact.packages import PackageVersion
from promoter.inspection.recorded import NOT_DECIDED
from promoter.inspection.replay import Replay
from promoter.packages.package import Package
from promoter.rules.vocabulary import Hop
from tests.simulation.world import HOPS, World, candidate_of


def check(world: World) -> None:
    """Raise AssertionError, with the seed, if an invariant is broken."""
    nothing_is_promoted_that_the_rules_forbid(world)
    nothing_is_promoted_that_is_no_longer_published(world)
    no_failure_is_reported_twice_in_a_batch(world)
    nothing_is_promoted_before_its_time_or_without_its_answers(world)
    nothing_is_lost(world)
    nothing_waits_without_an_entry(world)
    malformed_messages_are_forwarded_with_their_reason(world)
    every_decision_is_the_same_when_its_rules_decide_it_again(world)


def nothing_is_promoted_that_the_rules_forbid(world: World) -> None:
    """I3: every write was allowed by the rules of that moment."""
    forbidden = [each for each in world.written if not each.allowed]
    assert forbidden == [], f"seed {world.seed}: {forbidden}"


def nothing_is_promoted_that_is_no_longer_published(world: World) -> None:
    """A version that changed its status is promoted only if its event is believed: at once, once."""
    late = [each for each in world.written if each.source_status != "Published" and not each.fresh]
    assert late == [], f"seed {world.seed}: {late}"


def nothing_is_promoted_before_its_time_or_without_its_answers(world: World) -> None:
    """At the moment of each write, the soak of that revision was over, and the newest answers were yes."""
    early = [each for each in world.written if each.early]
    assert early == [], f"seed {world.seed}: {early}"


def no_failure_is_reported_twice_in_a_batch(world: World) -> None:
    """I2: one message names a failure once."""
    for failures in world.notified():
        assert all(count == 1 for count in failures.values()), f"seed {world.seed}: {failures}"


def nothing_is_lost(world: World) -> None:
    """I1: an announced version that the rules allowed is in the destination, or reported, or a dead letter."""
    told = {subject for failures in world.notified() for subject in failures}
    dead = " ".join(message.body for message in world.queue.dead_letters)
    for source, key, version in world.published_in_sources():
        subject = (source, key, version.version, version.revision)
        if subject not in world.announced or subject in world.rejected:
            continue
        if (HOPS[source], key, version.version) in world.touched:
            continue  # what a person changed in the destination stays as it is
        there = world.find(HOPS[source], key, version.version)
        same = there is not None and _hashes(there) == _hashes(version)
        purl = Package(key.format, key.namespace, key.name).purl
        reported = (HOPS[source], purl, version.version) in told or version.revision in dead
        waits = not world.waits.may_pass(candidate_of(source, key, version))
        assert same or reported or waits, (
            f"seed {world.seed}: {source} {key} {version.version} is neither in {HOPS[source]} nor reported"
        )


def nothing_waits_without_an_entry(world: World) -> None:
    """A version that waits for time, or for an answer that nobody has given, has its pending entry."""
    for source, key, version in world.published_in_sources():
        subject, candidate = (
            (source, key, version.version, version.revision),
            candidate_of(source, key, version),
        )
        if subject not in world.announced or subject in world.rejected or world.waits.may_pass(candidate):
            continue
        if (HOPS[source], key, version.version) in world.touched:
            continue
        there = world.find(HOPS[source], key, version.version)
        promoted = there is not None and _hashes(there) == _hashes(version)
        ended = promoted or world.is_ended(candidate)
        hop = Hop(source, HOPS[source])
        assert ended or world.waits.is_pending(candidate, hop), (
            f"seed {world.seed}: {source} {key} {version.version} waits, but has no entry"
        )


def malformed_messages_are_forwarded_with_their_reason(world: World) -> None:
    """Every message that is no event reached the dead-letter queue, and none is left."""
    assert world.queue.messages == {}, f"seed {world.seed}"
    assert all(reason for _, reason in world.queue.forwarded), f"seed {world.seed}"


def every_decision_is_the_same_when_its_rules_decide_it_again(world: World) -> None:
    """The decision log has all that a decision depends on."""
    lines = world.log.getvalue().encode().splitlines()
    for digest, rule_set in world.deployed.items():
        replay = Replay(rule_set)
        replay.add(line for line in lines if f'"ruleset":"{digest}"'.encode() in line)
        decided_again = replay.total - replay.failures[NOT_DECIDED]
        assert (replay.same, replay.changes) == (decided_again, {}), f"seed {world.seed}"


def _hashes(version: PackageVersion) -> dict[str, str]:
    return {name: asset.hashes["SHA-256"] for name, asset in version.assets.items()}
