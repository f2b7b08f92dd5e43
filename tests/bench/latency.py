"""How quickly the game answers, beside a bare Textual app of the same minute.

    python tests/bench/latency.py [--json] [--runs N] [--size 120x40]

Medians and the times that nineteen of twenty stay under. Machines are shared and noisy: quote ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench import probes
from tests.bench.fans import fan_rows
from tests.bench.inside import keys_inside


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--size", default="120x40")
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="baimo-latency-") as folder:
        home = Path(folder)
        if sys.platform == "win32":
            where, rows = "inside the process", keys_inside((width, height), args.runs)
        else:
            where, rows = "in a pseudo-terminal", probes.keys_in_the_boardroom(home, (width, height), args.runs)
        fans = fan_rows((width, height), args.runs)
        frames = probes.first_frames(home, max(5, args.runs // 2))
    pairs = [a / b for a, b in zip(frames[0].times, frames[1].times, strict=True)]
    ratio = probes.Row("ratio of the two, in pairs", tuple(pairs))
    every = [*rows, *fans, *frames]
    if args.json:
        table = {row.name: {"median_ms": row.median, "p95_ms": row.p95, "runs": len(row.times)} for row in every}
        frames_ratio = {"median": ratio.median, "p95": ratio.p95}
        print(json.dumps({"size": args.size, "keys": where, "rows": table, "first_frame_ratio": frames_ratio}, indent=1))
        return 0
    print(f"{args.size}, keys {where}; milliseconds")
    print(f"{'':34}{'median':>9}{'95 %':>9}{'runs':>6}")
    for row in every:
        print(f"{row.name:34}{row.median:9.1f}{row.p95:9.1f}{len(row.times):6}")
    print(f"{ratio.name:34}{ratio.median:9.2f}{ratio.p95:9.2f}{len(ratio.times):6}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
