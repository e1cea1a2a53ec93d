"""Become Asterisk: change root and user, then ask the kernel to die with the parent, then run the program.

Run as a script, by file name, in a process of its own: ``enter.py PARENT ROOT UID GID PROGRAM [WORD ...]`` where ROOT
``/`` and UID ``-1`` mean "stay". The order matters: a change of user clears the request, and old ``setpriv``
(Debian 11) refuses to work without /proc, which a bare root file system lacks.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""


def main(parent: int, root: str, uid: int, gid: int, words: list[str]) -> None:
    """Never returns. Raises OSError when a step is not allowed or the program is missing."""
    # We share the terminal's process group, but Ctrl-C is for the parent, who stops us in good order.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    libc = ctypes.CDLL(None, use_errno=True)  # loaded before the root changes
    if root != "/":
        os.chroot(root)
    os.chdir("/")
    if uid >= 0:
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(1)
    os.execv(words[0], words)  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
