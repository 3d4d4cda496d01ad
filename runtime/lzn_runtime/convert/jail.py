"""What a process may do while it reads a file from a stranger: read, compute, write one file.

No network and no other files: by an empty network namespace where the system grants one, by limits
of the system, and by an audit hook that ends the process at the first attempt at anything else.
"""

import contextlib
import ctypes
import os
import sys

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_ALLOWED = frozenset({"pickle.find_class", "object.__getattr__", "sys._getframe"})
BROKEN_OUT = 13
"""Exit code of a process that tried what it may not."""


def leave_network() -> None:
    """Give up network and new privileges as far as the system lets us, before any thread starts."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # refused in many containers; the hook remains


def limit(*, memory: int, seconds: int, file_size: int) -> None:
    """Bound address space, processor time, written files; no processes, no core dump."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    if hasattr(resource, "RLIMIT_NPROC"):
        wanted[resource.RLIMIT_NPROC] = 0
    for which, most in wanted.items():
        hard = resource.getrlimit(which)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (bound, bound))


def lock() -> None:
    """End the process at the first event that is not known to be harmless. There is no way back."""

    def watch(event: str, _arguments: object) -> None:
        if event not in _ALLOWED:
            os.write(2, f"attempt: {event}\n".encode())
            os._exit(BROKEN_OUT)

    sys.addaudithook(watch)
