"""Writes a hash-locked requirement file: `python make_lock.py ENGINE VERSION_SET ACCELERATOR [options]`.

Resolves `locks/ENGINE/VERSION_SET/requirements.in` with uv (`requirements-cuda.in` where there is one and CUDA is asked
for), measures what a machine downloads and what it then holds, and writes `ACCELERATOR-pyMINOR.txt` beside it. uv must
be on the path; the Python that runs this is the one locked for.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCKS = Path(__file__).parent / "locks"


def main() -> None:
    """Resolves, measures, writes."""
    arguments = parse_arguments()
    folder = LOCKS / arguments.engine / arguments.version_set
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    target = folder / f"{arguments.accelerator}-py{minor.replace('.', '')}.txt"
    links = [f"--find-links={arguments.find_links}"] if arguments.find_links else []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        requirements = scratch / "requirements.in"
        requirements.write_text(for_accelerator(folder, arguments.accelerator))
        constraints = [f"--constraint={arguments.constraint}"] if arguments.constraint else []
        lock = scratch / "lock.txt"
        run("uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate",
            *links, *constraints, f"--python-version={minor}", f"--output-file={lock}", str(requirements))  # fmt: skip
        drop(lock, arguments.without)
        sizes = [] if arguments.unmeasured else measure(scratch, lock, links)
        lock_text = "".join(f"# {line}\n" for line in ["Written by python/make_lock.py.", *sizes]) + lock.read_text()
        target.write_text(lock_text)
    print(target, *sizes, sep="\n")


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine")
    parser.add_argument("version_set")
    parser.add_argument("accelerator", choices=["cpu", "cuda"])
    parser.add_argument("--find-links", help="folder that holds the CPU build of torch")
    parser.add_argument("--constraint", help="file of versions that are known to work together")
    parser.add_argument("--without", nargs="*", default=[], help="packages that are declared but not needed")
    parser.add_argument("--unmeasured", action="store_true", help="leave the sizes out: they take a full download")
    return parser.parse_args()


def for_accelerator(folder: Path, accelerator: str) -> str:
    """The requirements. Torch's CPU build has a version of its own, `2.13.0+cpu`: a lock can only mean that build."""
    own = folder / f"requirements-{accelerator}.in"
    requirements = (own if own.exists() else folder / "requirements.in").read_text()
    if accelerator == "cuda":
        return requirements
    return re.sub(r"^(torch==[\d.]+)$", r"\1+cpu", requirements, flags=re.MULTILINE)


def drop(lock: Path, packages: list[str]) -> None:
    """Takes packages out of a lock; what is installed from it resolves nothing."""
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)
    lock.write_text("".join(entry for entry in entries if entry.split("==")[0] not in packages))


def measure(scratch: Path, lock: Path, links: list[str]) -> list[str]:
    """Bytes of the files that this machine downloads, and of the environment that they become."""
    downloads, environment = scratch / "downloads", scratch / "environment"
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", *links,
        f"--dest={downloads}", f"--requirement={lock}")  # fmt: skip
    run(sys.executable, "-m", "venv", str(environment))
    # The index stays: what is built from source needs its build tools from there.
    run(str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes",
        f"--find-links={downloads}", f"--requirement={lock}")  # fmt: skip
    return [f"download-bytes: {tree_bytes(downloads)}", f"installed-bytes: {tree_bytes(environment)}"]


def tree_bytes(folder: Path) -> int:
    """Bytes of all files, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def run(*command: str) -> None:
    """Runs, or ends this program with the command's own words."""
    environment = {key: value for key, value in os.environ.items() if key != "PIP_CONSTRAINT"}
    if subprocess.run(command, check=False, env=environment).returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
