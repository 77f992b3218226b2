"""The limits: reads data/limits.toml and the constants that it names, checks both, and renders docs/limits.md.

Must not need anything but Python's own library.
"""
import re
import tomllib

from referencelib import Tree, references

# A constant or a member with a value: `constexpr T kName = value;`, `T kName{value};`.
_DEFINITION = re.compile(
    r"^[ \t]*(?:(?:inline|static|constexpr) )*(?P<type>[\w:]+) (?P<name>\w+)(?: = (?P<value>[^;]+)|\{(?P<braced>[^;]+)\});"
    r"(?:  // (?P<remark>[^\n]+))?", re.M)
_CANDIDATE = re.compile(r"\bconstexpr [\w:]+ (kMax\w+)")
_TIMES = {"milliseconds": "ms", "seconds": "seconds", "minutes": "minutes", "hours": "hours", "days": "days"}
FIELDS = {"unit", "beyond", "test", "untested", "reason"}


def evaluate(text, names):
    """The number that a constant's initialiser stands for."""
    text = re.sub(r"std::numeric_limits<std::uint64_t>::max\(\)", str(2**64 - 1), text)
    text = re.sub(r"\b0x([0-9a-f']+)", lambda m: str(int(m.group(1).replace("'", ""), 16)), text)
    text = re.sub(r"std::(?:chrono::)?\w+[{(](\d[\d']*)[)}]", r"\1", text)
    text = re.sub(r"(?<=\d)['U]", "", text)
    text = re.sub(r"[a-zA-Z_][\w:]*", lambda m: str(names[m.group(0).split("::")[-1]]), text)
    if not re.fullmatch(r"[\d\s+*/()<>-]+", text):
        raise ValueError(text)
    return eval(text.replace("/", "//"))  # numbers and operators only, as the line above says


def comment_above(text, start):
    """The comment right above, as one line of text; a quotation keeps its marks."""
    lines = []
    for line in reversed(text[:start].split("\n")[:-1]):
        if not (found := re.match(r"\s*// ?(.*)", line)):
            break
        lines.insert(0, found.group(1))
    return " ".join(lines)


def amount(value, unit, kind):
    for name, word in _TIMES.items():
        if kind.endswith(name):
            return f"{value} {word}"
    for size, word in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if unit == "bytes" and value >= size and value % size == 0:
            return f"{value // size} {word}"
    exponent = value.bit_length()
    if value > 1 << 40 and value == (1 << exponent) - 1:
        return f"2^{exponent} − 1 {unit}"
    if value > 1 << 40 and value == (1 << exponent) - 2:
        return f"2^{exponent} − 2 {unit}"
    return f"{value:,} {unit}".replace(",", " ")


class Source:
    """The constants of one file."""

    def __init__(self, path):
        self.text = path.read_text()
        self.found = {m.group("name"): m for m in _DEFINITION.finditer(self.text)}

    def candidates(self):
        return _CANDIDATE.findall(self.text)


def row_of(source, name, entry, values):
    match = source.found[name]
    value = evaluate(match.group("value") or match.group("braced"), values)
    values[name] = value
    kind = match.group("type")
    if re.search(r"chrono::days\(", match.group("value") or ""):
        kind = "days"
    reason = entry.get("reason") or comment_above(source.text, match.start()) or match.group("remark") or ""
    shown = "; ".join(f"`{test}`" for test in entry.get("test", [])) or f"none: {entry.get('untested')}"
    return f"| `{name}` | {amount(value, entry.get('unit', ''), kind)} | {reason} | {entry['beyond']} | {shown} |"


def check_entry(where, entry, tree, complain):
    for field in set(entry) - FIELDS:
        complain(f"{where}: no field is called '{field}'")
    if not entry.get("beyond"):
        complain(f"{where}: 'beyond' must say what happens beyond it")
    if bool(entry.get("test")) == bool(entry.get("untested")):
        complain(f"{where}: either 'test' names the tests that reach it, or 'untested' says why there is none")
    for test in entry.get("test", []):
        for place, case in references(f"`{test}`") or [(test, None)]:
            if wrong := tree.complaint(place, case):
                complain(f"{where}: {wrong}")


def generated(root, complain):
    """Path → text of docs/limits.md; nothing if something is wrong. complain(file, text)."""
    wrong = []
    data_file = root / "data/limits.toml"

    def note(text, path=data_file):
        wrong.append(text)
        complain(path, text)

    data = tomllib.loads(data_file.read_text())
    others, rules = data.pop("others"), data.pop("rules", {})
    tree, values, out = Tree(root), {}, [HEAD]
    listed = set()
    for group, files in data.items():
        out += ["", f"## {group}", "", "| Limit | Value | Why | Beyond it | Reached by |", "|---|---|---|---|---|"]
        for file, entries in files.items():
            if not (root / file).is_file():
                note(f"there is no {file}")
                continue
            source = Source(root / file)
            for name, entry in entries.items():
                listed.add((file, name))
                check_entry(f"{file}: {name}", entry, tree, note)
                if name not in source.found:
                    note(f"{file} has no {name}")
                elif not wrong:
                    out.append(row_of(source, name, entry, values))
    for folder in ("src", "include"):
        for path in sorted((root / folder).rglob("*.?pp")):
            file = path.relative_to(root).as_posix()
            for name in Source(path).candidates():
                if (file, name) not in listed and name not in others.get(file, []):
                    note(f"data/limits.toml does not know {name}: a limit belongs there, with what happens beyond it and the "
                         "test that reaches it", path)
    out += ["", "## Once", "", "What a peer may do once, or not at all, has no number of its own.", "",
            "| What | Beyond it | Reached by |", "|---|---|---|"]
    for what, entry in rules.items():
        check_entry(what, entry, tree, note)
        out.append(f"| {what} | {entry.get('beyond')} | {'; '.join(f'`{test}`' for test in entry.get('test', []))} |")
    return {} if wrong else {"docs/limits.md": "\n".join(out) + "\n"}


HEAD = """# Limits

What a peer, a certificate or a file can make us spend has a number with a name. `scripts/generate-limits` writes this page from those constants,
their comments, and [data/limits.toml](../data/limits.toml), which says what happens beyond each and which test reaches it (as in
[security.md](security.md): `program#Suite.Case`). Names of errors are those of `ErrorCode` ([error.hpp](../include/handfast/error.hpp)). The limits of
the programs on captures and requests are in `apps/`."""
