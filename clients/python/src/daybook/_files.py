"""Files put in place whole, this process as others know it, and the lock that writers of one file take turns at."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import re
import socket
import stat
import time
from typing import Any, Iterator, List, Optional, Tuple

_counter = itertools.count(1)
_PATIENCE = 20.0


def host_name() -> str:
    """The name of this machine."""
    return socket.gethostname()


def process_start(pid: int) -> Optional[str]:
    """When a process began, in the host's own words: its boot and the tick within it; None where the system does not say."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            fields = file.read().rpartition(") ")[2].split(" ")
        if fields[0] in ("Z", "X"):
            return None
        with open("/proc/sys/kernel/random/boot_id", encoding="latin-1") as file:
            return f"{file.read().strip()}:{fields[19]}"
    except (OSError, IndexError):
        return None


def is_running(pid: int, start: Any) -> bool:
    """Whether the process that began then still runs; where the system does not say, it is taken for gone."""
    return start is not None and process_start(pid) == start


def _place_name() -> str:
    """The machine and the container of it, in which the number of a process counts."""
    host = re.sub(r"[^A-Za-z0-9.]", "_", host_name())[:40]
    try:
        return f"{host}_{re.sub(r'[^0-9]', '', os.readlink('/proc/self/ns/pid')) or 0}"
    except OSError:
        return f"{host}_0"


def temporary_path(path: str) -> str:
    """A name beside a path for a file that is not finished yet; it says whose it is, and doctor knows such names."""
    start = (process_start(os.getpid()) or ":0").rpartition(":")[2]
    name = re.sub(rb"[^ -~]", b"_", os.fsencode(os.path.basename(path)))[:100].decode("ascii")
    mark = f".daybook-tmp-{_place_name()}-{os.getpid()}-{start}-{next(_counter)}-{name}"
    return os.path.join(os.path.dirname(path), mark)


def write_whole(path: str, data: bytes) -> None:
    """Temporary file in the same folder, write, flush, rename, flush the folder: a reader sees the old content or the new."""
    refuse_obstacle(path)
    temporary = temporary_path(path)
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        flush_folder(os.path.dirname(path) or ".")
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def flush_folder(folder: str) -> None:
    """Makes a rename survive a power cut; systems that cannot flush folders are left alone."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def refuse_obstacle(path: str) -> None:
    """Makes sure that a path is free or a regular file, and that no link leads out of the folder around it."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        target = os.path.realpath(path)
        folder = os.path.dirname(os.path.abspath(path))
        homes = [os.path.realpath(folder), os.path.realpath(os.path.dirname(folder))]
        if not any(target == home or target.startswith(home.rstrip(os.sep) + os.sep) for home in homes):
            raise OSError(f"expected a regular file at {path}, found a link that leads out of the book")
        found = os.stat(target)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(f"expected a regular file at {path}, found something else")


@contextlib.contextmanager
def file_lock(root: str, kind: str, file: str) -> Iterator[None]:
    """
    Holds the lock of one file of the book, the one that the command takes, too: one of the system's on an empty database
    in .daybook/. It ends with its holder, however that ends, and never by time. Work that is only recorded must not wait for
    ever for a holder that was stopped: after a while that is an OSError.
    """
    connection = _open_lock(root, kind, file)
    if connection is None:
        yield
        return
    try:
        import sqlite3

        started = time.monotonic()
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise OSError(f"the lock of {file} cannot be taken: {error}") from error
            waited = time.monotonic() - started
            if waited > _PATIENCE:
                raise OSError(f"another process has been changing {file} for {_PATIENCE:.0f} seconds")
            time.sleep(0.001 + (next(_counter) % 16) / 16 * min(0.03, 0.002 + waited / 4))
        yield
    finally:
        connection.close()


def _open_lock(root: str, kind: str, file: str) -> Optional[Any]:
    try:
        import sqlite3
    except ImportError:  # a Python without it: one writer at a time is safe all the same
        return None
    folder = os.path.join(cache_folder(root), "locks")
    os.makedirs(folder, exist_ok=True)
    digest = hashlib.sha256(file.encode("utf-8", "surrogateescape")).hexdigest()
    try:
        return sqlite3.connect(
            os.path.join(folder, f"{kind}-{digest[:3]}.db"), timeout=0, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise OSError(f"the lock of {file} cannot be opened: {error}") from error


def cache_folder(root: str) -> str:
    """The folder for what may be thrown away and made again; git ignores it."""
    folder = os.path.join(root, ".daybook")
    ignore = os.path.join(folder, ".gitignore")
    if not os.path.exists(ignore):
        os.makedirs(folder, exist_ok=True)
        with open(ignore, "w", encoding="utf-8") as out:
            out.write("*\n")
    return folder


def digest_of(path: str) -> Tuple[int, str]:
    """Size and digest of a file or folder as receipts have it (docs/formats.md, "How data is digested")."""
    if not os.path.isdir(path):
        return _digest_file(path)
    entries: List[Tuple[bytes, str]] = []
    size = 0
    for folder, names, files in os.walk(path):
        names[:] = [name for name in names if name != ".daybook" and not os.path.islink(os.path.join(folder, name))]
        for name in files:
            full = os.path.join(folder, name)
            if not os.path.isfile(full):
                continue
            way = os.path.relpath(full, path).replace(os.sep, "/")
            length, digest = _digest_file(full)
            size += length
            entries.append((os.fsencode(way), digest[7:]))
    whole = hashlib.sha256()
    for way_bytes, hexadecimal in sorted(entries):
        whole.update(hexadecimal.encode("ascii") + b"  " + way_bytes + b"\0")
    return size, f"sha256:{whole.hexdigest()}"


def _digest_file(path: str) -> Tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
    return size, f"sha256:{digest.hexdigest()}"
