"""What the lints share: the files to look at, C++ text without comments and strings, function bodies, reports.

Must not need anything but Python's own library.
"""
import argparse
import bisect
import re
import subprocess
import sys
from pathlib import Path

CXX = {".cpp", ".hpp"}


def arguments(doc):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent,
                        help="the tree to look at (default: this one)")
    return parser.parse_args()


def cxx_files(root, *folders):
    """The C++ files below the given folders, sorted."""
    return sorted(p for folder in folders for p in (root / folder).rglob("*") if p.suffix in CXX and p.is_file())


def tracked_files(root):
    """Every file that belongs to the project: what git tracks, or all but the build in an unpacked archive."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return sorted(p for p in (root / name for name in listed.stdout.split("\0") if name) if p.is_file())
    return sorted(p for p in root.rglob("*") if p.is_file() and "build" not in p.relative_to(root).parts[:1])


class Report:
    """Collects findings; the exit status says whether there are any."""

    def __init__(self, name, root):
        self.name, self.root, self.findings = name, root, []

    def add(self, path, line, text):
        self.findings.append(f"{path.relative_to(self.root)}:{line}: {text}")

    def finish(self, looked_at):
        for finding in self.findings:
            print(finding)
        verdict = f"{len(self.findings)} findings" if self.findings else "ok"
        print(f"{self.name}: {verdict} ({looked_at})")
        sys.exit(1 if self.findings else 0)


_TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|(?:u8|[uUL])?R"(?P<tag>[^()\\ \n]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f'])'(?:\\.|[^'\\\n])+'", re.S)


def code_only(text):
    """`text` with comments, strings and characters blanked; every line stays where it is."""
    def blank(match):
        found = match.group(0)
        if found.startswith("/"):
            return re.sub(r"[^\n]", " ", found)
        return '"' + re.sub(r"[^\n]", " ", found[1:-1]) + '"'
    return _TOKENS.sub(blank, text)


def without_directives(code):
    """`code` with preprocessor lines (and what they continue) blanked."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M)


class Lines:
    """From an offset to a line number."""

    def __init__(self, text):
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]

    def at(self, offset):
        return bisect.bisect_right(self.starts, offset)


class Function:
    """A function with a body: `header` is its text from the end of what came before to the brace."""

    def __init__(self, header, start, open_brace):
        self.header, self.start, self.open_brace, self.close_brace = header, start, open_brace, open_brace


def functions(code):
    """The functions that `code` (without comments, strings and directives) defines, in order."""
    found, stack, parens, start = [], [], 0, 0

    def scope_of(header):
        inside = stack[-1][0] if stack else "namespace"
        if inside not in ("namespace", "class"):
            return "block"
        if re.search(r"\b(namespace|extern)\b", header):
            return "namespace"
        plain = re.sub(r"operator\s*(?:\(\s*\)|[^\w\s(]+)", "operator", header)
        while "(" in plain and plain != (plain := re.sub(r"\([^()]*\)", "@", plain)):
            pass
        while "<" in plain and plain != (plain := re.sub(r"<[^<>]*>", "", plain)):
            pass
        if re.search(r"\b(class|struct|union|enum)\b(?!.*@)", re.sub(r"\balignas\s*@", "", plain), re.S):
            return "class"
        return "function" if "@" in plain and "=" not in plain else "block"

    for match in re.finditer(r"[{}();]", code):
        char, at = match.group(0), match.start()
        if char == "(":
            parens += 1
        elif char == ")":
            parens -= 1
        elif char == "{":
            header = code[start:at]
            member_init = re.search(r"\)\s*(?:noexcept\s*)?:[^:].*[\w>]\s*$", header, re.S) is not None
            kind = "block" if parens else "initializer" if member_init else scope_of(header)
            if kind == "function":
                begin = start + len(header) - len(header.lstrip())
                found.append(Function(header.strip(), begin, at))
            stack.append((kind, found[-1] if kind == "function" else None, parens))
            if kind != "initializer" and not parens:
                start = at + 1
        elif char == "}":
            kind, function, depth = stack.pop() if stack else ("block", None, 0)
            if function:
                function.close_brace = at
            parens = depth
            if kind != "initializer" and not parens:
                start = at + 1
        elif not parens:
            start = at + 1
    return found
