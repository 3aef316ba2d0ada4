"""Writes a ledger with the original itself. Arguments: ledger, identifier, number of runs. Says what ledger_writer.py says."""
import os
import sys
from pathlib import Path

from pycaddy.ledger import Ledger, Status

path, identifier, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
ledger = Ledger(path)
print("ready", flush=True)
for _ in range(count):
    uid = ledger.allocate(identifier)
    print(uid, flush=True)
    ledger.log(identifier, uid, status=Status.DONE, path_dict={"by": Path(f"python-{os.getpid()}")})
    print(uid, "done", flush=True)
