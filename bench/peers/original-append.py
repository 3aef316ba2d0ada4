"""Appends actions the way the original's generator does: one pretty JSON file each, and a line in the log.

Arguments: folder, number of actions. Prints microseconds per action.
"""
import datetime
import json
import pathlib
import sys
import time

folder = pathlib.Path(sys.argv[1]) / "snapshots"
folder.mkdir(parents=True)
count = int(sys.argv[2])
details = {"module": "core", "result": "success", "duration": "45s", "message": "x" * 120}

start = time.perf_counter()
for _ in range(count):
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    name = "action_" + now.strftime("%Y%m%d_%H%M%S_%f")
    snapshot = {
        "snapshot_id": name,
        "snapshot_type": "action",
        "timestamp": stamp,
        "action": {"type": "build", "status": "executing", "details": details, "started_at": stamp},
        "metadata": {"generated_by": "BarrotSnapshotGenerator", "version": "1.0.0"},
    }
    with open(folder / f"{name}.json", "w") as file:
        json.dump(snapshot, file, indent=2)
    with open(folder / "action_log.jsonl", "a") as log:
        log.write(json.dumps(snapshot) + "\n")
print((time.perf_counter() - start) * 1e6 / count)
