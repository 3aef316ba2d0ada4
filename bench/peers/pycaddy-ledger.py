"""Records runs the way pycaddy does: for each an allocate and two logs, of which each reads and writes the whole ledger.

Arguments: ledger, number of runs. Prints seconds and which code did it. With pycaddy at hand it is the original;
otherwise a stand-in that is cheaper: plain json in place of checked records, and flock by itself.
"""
import fcntl
import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path

path, count = sys.argv[1], int(sys.argv[2])

try:
    from pycaddy.ledger import Ledger, Status
except ImportError:
    Ledger = None


def with_original():
    ledger = Ledger(path)
    for _ in range(count):
        uid = ledger.allocate("train")
        ledger.log("train", uid, status=Status.RUNNING)
        ledger.log("train", uid, status=Status.DONE, path_dict={"model": Path(f"{uid}/model.pt")})


def edit(change):
    descriptor = os.open(path.removesuffix(".json") + ".lock", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    data = json.loads(Path(path).read_bytes()) if os.path.exists(path) else {}
    result = change(data.setdefault("train", {}).setdefault("", {}))
    Path(path).write_bytes(json.dumps(data, indent=2).encode())
    os.close(descriptor)
    return result


def allocate(runs):
    number = 0
    while f"{number:03d}" in runs:
        number += 1
    runs[f"{number:03d}"] = {
        "status": "pending",
        "param_hash": None,
        "files": {},
        "timestamp_status_lst": [[datetime.now().isoformat(), "pending"]],
    }
    return f"{number:03d}"


def log(runs, uid, status, files):
    runs[uid]["status"] = status
    runs[uid]["files"].update(files)
    runs[uid]["timestamp_status_lst"].append([datetime.now().isoformat(), status])


def with_stand_in():
    for _ in range(count):
        uid = edit(allocate)
        edit(lambda runs: log(runs, uid, "running", {}))
        edit(lambda runs: log(runs, uid, "done", {"model": f"{uid}/model.pt"}))


started = time.perf_counter()
with_stand_in() if Ledger is None else with_original()
print(time.perf_counter() - started, "a stand-in" if Ledger is None else "pycaddy")
