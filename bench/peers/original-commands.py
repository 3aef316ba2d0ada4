"""Does what the original's viewer and generator do for `actions 10` and `summary`, where the original itself is not at hand.

Arguments: book, then "actions" or "summary". The yaml that the generator imports and does not need is left out.
"""
import json
import sys
from pathlib import Path

snapshots = Path(sys.argv[1]) / "snapshots"
if sys.argv[2] == "actions":
    with open(snapshots / "action_log.jsonl") as file:
        lines = file.readlines()
    for line in reversed(lines[-10:]):
        action = json.loads(line)
        print(action["timestamp"], action["action"]["type"], action["action"]["status"])
else:
    names = list(snapshots.glob("*.json"))
    print(json.dumps({"total_snapshots": len(names), "latest": max([name.stat().st_mtime for name in names], default=None)}))
