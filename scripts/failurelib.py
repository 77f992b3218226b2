"""The failure catalogue: reads data/failures/*.toml, checks it, and renders what is generated from it.

Must not need anything but Python's own library.
"""
import re
import tomllib

CLIENTS = {
    "openssl": "OpenSSL", "curl": "curl", "chrome": "Chrome", "firefox": "Firefox", "safari": "Safari", "java": "Java",
    "go": "Go", "python": "Python", "node": "Node.js", "gnutls": "GnuTLS", "schannel": "Windows (Schannel)",
    "dotnet": ".NET", "android": "Android", "grpc": "gRPC", "php": "PHP", "http": "HTTP answer", "greeting": "the server's greeting", "log": "server's log",
    "nginx": "nginx's log", "apache": "Apache's log", "haproxy": "HAProxy's log",
}
# The label before a fix; none where the text speaks for itself.
SOFTWARE = {
    "any": "", "system": "", "other": "", "handfast": "here", "client": "in the client", "program": "in a program",
    "nginx": "nginx", "apache": "Apache", "haproxy": "HAProxy", "iis": "IIS", "java": "Java", "go": "Go", "node": "Node.js",
    "python": "Python", "openssl": "OpenSSL", "curl": "curl", "dotnet": ".NET", "acme": "ACME client", "docker": "Docker",
    "vm": "virtual machine", "windows": "Windows", "netscaler": "NetScaler", "rhel": "RHEL",
}
GROUPS = {
    "C": "Chain, trust, dates", "H": "Names and SNI", "P": "Versions, suites, groups, extensions",
    "M": "Client certificates", "N": "No TLS, and the network", "X": "Boxes in between", "R": "Records and messages",
    "S": "Keys, files, settings",
}
FILES = ["certificates", "names", "parameters", "client-certificates", "network", "interception", "records", "setup"]
TEXTS, LISTS = {"title", "cause", "detect", "fails", "works"}, {"alerts", "verify_codes", "like", "apart"}
NEEDED = {"title", "cause", "detect", "fix", "seen"}
# How many texts `connect` shows as "others call it", from whom, in this order.
SHORT, SHORT_CLIENTS = 5, ["openssl", "java", "go", "chrome", "firefox", "node", "python", "curl", "http", "log"]


def alert_numbers(root):
    text = (root / "include/handfast/codepoints.hpp").read_text()
    body = re.search(r"enum class AlertDescription[^{]*\{(.*?)\}", text, re.S).group(1)
    return {name: int(number) for name, number in re.findall(r"(\w+) = (\d+)", body)}


def check_entry(key, entry, ids, alerts, complain):
    for field in NEEDED - set(entry):
        complain(f"{key}: '{field}' is missing")
    for field in set(entry) - TEXTS - LISTS - {"fix", "seen"}:
        complain(f"{key}: no field is called '{field}'")
    for field in TEXTS & set(entry):
        if not isinstance(entry[field], str) or not entry[field].strip():
            complain(f"{key}: '{field}' must be a text")
    for client in set(entry.get("seen", {})) - set(CLIENTS):
        complain(f"{key}: seen.{client}: no such client in scripts/failurelib.py")
    for software in set(entry.get("fix", {})) - set(SOFTWARE):
        complain(f"{key}: fix.{software}: no such software in scripts/failurelib.py")
    for alert in set(entry.get("alerts", [])) - set(alerts):
        complain(f"{key}: there is no alert '{alert}'")
    for other in entry.get("like", []):
        if other not in ids or other == key:
            complain(f"{key}: like names '{other}', which is no other entry")
    if bool(entry.get("like")) != bool(entry.get("apart")):
        complain(f"{key}: 'like' needs 'apart' (a command, and what its answer means), and the other way round")
    if "apart" in entry and len(entry["apart"]) != 2:
        complain(f"{key}: 'apart' has two texts: a command, and what its answer means")
    if str(entry.get("title", "")).endswith("."):
        complain(f"{key}: a title has no full stop")


def load(root, complain):
    """The entries by id, the alerts by name. What is wrong goes to complain(file, text)."""
    folder = root / "data/failures"
    numbers = alert_numbers(root)
    failures = {}
    for name in FILES:
        path = folder / f"{name}.toml"
        try:
            found = tomllib.loads(path.read_text())
        except (OSError, tomllib.TOMLDecodeError) as error:
            complain(path, str(error))
            continue
        for key, entry in found.items():
            if not re.fullmatch(r"[CHPMNXRS]-\d\d", key):
                complain(path, f"'{key}' is no id")
            if key in failures:
                complain(path, f"{key} is there twice")
            failures[key] = entry
    for key, entry in failures.items():
        check_entry(key, entry, failures, numbers, lambda text: complain(folder, text))
    alerts = tomllib.loads((folder / "alerts.toml").read_text())
    for name, alert in alerts.items():
        if name not in numbers:
            complain(folder / "alerts.toml", f"there is no alert '{name}'")
        for other in alert["ids"]:
            if other not in failures:
                complain(folder / "alerts.toml", f"{name} names '{other}', which is no entry")
    for name in numbers:
        if name not in alerts:
            complain(folder / "alerts.toml", f"{name} is missing")
    return failures, alerts, numbers


def plain(text):
    """The text without the mark of a weak one."""
    return text.removeprefix("~ ")


def quoted(text):
    """Texts that a person reads get quotes; names in capitals do not."""
    return text if re.fullmatch(r"[A-Z0-9_]+", text) else f'"{text}"'


