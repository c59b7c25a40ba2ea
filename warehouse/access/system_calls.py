"""What a query's process may still ask of the kernel: memory, time, and reading and answering
through what it holds open. No file, no socket, no process, no signal to another one.

A query can make DuckDB's native code go wrong on purpose (a serialized plan can hold an address,
and functions exist that call it), so from the moment the connection stands the process is
confined from outside, by the kernel: seccomp, for all of its threads, for good.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

__all__ = ["allow_reading_and_answering_only"]

#: System call → its number on x86_64, and in the table that newer architectures share.
_ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "pread64": (17, 67),
    "sendto": (44, 206),
    "close": (3, 57),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "lseek": (8, 62),
    "poll": (7, None),
    "ppoll": (271, 73),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "brk": (12, 214),
    "futex": (202, 98),
    "membarrier": (324, 283),
    "rseq": (334, 293),
    "set_robust_list": (273, 99),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "restart_syscall": (219, 128),
    "sigaltstack": (131, 132),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
#: Machine → the kernel's word for it, its column above, and the number of seccomp(2).
_MACHINES = {
    "x86_64": (0xC000003E, 0, 317),
    "aarch64": (0xC00000B7, 1, 277),
    "riscv64": (0xC00000F3, 1, 277),
    "loongarch64": (0xC0000102, 1, 277),
}

_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL_PROCESS, _REFUSE, _ALLOW = 0x80000000, 0x00050000 | 1, 0x7FFF0000  # refuse: EPERM
_NUMBER, _MACHINE = 0, 4  # places in what the kernel shows of a call
_SET_FILTER, _ALL_THREADS = 1, 1


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def allow_reading_and_answering_only() -> None:
    """Confine this process and all of its threads. There is no way back.

    Raises `OSError` where the kernel or the machine does not offer it: no query runs there.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(f"no system call table for {platform.machine()}")
    audited, column, seccomp = machine
    numbers = [row[column] for row in _ALLOWED.values() if row[column] is not None]
    program = _program(audited, numbers)
    libc = ctypes.CDLL(None, use_errno=True)
    given = _Program(len(program) // 8, program)
    if libc.syscall(seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(given)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _program(audited: int, numbers: list[int]) -> bytes:
    """Berkeley packet filter: another machine's call kills, a listed one passes, the rest is
    refused."""
    lines = [
        (_LOAD, 0, 0, _MACHINE),
        (_JUMP_EQUAL, 1, 0, audited),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    for place, number in enumerate(numbers):
        lines.append((_JUMP_EQUAL, len(numbers) - place, 0, number))
    lines += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
