"""What the server's processes hold in memory, and whether the machine is idle, from /proc.

Counted are private pages, mapped files by their share, and dynamic shared memory once. The server's
fixed shared memory is not: it is there before and after, and which of its pages a process has touched
says nothing.
"""

import os
import re
import threading
import time

INTERVAL = 0.02  # seconds between two samples


def busy(interval=1):
    """The share of the machine's time, 0 to 1, that others take while this process waits."""
    before = processor_times()
    time.sleep(interval)
    idle, total = (after - earlier for earlier, after in zip(before, processor_times()))
    return 1 - idle / max(total, 1)


def processor_times():
    with open("/proc/stat", encoding="ascii") as file:
        ticks = list(map(int, file.readline().split()[1:]))
    return ticks[3] + ticks[4], sum(ticks[:8])


def postmaster_of(connection):
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        with open(os.path.join(cursor.fetchone()[0], "postmaster.pid"), encoding="ascii") as file:
            return int(file.readline())


def children(parent):
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
        return [parent, *map(int, file.read().split())]


def memory(postmaster):
    """Bytes held by the server's processes."""
    total = 0
    segments = {}
    for process in children(postmaster):
        try:
            with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
                figures = dict(re.findall(r"^(Pss_Anon|Pss_File): +(\d+) kB", file.read(), re.M))
            with open(f"/proc/{process}/maps", encoding="utf-8") as file:
                names = set(re.findall(r"/dev/shm/PostgreSQL\.\d+", file.read()))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        total += sum(map(int, figures.values())) * 1024
        for name in names - segments.keys():
            try:
                segments[name] = os.stat(name).st_blocks * 512
            except FileNotFoundError:
                pass
    return total + sum(segments.values())


class Peak:
    """The most that the server holds during a with block, over what it held before."""

    def __init__(self, connection):
        self.postmaster = postmaster_of(connection)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.stopping.is_set():
            self.peak = max(self.peak, memory(self.postmaster))
            time.sleep(INTERVAL)

    def __enter__(self):
        self.idle = self.peak = memory(self.postmaster)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.stopping.set()
        self.thread.join()

    def over_idle(self):
        return self.peak - self.idle