def short_seen(entry):
    texts = []
    for client in SHORT_CLIENTS:
        texts += [quoted(text) for text in entry["seen"].get(client, [])[:1] if not text.startswith("~")]
    texts += [quoted(plain(other[0])) for other in entry["seen"].values()]
    texts = list(dict.fromkeys(texts))
    return " · ".join(texts[:SHORT])


def fix_lines(entry, **labels):
    """One line for each fix; `labels` replace those of SOFTWARE."""
    words = {**SOFTWARE, **labels}
    return [f"{words[s]}: {t}" if words[s] else t for s, t in entry["fix"].items()]


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def seen_row(client, text):
    weak = "true" if text.startswith("~") else "false"
    return f"{{{literal(CLIENTS[client])}, {literal(plain(text))}, {weak}}}"


def render_cpp(failures, alerts):
    """The rows of apps/handfast/common/failure_table.cpp."""
    out = ["// Generated by scripts/generate-failures from data/failures/. Do not edit."]

    def array(kind, name, values):
        if values:
            out.append(f"constexpr {kind} {name}[] = {{{', '.join(values)}}};")
        return name if values else "{}"

    rows = []
    for key, entry in failures.items():
        tag = key.replace("-", "")
        seen = array("SeenText", f"kSeen{tag}", [seen_row(c, t)
                                                for c, texts in entry["seen"].items() for t in texts])
        fixes = array("FixText", f"kFix{tag}", [f"{{{literal(s)}, {literal(t)}}}" for s, t in entry["fix"].items()])
        sent = array("AlertDescription", f"kAlerts{tag}", [f"AlertDescription::{a}" for a in entry.get("alerts", [])])
        codes = array("int", f"kCodes{tag}", [str(code) for code in entry.get("verify_codes", [])])
        like = array("std::string_view", f"kLike{tag}", [literal(other) for other in entry.get("like", [])])
        apart = entry.get("apart", ["", ""])
        rows.append("    {" + ", ".join([
            literal(key), literal(entry["title"]), literal(entry["cause"]), literal(short_seen(entry)),
            literal("\n".join(fix_lines(entry))), literal(entry["detect"]), literal(entry.get("fails", "")),
            literal(entry.get("works", "")), seen, fixes, sent, codes, like, literal(apart[0]), literal(apart[1]),
        ]) + "},")
    out += ["constexpr FailureText kFailures[] = {", *rows, "};"]
    rows = []
    for name, alert in alerts.items():
        ids = array("std::string_view", f"kAlert_{name}", [literal(other) for other in alert["ids"]])
        certain = "true" if alert.get("certain") else "false"
        rows.append(f"    {{AlertDescription::{name}, {literal(alert['sentence'])}, {ids}, {certain}}},")
    out += ["constexpr AlertText kAlerts[] = {", *rows, "};"]
    return "\n".join(out) + "\n"


def code(text):
    return f"`{text}`" if "`" not in text else f"`` {text} ``"


def cell(text):
    return code(text).replace("|", "\\|")


def render_page(key, entry, failures, numbers):
    out = [f"# {key}: {entry['title']}", "", entry["cause"], "", "## What is seen", "", "| by | text |", "|---|---|"]
    out += [f"| {CLIENTS[c]} | {' · '.join(cell(plain(t)) for t in texts)} |" for c, texts in entry["seen"].items()]
    if entry.get("alerts"):
        out += ["", "Alerts that go with it: " + ", ".join(f"{code(a)} ({numbers[a]})" for a in entry["alerts"]) + "."]
    if entry.get("verify_codes"):
        out += ["", "OpenSSL's verify codes: " + ", ".join(str(c) for c in entry["verify_codes"]) + "."]
    if entry.get("fails"):
        out += ["", f"It fails with {entry['fails']}."]
    if entry.get("works"):
        out += ["", f"It works with {entry['works']}."]
    out += ["", "## How to find out", "", entry["detect"], "", "## What to change", ""]
    out += [f"* {line}" for line in fix_lines(entry, handfast="handfast")]
    if entry.get("like"):
        out += ["", "## What looks alike", ""]
        out += [f"* [{o}]({o}.md): {failures[o]['title']}" for o in entry["like"] if o in failures]
        out += ["", f"To tell them apart: {code(entry['apart'][0])} – {entry['apart'][1]}."]
    return "\n".join(out) + "\n\n" + "[All failures](README.md)\n"


def render_index(failures):
    out = ["# Why a handshake fails", "",
           f"{len(failures)} failures with stable ids: the ids appear in output, JSON and exit codes of the program. "
           "`handfast explain TEXT`", "finds them by id, alert, or the message that a client prints. These pages are generated "
           "by `scripts/generate-failures`", "from [data/failures/](../../data/failures/)."]
    for letter, title in GROUPS.items():
        out += ["", f"## {title}", "", "| id | failure |", "|---|---|"]
        out += [f"| [{k}]({k}.md) | {e['title']} |" for k, e in failures.items() if k.startswith(letter)]
    return "\n".join(out) + "\n"


def generated(root, complain):
    """Path → text of every generated file; nothing if the catalogue is wrong."""
    wrong = []

    def note(path, text):
        wrong.append(path)
        complain(path, text)

    failures, alerts, numbers = load(root, note)
    if wrong:
        return {}
    files = {"apps/handfast/common/failure_data.inc": render_cpp(failures, alerts),
             "docs/failures/README.md": render_index(failures)}
    for key, entry in failures.items():
        files[f"docs/failures/{key}.md"] = render_page(key, entry, failures, numbers)
    return files
