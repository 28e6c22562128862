"""Facts of a worker's surroundings that may change a result, read before and after the work; the same as Node's."""

import os
import platform
import re
from pathlib import Path

_VARIABLES = (
    "OMP_NUM_THREADS", "OMP_PROC_BIND", "OMP_WAIT_POLICY", "KMP_AFFINITY", "KMP_BLOCKTIME", "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "CUDA_VISIBLE_DEVICES", "PYTHONHASHSEED", "LD_PRELOAD",
    "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "GLIBC_TUNABLES", "LANG", "LC_ALL", "TZ",
)  # fmt: skip
_FILES = {
    "cpu governor": "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
    "cpu boost": "/sys/devices/system/cpu/cpufreq/boost",
    "transparent huge pages": "/sys/kernel/mm/transparent_hugepage/enabled",
    "cgroup cpu limit": "/sys/fs/cgroup/cpu.max",
    "cgroup memory limit": "/sys/fs/cgroup/memory.max",
}


def environment_facts() -> dict[str, str]:
    """Facts by name; one that is not to be had here is left out."""
    facts = {"python": platform.python_version()}
    facts |= {name: value for name in _VARIABLES if (value := os.environ.get(name)) is not None}
    facts |= {name: text for name, path in _FILES.items() if (text := _text(path).strip())}
    allowed = re.search(r"^Cpus_allowed_list:\s*(\S+)$", _text("/proc/self/status"), re.MULTILINE)
    if allowed:
        facts["cpus allowed"] = allowed[1]
    return facts


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
