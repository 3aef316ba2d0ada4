"""Barrot's snapshots: `from daybook.barrot import BarrotSnapshotGenerator, SnapshotViewer`."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from ._actions import write_action
from ._book import book_root
from ._command import DaybookError, call
from ._files import write_whole
from ._text import plain, write_document

__all__ = ["BarrotSnapshotGenerator", "SnapshotViewer", "generator_main", "viewer_main"]


def _folder(base_dir: Any) -> Path:
    return Path(book_root() if base_dir is None else base_dir).absolute()


class BarrotSnapshotGenerator:
    """Records actions and takes periodic snapshots."""

    def __init__(self, base_dir: Any = None) -> None:
        self.base_dir = _folder(base_dir)
        self.snapshots_dir = self.base_dir / "snapshots"
        self.memory_bundles_dir = self.base_dir / "memory-bundles"
        self.snapshots_dir.mkdir(exist_ok=True)

    def generate_action_snapshot(
        self, action_type: str, action_details: Any, status: str = "executing"
    ) -> Tuple[str, Dict[str, Any]]:
        """Records an action, in the log and in a file of its own as the original does; returns its id and all of it."""
        line, is_kept = write_action(action_type, status, action_details, book=self.base_dir)
        id = str(line["snapshot_id"])
        if is_kept:
            try:
                write_whole(str(self.snapshots_dir / f"{id}.json"), write_document(line))
            except OSError:
                pass  # the log has it
        return id, line

    def generate_periodic_snapshot(self) -> Tuple[str, Dict[str, Any]]:
        """Takes a periodic snapshot with all probes, by the `daybook` command; returns its id and all of it."""
        snapshot: Dict[str, Any] = json.loads(call(["periodic", "--json", "--dir", str(self.base_dir)]))
        return str(snapshot["snapshot_id"]), snapshot

    def get_latest_snapshots(self, count: int = 10) -> List[Dict[str, Any]]:
        """The newest snapshots that have a file of their own."""
        newest = sorted(self._files(), key=lambda path: path.stat().st_mtime, reverse=True)
        return [found for found in (_read(path) for path in newest[:count]) if found is not None]

    def generate_snapshot_summary(self) -> Dict[str, Any]:
        """How many snapshots there are, actions of the log included, and when the newest were written."""
        actions: Dict[str, float] = {}
        periodic: Dict[str, float] = {}
        for path in self._files():
            kind = actions if path.name.startswith("action_") else periodic
            kind[path.stem] = path.stat().st_mtime
        for line in _log_lines(self.snapshots_dir):
            id, at = line.get("snapshot_id"), _seconds(line.get("timestamp"))
            if isinstance(id, str) and at is not None:
                actions.setdefault(id, at)
        return {
            "total_snapshots": len(actions) + len(periodic),
            "action_snapshots": len(actions),
            "periodic_snapshots": len(periodic),
            "latest_action": max(actions.values(), default=None),
            "latest_periodic": max(periodic.values(), default=None),
        }

    def _files(self) -> List[Path]:
        names = [path for path in self.snapshots_dir.glob("*.json") if path.name != "latest_periodic.json"]
        return [path for path in names if path.name.startswith(("action_", "periodic_"))]


class SnapshotViewer:
    """Prints what was recorded."""

    def __init__(self, base_dir: Any = None) -> None:
        self.base_dir = _folder(base_dir)
        self.snapshots_dir = self.base_dir / "snapshots"

    def view_latest_periodic(self) -> None:
        """Prints the newest periodic snapshot."""
        snapshot = _read(self.snapshots_dir / "latest_periodic.json")
        if snapshot is None:
            print("No periodic snapshot found yet.")
        else:
            self._display_snapshot(snapshot)

    def view_latest_actions(self, count: int = 10) -> None:
        """Prints the newest actions, newest first."""
        lines = list(_log_lines(self.snapshots_dir))
        if not lines:
            print("No action log found yet.")
            return
        recent = lines[-count:] if count > 0 else []
        print(f"\n{'=' * 80}\nLATEST {len(recent)} ACTIONS\n{'=' * 80}\n")
        for line in reversed(recent):
            self._display_action_summary(line)

    def view_all_snapshots(self) -> None:
        """Lists the files of all snapshots, newest first."""
        files = [path for path in self.snapshots_dir.glob("*.json") if path.name != "latest_periodic.json"]
        files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        print(f"\n{'=' * 80}\nALL SNAPSHOTS ({len(files)} total)\n{'=' * 80}\n")
        for path in files:
            stat = path.stat()
            print(f"📄 {path.name}\n   Modified: {datetime.fromtimestamp(stat.st_mtime)}\n   Size: {stat.st_size} bytes\n")

    def view_snapshot_by_id(self, snapshot_id: str) -> None:
        """Prints one snapshot; actions are found in the log, too."""
        snapshot = _read(self.snapshots_dir / f"{os.path.basename(snapshot_id)}.json")
        if snapshot is None:
            for line in _log_lines(self.snapshots_dir):
                if line.get("snapshot_id") == snapshot_id:
                    snapshot = line
        if snapshot is None:
            print(f"Snapshot not found: {snapshot_id}")
        else:
            self._display_snapshot(snapshot)

    def generate_dashboard_html(self, output_file: str = "snapshot_dashboard.html") -> Path:
        """Builds the dashboard with the `daybook` command, and a page under the original's name that leads to it."""
        call(["build", "--quiet", "--dir", str(self.base_dir)])
        path = self.base_dir / output_file
        target = os.path.relpath(self.base_dir / "dashboard" / "index.html", path.parent).replace(os.sep, "/")
        write_whole(str(path), _LEADS_TO.format(target=target).encode("utf-8"))
        print(f"Dashboard generated: {path}")
        return path

    def _display_snapshot(self, snapshot: Dict[str, Any]) -> None:
        print(f"\n{'=' * 80}\nSNAPSHOT: {snapshot.get('snapshot_id', 'UNKNOWN')}\n{'=' * 80}")
        print(f"Type: {snapshot.get('snapshot_type', 'UNKNOWN')}\nTimestamp: {snapshot.get('timestamp', 'UNKNOWN')}\n")
        action = snapshot.get("action")
        if snapshot.get("snapshot_type") == "action" and isinstance(action, dict):
            print("ACTION DETAILS:")
            print(f"  Type: {action.get('type', 'UNKNOWN')}\n  Status: {action.get('status', 'UNKNOWN')}")
            print(f"  Started: {action.get('started_at', 'UNKNOWN')}\n  Details:")
            _print_members(action.get("details"), "    ")
        else:
            for name in ("system_state", "build_state", "rail_status", "cognitive_state"):
                print(f"\n{name.replace('_', ' ').upper()}:")
                _print_members(snapshot.get(name), "  ")
            print("\nTASK PROGRESS:")
            progress = snapshot.get("task_progress")
            recent = progress.get("recent_activities") if isinstance(progress, dict) else None
            if isinstance(recent, list):
                print(f"  Recent activities ({len(recent)}):")
                for activity in recent[:5]:
                    print(f"    - {activity}")
        print(f"\n{'=' * 80}\n")

    def _display_action_summary(self, line: Dict[str, Any]) -> None:
        action = line.get("action")
        data: Dict[str, Any] = action if isinstance(action, dict) else {}
        icon = {"executing": "⏳", "completed": "✅", "failed": "❌"}.get(str(data.get("status")), "❓")
        print(f"{icon} {line.get('timestamp', 'UNKNOWN')}")
        print(f"   Type: {data.get('type', 'UNKNOWN')}\n   Status: {data.get('status', 'UNKNOWN')}")
        details = data.get("details")
        if isinstance(details, dict):
            for key, value in list(details.items())[:2]:
                print(f"   {key}: {value}")
        print()


