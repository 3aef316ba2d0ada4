"""Hashes a folder the way FlexLock does: every file below it by its own task in four processes, then the sorted digests.

Argument: folder. Prints milliseconds of the first call in a process, which for a run is the only one, and which
libraries did it. With joblib and xxhash at hand it uses what the original uses; otherwise a stand-in that is cheaper:
CRC-32 in place of XXH64, and larger batches.
"""
import pathlib
import sys
import time
import zlib

try:
    import joblib
    import xxhash
except ImportError:
    joblib = None


def hash_file(path):
    digest = 0 if joblib is None else xxhash.xxh64()
    with open(path, "rb") as file:
        while chunk := file.read(65536):
            if joblib is None:
                digest = zlib.crc32(chunk, digest)
            else:
                digest.update(chunk)
    return f"{digest:016x}" if joblib is None else digest.hexdigest()


def hash_folder(folder, hash_all):
    files = sorted(path for path in pathlib.Path(folder).glob("**/*") if path.is_file())
    return "".join(sorted(hash_all([str(path) for path in files])))


if __name__ == "__main__":
    folder = sys.argv[1]
    if joblib is None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        start = time.perf_counter()
        with ProcessPoolExecutor(4, get_context("spawn")) as pool:
            hash_folder(folder, lambda paths: list(pool.map(hash_file, paths, chunksize=16)))
            spent = time.perf_counter() - start
        print(f"{spent * 1000:.1f} stand-in")
    else:
        start = time.perf_counter()
        run = joblib.Parallel(n_jobs=4)
        hash_folder(folder, lambda paths: run(joblib.delayed(hash_file)(path) for path in paths))
        spent = time.perf_counter() - start
        print(f"{spent * 1000:.1f} joblib and xxhash")
