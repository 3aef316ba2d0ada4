"""Counts a book from its raw files alone, to be held against what its pages say: python3 bench/count.py <book>"""
import collections, json, pathlib, sys

root = pathlib.Path(sys.argv[1])
lines = [(json.loads(line), line) for log in sorted((root / "snapshots").glob("action_log*.jsonl")) for line in log.open(encoding="utf-8")]
first, last, kinds = {}, {}, {}
for line, text in lines:
    key = line["action"].get("id") or text  # only an exact repeat is the same action: snapshot ids may meet
    first.setdefault(key, line)
    last[key], kinds[key] = line["action"].get("status"), line["action"]["type"]
ledgers = [json.loads(path.read_text(encoding="utf-8")) for path in root.glob("results/metadata.json")]
ledger = [run["status"] for file in ledgers for stage in file.values() for grid in stage.values() for run in grid.values()]
points = [(path, name) for path in root.rglob("results/**/*_metrics.jsonl") for line in path.open(encoding="utf-8") for name in json.loads(line) if name != "step"]
count = lambda values: dict(collections.Counter(values))
print(json.dumps({
    "lines": len(lines), "actions": len(first), "words": count(last.values()),
    "types": count(kinds.values()),
    "days": count(line["timestamp"][:10] for line in first.values()),
    "snapshots": len([*(root / "snapshots").glob("periodic_*.json")]),
    "runs": len(ledger), "runWords": count(ledger), "series": len(set(points)), "points": len(points)}))
