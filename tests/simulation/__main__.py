"""`python -m tests.simulation --seeds 1000 [--first 0]`: run worlds, and print the first seed that fails."""

import argparse
import sys
import time
from collections import Counter

from tests.simulation.oracles import check
from tests.simulation.world import run


def main() -> int:
    """Run the seeds. Print the rate and the faults, or the trace of a failing seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    start, faults, written = time.perf_counter(), Counter[str](), 0
    for seed in range(options.first, options.first + options.seeds):
        world = run(seed)
        try:
            check(world)
        except AssertionError as error:
            print("\n".join(world.chance.trace))
            print(error)
            return 1
        faults += world.faults_seen
        written += len(world.written)
    seconds = time.perf_counter() - start
    print(f"{options.seeds} seeds from {options.first}, {options.seeds / seconds:.0f} a second, all end well")
    print(f"{written} versions promoted; faults: {dict(sorted(faults.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
