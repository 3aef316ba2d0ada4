"""Who records and where: host, process, CI, commit and branch, from the environment and git's own files."""

from __future__ import annotations

import contextlib
import os
import re
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._book import told
from ._files import host_name

_CI: List[Tuple[str, str, Callable[[Any], Optional[str]]]] = [
    (
        "github-actions",
        "GITHUB_ACTIONS",
        lambda env: f"{env['GITHUB_SERVER_URL']}/{env['GITHUB_REPOSITORY']}/actions/runs/{env['GITHUB_RUN_ID']}",
    ),
    ("gitlab-ci", "GITLAB_CI", lambda env: env.get("CI_JOB_URL") or env.get("CI_PIPELINE_URL")),
    ("woodpecker", "CI_PIPELINE_FORGE_URL", lambda env: env.get("CI_PIPELINE_URL")),
    ("circleci", "CIRCLECI", lambda env: env.get("CIRCLE_BUILD_URL")),
    ("buildkite", "BUILDKITE", lambda env: env.get("BUILDKITE_BUILD_URL")),
    ("jenkins", "JENKINS_URL", lambda env: env.get("BUILD_URL")),
    ("travis-ci", "TRAVIS", lambda env: env.get("TRAVIS_BUILD_WEB_URL")),
    ("drone", "DRONE", lambda env: env.get("DRONE_BUILD_LINK")),
    (
        "azure-pipelines",
        "TF_BUILD",
        lambda env: f"{env['SYSTEM_COLLECTIONURI']}{env['SYSTEM_TEAMPROJECT']}/_build/results?buildId={env['BUILD_BUILDID']}",
    ),
]


_sources: Dict[str, Tuple[float, Dict[str, Any]]] = {}


def source_of(root: str) -> Dict[str, Any]:
    """Who records and where: host, process, CI provider with the address of its run, commit and branch; found out once a second."""
    known = _sources.get(root)
    if known is not None and time.monotonic() - known[0] < 1 and known[1]["pid"] == os.getpid():
        return dict(known[1])
    source: Dict[str, Any] = {"host": host_name(), "pid": os.getpid(), **_ci_source()}
    around = told(root, "DAYBOOK_ACTION")
    if around is not None:
        source["action"] = around[:200]
    with contextlib.suppress(OSError, ValueError):
        source.update(_read_head(root))
    _sources[root] = (time.monotonic(), source)
    return dict(source)


def _ci_source() -> Dict[str, Any]:
    env = os.environ
    for name, mark, address in _CI:
        if not env.get(mark):
            continue
        source = {"ci": name}
        with contextlib.suppress(KeyError):
            url = address(env)
            if url and re.match(r"https?://", url):
                source["url"] = url
        return source
    return {"ci": "unknown"} if env.get("CI") and env["CI"] != "false" else {}


def _read_head(start: str) -> Dict[str, str]:
    folder = _git_folder(start)
    head = None if folder is None else _read_text(os.path.join(folder, "HEAD"))
    if folder is None or head is None:
        return {}
    branch = re.match(r"ref: refs/heads/(.+)\Z", head)
    commit = head if branch is None else _commit_of(folder, f"refs/heads/{branch.group(1)}")
    found: Dict[str, str] = {}
    if commit is not None and re.match(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z", commit):
        found["commit"] = commit
    if branch is not None:
        found["branch"] = branch.group(1)
    return found


def _git_folder(start: str) -> Optional[str]:
    folder = os.path.abspath(start)
    while True:
        path = os.path.join(folder, ".git")
        if os.path.isdir(path):
            return path
        if os.path.isfile(path):
            target = re.search(r"^gitdir: (.+)$", _read_text(path) or "", re.M)
            return None if target is None else os.path.normpath(os.path.join(folder, target.group(1)))
        if os.path.dirname(folder) == folder:
            return None
        folder = os.path.dirname(folder)


def _commit_of(folder: str, ref: str) -> Optional[str]:
    common = _read_text(os.path.join(folder, "commondir"))
    base = folder if common is None else os.path.normpath(os.path.join(folder, common))
    loose = _read_text(os.path.join(folder, ref)) or _read_text(os.path.join(base, ref))
    if loose is not None:
        return loose
    for line in (_read_text(os.path.join(base, "packed-refs")) or "").split("\n"):
        if line.endswith(f" {ref}"):
            return line[: -len(ref) - 1]
    return None


def _read_text(path: str) -> Optional[str]:
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().strip()
