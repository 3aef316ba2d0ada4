"""What the original's create_snapshot does, step by step: data and metadata in files of their own, then the whole
registry again. Arguments: folder, versions to have before, versions to time. Prints milliseconds per timed version."""
import hashlib, json, os, sys, time, uuid
from datetime import datetime, timezone

folder, before, timed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
document = json.load(open(sys.argv[4]))
os.makedirs(os.path.join(folder, "data"), exist_ok=True)
os.makedirs(os.path.join(folder, "metadata"), exist_ok=True)
registry = {}


def create(data):
    version = f"v{time.time():.0f}-{uuid.uuid4().hex[:8]}"
    metadata = {
        "version": version,
        "created_at": datetime.now(timezone.utc).isoformat(),
        "tags": [],
        "description": "",
        "user_info": {},
        "checksum": hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest(),
        "size_bytes": sys.getsizeof(data),
        "entry_count": len(data),
    }
    path = os.path.join(folder, "data", version + ".data")
    with open(path + ".tmp", "w") as file:
        json.dump(data, file)
    os.replace(path + ".tmp", path)
    with open(os.path.join(folder, "metadata", version + ".json"), "w") as file:
        json.dump(metadata, file, indent=2)
    registry[version] = metadata
    path = os.path.join(folder, "registry.json")
    with open(path + ".tmp", "w") as file:
        json.dump({"snapshots": dict(registry)}, file, indent=2)
    os.replace(path + ".tmp", path)


for _ in range(before):
    registry[f"v{time.time():.0f}-{uuid.uuid4().hex[:8]}"] = {
        "version": f"v{time.time():.0f}-{uuid.uuid4().hex[:8]}",
        "created_at": datetime.now(timezone.utc).isoformat(),
        "tags": [],
        "description": "",
        "user_info": {},
        "checksum": "0" * 64,
        "size_bytes": 6000,
        "entry_count": 2,
    }
start = time.perf_counter()
for _ in range(timed):
    create(document)
print((time.perf_counter() - start) * 1000 / timed)
