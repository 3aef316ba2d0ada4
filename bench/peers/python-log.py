"""Times run.log of five values inside of its process, and a bare write of the same lines. Arguments: folder, points."""
import json
import os
import statistics
import sys
import time

import daybook

root, count = sys.argv[1], int(sys.argv[2])
os.makedirs(os.path.join(root, "snapshots"), exist_ok=True)
run = daybook.run("runs/a", book=root)
times = []
for step in range(count):
    start = time.perf_counter_ns()
    run.log(step=step, loss=1.0 / (step + 1), accuracy=0.5 + step * 1e-7, lr=3e-4, grad_norm=1.25, epoch_time=0.125 * step)
    times.append(time.perf_counter_ns() - start)
run.finish()

with open(os.path.join(root, "runs/a/metrics.jsonl"), "rb") as file:
    lines = file.read().splitlines(keepends=True)
bare = []
descriptor = os.open(os.path.join(root, "bare.jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
for line in lines:
    start = time.perf_counter_ns()
    os.write(descriptor, line)
    bare.append(time.perf_counter_ns() - start)
print(json.dumps({"log": statistics.median(times) / 1000, "bare": statistics.median(bare) / 1000, "kept": len(lines)}))
