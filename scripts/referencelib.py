"""References from documents into the tree: `file#name` below src/, `program#Suite.Case` of the tests, `ctest -R program`.

Must not need anything but Python's own library.
"""
import functools
import re
from pathlib import Path

from lintlib import code_only

_REFERENCE = re.compile(r"`([\w./-]+)#([\w:.]+)`|`ctest -R (\w+)`")


def references(text):
    """(place, name) of each reference in `text`; for a program of which no case is named, (program, None)."""
    return [(m.group(1) or m.group(3), m.group(2)) for m in _REFERENCE.finditer(text)]


def is_source(place):
    return "/" in place


class Tree:
    """What references may name."""

    def __init__(self, root):
        self.root = root
        self.programs = {}  # name of the test: the files it is made of; nothing for scripts and checks
        for path in sorted((root / "tests").rglob("CMakeLists.txt")):
            text = re.sub(r"#[^\n]*", "", path.read_text())
            for program, arguments in re.findall(r"handfast_test\((\w+)([^)]*)\)", text):
                self.programs[program] = self._sources(path.parent, arguments)
            for program in re.findall(r"add_test\(\s*NAME\s+([\w${}]+)", text):
                self.programs.setdefault(program, [])

    @staticmethod
    def _sources(folder, arguments):
        listed = arguments.split("SOURCES", 1)[-1].split()
        if any("${" in name for name in listed):
            return sorted(folder.glob("*_test.cpp"))
        return [folder / name for name in listed]

    @functools.cache
    def cases(self, program):
        text = "\n".join(p.read_text() for p in self.programs[program] if p.is_file())
        return {f"{suite}.{case}" for suite, case in re.findall(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", text)}

    @functools.cache
    def _code(self, path):
        return code_only(path.read_text())

    def _knows(self, program):
        return any(re.fullmatch(re.sub(r"\$\{\w+\}", r"\\w+", known), program) for known in self.programs)

    def complaint(self, place, name):
        """What is wrong with a reference, or nothing."""
        if is_source(place):
            path = Path(self.root / "src" / place)
            if not path.is_file():
                return f"there is no src/{place}"
            last = name.split("::")[-1]
            return None if re.search(rf"\b{re.escape(last)}\b", self._code(path)) else f"src/{place} has no {name}"
        if not self._knows(place):
            return f"there is no test {place}"
        if name is None or name in self.cases(place):
            return None
        return f"{place} has no case {name}"
