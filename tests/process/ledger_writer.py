"""Writes a ledger the way the original does: flock on metadata.lock, read all, change, write in place.

Arguments: ledger, identifier, number of runs. Prints "uid" behind each allocate and "uid done" behind each log.
"""
import fcntl
import json
import os
import sys
import time
from datetime import datetime

path, identifier, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
lock_path = os.path.splitext(path)[0] + ".lock"


def locked(change):
    descriptor = os.open(lock_path, os.O_RDWR | os.O_TRUNC | os.O_CREAT, 0o644)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            time.sleep(0.005)
    try:
        data = {}
        if os.path.exists(path):
            with open(path, "rb") as file:
                data = json.loads(file.read())
        result = change(data)
        with open(path, "wb") as file:
            file.write(json.dumps(data, indent=2, ensure_ascii=False).encode())
        return result
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def allocate(data):
    runs = data.setdefault(identifier, {}).setdefault("", {})
    number = 0
    while f"{number:03d}" in runs:
        number += 1
    uid = f"{number:03d}"
    runs[uid] = {
        "status": "pending",
        "param_hash": None,
        "files": {},
        "timestamp_status_lst": [[datetime.now().isoformat(), "pending"]],
    }
    return uid


def finish(uid):
    def change(data):
        record = data[identifier][""][uid]
        record["status"] = "done"
        record["files"]["by"] = f"python-{os.getpid()}"
        record["timestamp_status_lst"].append([datetime.now().isoformat(), "done"])

    return change


print("ready", flush=True)
for _ in range(count):
    uid = locked(allocate)
    print(uid, flush=True)
    locked(finish(uid))
    print(uid, "done", flush=True)
