"""One line for each case, and the sums."""
import sys
import threading

SKIPPED = 77
LONGEST = 6000  # of the evidence for one failure, in characters


class Report:
    def __init__(self, peer, verbose=False):
        self.peer, self.verbose = peer, verbose
        self.passed, self.failed, self.skipped = 0, 0, 0
        self._guard = threading.Lock()

    def add(self, name, problem=None, skipped=None, took=0.0):
        with self._guard:
            if problem is not None:
                self.failed += 1
                print(f"FAIL     {self.peer}: {name}")
                problem = problem if len(problem) < LONGEST else problem[:LONGEST] + "\n[cut]"
                print("           " + problem.strip().replace("\n", "\n           "))
            elif skipped is not None:
                self.skipped += 1
                print(f"skipped  {self.peer}: {name} ({skipped})")
            else:
                self.passed += 1
                print(f"ok       {self.peer}: {name}" + (f"  [{took:.2f} s]" if self.verbose else ""))
            sys.stdout.flush()


def table(reports):
    """Lines: peer, passed, failed, skipped, version."""
    rows = [("peer", "passed", "failed", "skipped", "")]
    rows += [(r.peer, str(r.passed), str(r.failed), str(r.skipped), version) for r, version in reports]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = ["  ".join([row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in (1, 2, 3)), row[4]]).rstrip()
             for row in rows]
    sums = [sum(getattr(r, what) for r, _ in reports) for what in ("passed", "failed", "skipped")]
    return "\n".join([*lines, "", "{} passed, {} failed, {} skipped".format(*sums)])