_LEADS_TO = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="UTF-8"><title>Dashboard</title><meta http-equiv="refresh" content="0; url={target}"></head>
<body><p><a href="{target}">The dashboard</a></p></body>
</html>
"""


def _print_members(value: Any, indent: str) -> None:
    if not isinstance(value, dict):
        if value not in (None, [], ""):
            print(f"{indent}{value}")
        return
    for key, member in value.items():
        text = ", ".join(str(each) for each in member) if isinstance(member, list) else member
        print(f"{indent}{key}: {text}")


def _read(path: Path) -> Optional[Dict[str, Any]]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _log_lines(folder: Path) -> Iterator[Dict[str, Any]]:
    """The records of the log; what cannot be read is left out here, `daybook doctor` names it."""
    for path in sorted(folder.glob("action_log*.jsonl"), key=lambda path: (path.name == "action_log.jsonl", path.name)):
        with open(path, "rb") as file:
            for line in file:
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict):
                    yield found


def _seconds(timestamp: Any) -> Optional[float]:
    try:
        return datetime.fromisoformat(str(timestamp).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def generator_main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command line of snapshot_generator.py: `sys.exit(generator_main())` in a file of that name."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    usage = "Usage:\n  action <type> <details_json>\n  periodic\n  summary"
    if not words or words[0] in ("-h", "--help"):
        print(usage)
        return 0 if words else 1
    generator = BarrotSnapshotGenerator()
    if words[0] == "action" and len(words) > 2:
        try:
            details = json.loads(words[2])
        except ValueError:
            details = {"description": words[2]}
        id, snapshot = generator.generate_action_snapshot(words[1], details)
        _print_document(f"Generated action snapshot: {id}", plain(snapshot))
    elif words[0] == "periodic":
        try:
            id, snapshot = generator.generate_periodic_snapshot()
        except DaybookError as trouble:
            print(f"Error: {trouble}")
            return 1
        _print_document(f"Generated periodic snapshot: {id}", snapshot)
    elif words[0] == "summary":
        _print_document("Snapshot Summary:", generator.generate_snapshot_summary())
    else:
        print("Error: action command requires type and details" if words[0] == "action" else f"Unknown command: {words[0]}")
        return 1
    return 0


def _print_document(heading: str, document: Any) -> None:
    """The heading is for people: what goes into a pipe is JSON alone."""
    print(heading, file=sys.stdout if sys.stdout.isatty() else sys.stderr, flush=True)
    print(json.dumps(document, indent=2))


def viewer_main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command line of snapshot_viewer.py: `sys.exit(viewer_main())` in a file of that name."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    usage = "Usage:\n  latest\n  actions [N]\n  all\n  view <id>\n  dashboard"
    if not words or words[0] in ("-h", "--help"):
        print(usage)
        return 0 if words else 1
    viewer = SnapshotViewer()
    if words[0] == "latest":
        viewer.view_latest_periodic()
    elif words[0] == "actions":
        viewer.view_latest_actions(int(words[1]) if len(words) > 1 else 10)
    elif words[0] == "all":
        viewer.view_all_snapshots()
    elif words[0] == "view" and len(words) > 1:
        viewer.view_snapshot_by_id(words[1])
    elif words[0] == "dashboard":
        viewer.generate_dashboard_html()
    else:
        print("Error: view command requires snapshot ID" if words[0] == "view" else f"Unknown command: {words[0]}")
        return 1
    return 0
