"""Counts a book from its raw files alone, to be held against what its pages say: python3 bench/count.py <book>"""
import collections, json, pathlib, sys

root, Counter = pathlib.Path(sys.argv[1]), collections.Counter
lines, broken, texts, first, last, kinds = 0, 0, set(), {}, {}, {}
for text in (text for log in sorted((root / "snapshots").glob("action_log*.jsonl")) for text in log.open(encoding="utf-8")):
    lines += 1
    texts.add(hash(text))
    try:
        line = json.loads(text)
    except ValueError:
        broken += 1
        continue
    key = line["action"].get("id") or hash(text)  # only an exact repeat is the same action: snapshot ids may meet
    first.setdefault(key, line["timestamp"][:10])
    last[key], kinds[key] = (line["action"].get("status"), line.get("run")), line["action"]["type"]

ledgers = [json.loads(path.read_text(encoding="utf-8")) for path in root.glob("results/metadata.json")]
runs = [run for file in ledgers for stage in file.values() for grid in stage.values() for run in grid.values()]
files = [name for run in runs for name in run["files"].values()]
lengths, series, least, most = Counter(), 0, {}, {}
for path in root.rglob("results/**/*_metrics.jsonl"):
    counted = Counter()
    for name, value in (pair for line in path.open(encoding="utf-8") for pair in json.loads(line).items() if pair[0] != "step"):
        counted[name] += 1
        least[name], most[name] = min(value, least.get(name, value)), max(value, most.get(name, value))
    series += len(counted)
    lengths.update(counted.values())

versions = [json.loads(path.read_text(encoding="utf-8")) for path in (root / "snapshots/store/metadata").glob("*.json")]
print(json.dumps({
    "lines": lines, "repeated": lines - len(texts), "broken": broken, "actions": len(first),
    "words": Counter(status for status, _ in last.values()), "types": Counter(kinds.values()), "days": Counter(first.values()),
    "named": Counter(run for _, run in last.values() if run), "snapshots": len([*(root / "snapshots").glob("periodic_*.json")]),
    "runs": len(runs), "runWords": Counter(run["status"] for run in runs), "missing": sum(not (root / name).exists() for name in files),
    "series": series, "points": sum(size * number for size, number in lengths.items()), "lengths": lengths,
    "extremes": {name: [least[name], most[name]] for name in least},
    "versions": len(versions), "tags": Counter(tag for version in versions for tag in version["tags"])}))
