"""Runs one lint over small trees: each good one must pass, each bad one must be refused for the reason given.

usage: lint_test.py SCRIPTS_FOLDER LINT
"""
import subprocess
import sys
import tempfile
from pathlib import Path

TABLE = """
| Layer | May include | Public headers | Allowed outside | What |
|---|---|---|---|---|
| `base` | – | `bytes` | – | |
| `crypto` | `base` | – | `openssl` | |
| `compress` | `base` | – | `compression` | |
| `record` | `crypto` | – | – | |
| `message` | `crypto` | – | – | |
| `handshake` | `record` `message` | `config` | – | |
| `io` | `handshake` | – | `system` | |
| `apps` | `message` | – | `system` | |
| `examples` | – | – | `system` | |
"""
LAYERED = {
    "docs/architecture.md": TABLE,
    "include/handfast/bytes.hpp": "#include <vector>\n",
    "include/handfast/config.hpp": "#include <handfast/bytes.hpp>\n",
    **{f"src/{name}/{name}.hpp": "" for name in ("base", "crypto", "compress", "record", "message", "handshake", "io")},
}


def layers(path, text):
    return {**LAYERED, path: text}


def flow(body, parameters="Context& hs, Hello hello"):
    return {"src/handshake/client_flow.cpp":
            "namespace handfast::handshake {\nnamespace {\nint helper(int a) { return a; }\n}\n"
            f"Flow client_13({parameters}) {{\n{body}\n}}\n}}\n"}


ENTRY = """[C-01]
title = "A title"
cause = "A cause."
detect = "Look."
seen.openssl = ["a text"]
fix.any = "change it"
"""
NAMES = ["certificates", "names", "parameters", "client-certificates", "network", "interception", "records", "setup"]


def catalogue(entries, alerts="[close_notify]\nsentence = \"it closes\"\nids = [\"C-01\"]\n"):
    return {"include/handfast/codepoints.hpp": "enum class AlertDescription : std::uint8_t {\n  close_notify = 0,\n};\n",
            **{f"data/failures/{name}.toml": "" for name in NAMES},
            "data/failures/certificates.toml": entries, "data/failures/alerts.toml": alerts}


def generated(files):
    """The same with what scripts/generate-failures or scripts/generate-limits writes."""
    sys.path.insert(0, sys.argv[1])
    import failurelib
    import limitlib
    library = limitlib if "data/limits.toml" in files else failurelib
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return {**files, **library.generated(Path(folder), print)}


ROW = "| 1 | an attack | a check: `x/a.cpp#A::f` | `a_test#S.C`, `ctest -R slow_check` |\n"


def attacks(rows):
    """A tree with a source, a test of it and a check that is no GoogleTest program; `rows` of docs/security.md."""
    return {"src/x/a.cpp": "// g\nint A::f() { return 1; }\n", "docs/security.md": f"# Attacks\n\n{rows}",
            "tests/x/CMakeLists.txt": "handfast_test(a_test LABELS unit SOURCES a_test.cpp)  # b_test\n"
                                      "add_test(NAME slow_check COMMAND slow)\nhandfast_test(c_test SOURCES ${sources})\n",
            "tests/x/a_test.cpp": "TEST_F(S, C) {}\n", "tests/x/b_test.cpp": "TEST(T,\n     D) {}\n"}


ENTRY_OF_LIMIT = 'kMaxThings = {unit = "things", beyond = "it ends", test = ["a_test#S.C"]}\n'


def limits(entry=ENTRY_OF_LIMIT, source=""):
    """A tree with one limit, its `entry`, and more in the source."""
    return {**attacks(""), "src/x/a.hpp": "// Things cost.\ninline constexpr std::size_t kMaxThings = std::size_t{2} * 8;\n" + source,
            "include/handfast/b.hpp": "", "data/limits.toml": f'[Things."src/x/a.hpp"]\n{entry}[others]\n"src/x/a.hpp" = ["kMaxSize"]\n'}


GOOD = {
    "lint-mutants": [],  # the tree itself is the one that fits
    "lint-limits": [generated(limits()), generated(limits(source="constexpr int kMaxSize = 3;\n"))],
    "lint-attacks": [attacks(ROW), attacks(ROW + ROW.replace("1", "2", 1).replace("a_test#S.C", "c_test#T.D"))],
    "lint-failures": [generated(catalogue(ENTRY))],
    "lint-layers": [
        LAYERED,
        layers("src/handshake/a.cpp", '#include <handfast/config.hpp>\n#include "base/base.hpp"\n#include "record/record.hpp"\n'),
        layers("src/crypto/a.cpp", "#include <openssl/evp.h>\n"),
        layers("src/compress/a.cpp", "#include <zlib.h>\n#include <brotli/decode.h>\n"),
        layers("src/io/a.cpp", "#include <sys/socket.h>\nint x = open(getenv(\"A\"), 0);\n"),
        layers("src/record/a.cpp", '// std::cout << "fopen("\nconst char* s = "getenv(1)"; time_t t = x.system(1);\n'),
        {**layers("apps/tool/a.cpp", '#include "own/b.hpp"\n#include "message/message.hpp"\n'), "apps/tool/own/b.hpp": ""},
        layers("tests/a.cpp", '#include "handshake/handshake.hpp"\n#include <openssl/evp.h>\n'),
    ],
    "lint-flows": [
        flow("auto a = co_await derive(hello, hs.random);\n  a = co_await next(std::move(a), a.b.c);\n  co_await step();\n"
             "  co_return hs.establish(std::move(a));"),
        flow("if (hello.retry) {\n    hello = co_await hs.receive<ClientHello, Other>();\n  }\n  if (!a) co_await f(a);\n"
             "  auto wide = co_await derive_handshake_secrets(hello,\n      std::move(hello.x),\n      Side::client);  // RFC, §7\n"
             "  co_return other_flow(hs, wide);"),
        {"src/handshake/flow.cpp": "// co_await in words\nconst char* s = \"co_await\";\n"},
    ],
    "lint-size": [
        {"src/a.cpp": "namespace x {\nint f(int a) {\n" + "  a();\n" * 57 + "}\n}\n"},
        {"src/a.cpp": "Flow f(Context& hs) {\n" + "  co_await g();\n" * 148 + "}\n"},
        {"src/a.hpp": "int a;\n" * 400, "tests/b.cpp": "void f() {\n" + "a();\n" * 500 + "}\n"},
        {"src/a.cpp": "const std::array<Row, count(1)> kTable = {{\n" + "  {1, 2},\n" * 100 + "}};\n"},
    ],
    "lint-words": [
        {"a.md": "See /usr/share/doc, /etc/ssl, /tmp/handfast-XXXXXX and ../tmp/x.\n", "b.cpp": "int works;\n"},
    ],
}

BAD = {
    "lint-mutants": [
        ({"tests/CMakeLists.txt": ""}, "is 0 times in src/handshake/authentication.cpp"),
        ({"tests/CMakeLists.txt": ""}, "there is no test connection_tamper_test"),
        ({"tests/CMakeLists.txt": "handfast_test(connection_tamper_test SOURCES a_test.cpp)\n"},
         "connection_tamper_test has no case ProofTamper.FinishedWithAWrongBit"),
    ],
    "lint-limits": [
        (limits(), "out of date"),
        ({**generated(limits()), "src/x/a.hpp": "inline constexpr std::size_t kMaxThings = 17;\n"}, "out of date"),
        (limits(source="static constexpr int kMaxOthers = 3;\n"), "does not know kMaxOthers"),
        (limits(entry=ENTRY_OF_LIMIT.replace("kMaxThings", "kMaxThing")), "has no kMaxThing"),
        (limits(entry=ENTRY_OF_LIMIT.replace("S.C", "S.D")), "a_test has no case S.D"),
        (limits(entry=ENTRY_OF_LIMIT.replace("it ends", "")), "what happens beyond it"),
        (limits(entry=ENTRY_OF_LIMIT.replace('["a_test#S.C"]', "[]")), "either 'test'"),
        (limits(entry=ENTRY_OF_LIMIT.replace("unit", "units")), "no field is called 'units'"),
    ],
    "lint-attacks": [
        (attacks(ROW.replace("a.cpp", "b.cpp")), "there is no src/x/b.cpp"),
        (attacks(ROW.replace("A::f", "g")), "src/x/a.cpp has no g"),
        (attacks(ROW.replace("a_test", "b_test")), "there is no test b_test"),
        (attacks(ROW.replace("S.C", "T.D")), "a_test has no case T.D"),
        (attacks(ROW.replace("slow_check", "quick_check")), "there is no test quick_check"),
        (attacks(ROW.replace("`a_test#S.C`, `ctest -R slow_check`", "believe us")), "no test is named"),
        (attacks(ROW.replace("`x/a.cpp#A::f`", "somewhere")), "no place in the source is named"),
        (attacks(ROW + ROW), "attack 1 where 2 was expected"),
        (attacks(ROW.replace("an attack |", "")), "3 cells"),
    ],
    "lint-failures": [
        (catalogue(ENTRY), "out of date"),
        ({**generated(catalogue(ENTRY)), "data/failures/certificates.toml": ENTRY.replace("A cause", "Another")}, "out of date"),
        ({**generated(catalogue(ENTRY)), "docs/failures/C-99.md": "old"}, "belongs to no entry"),
        (catalogue(ENTRY.replace('detect = "Look."\n', "")), "'detect' is missing"),
        (catalogue(ENTRY.replace("openssl", "opensl")), "no such client"),
        (catalogue(ENTRY.replace("any", "ngnix")), "no such software"),
        (catalogue(ENTRY + 'like = ["C-02"]\napart = ["a", "b"]\n'), "no other entry"),
        (catalogue(ENTRY + 'alerts = ["closed"]\n'), "no alert 'closed'"),
        (catalogue(ENTRY, alerts=""), "close_notify is missing"),
        (catalogue(ENTRY + ENTRY), "twice"),
    ],
    "lint-layers": [
        (layers("src/base/a.cpp", '#include "crypto/crypto.hpp"\n'), "base must not include"),
        (layers("src/record/a.hpp", '#include "message/message.hpp"\n'), "record must not include"),
        (layers("src/record/a.hpp", '  #  include "../message/message.hpp"\n'), "names no layer"),
        (layers("src/message/a.cpp", "#include <handfast/config.hpp>\n"), "belongs to handshake"),
        (layers("src/message/a.cpp", "#include <handfast/other.hpp>\n"), "no public header"),
        (layers("src/message/a.cpp", "#include <openssl/evp.h>\n"), "only crypto"),
        (layers("src/message/a.cpp", "#include <zstd.h>\n"), "only compress"),
        (layers("src/crypto/a.cpp", "#include <brotli/decode.h>\n"), "only compress"),
        (layers("src/handshake/a.cpp", "#include <sys/socket.h>\n"), "belong to io"),
        (layers("src/handshake/a.cpp", "#include <fstream>\n"), "belong to io"),
        (layers("src/crypto/a.cpp", "auto t = std::chrono::system_clock::now();\n"), "belongs to io"),
        (layers("src/crypto/a.cpp", 'auto* t = std::getenv("X");\n'), "belongs to io"),
        (layers("src/crypto/a.cpp", 'auto* t = fopen("X", "r");\n'), "belongs to io"),
        (layers("include/handfast/bytes.hpp", '#include "base/base.hpp"\n'), "must not include"),
        (layers("include/handfast/bytes.hpp", "#include <handfast/config.hpp>\n"), "belongs to handshake"),
        (layers("include/handfast/bytes.hpp", "#include <openssl/evp.h>\n"), "only crypto"),
        (layers("include/handfast/new.hpp", ""), "to no layer"),
        (layers("src/extra/a.cpp", ""), "no layer of the table"),
        (layers("apps/tool/a.cpp", '#include "handshake/handshake.hpp"\n'), "must not include"),
        (layers("apps/tool/a.cpp", "#include <openssl/evp.h>\n"), "only crypto"),
        (layers("examples/a.cpp", '#include "message/message.hpp"\n'), "must not include"),
        ({**LAYERED, "docs/architecture.md": TABLE.replace("`config`", "`config` `gone`")}, "which is not there"),
    ],
    "lint-flows": [
        ({"src/handshake/a.cpp": "Flow f(Context& hs) { co_await g(); }\n"}, "flow.cpp only"),
        ({"src/record/a_flow.cpp": "Flow f(Context& hs) { co_return 1; }\n"}, "flow.cpp only"),
        (flow("auto a = co_await f(Pair{1, 2});"), "three shapes"),
        (flow("auto a = co_await f({x, y});"), "three shapes"),
        (flow("auto a = c ? co_await f(x) : co_await g(x);"), "three shapes"),
        (flow("auto a = co_await (c ? f(x) : g(x));"), "three shapes"),
        (flow("auto a = co_await f(c ? x : y);"), "three shapes"),
        (flow("auto [a, b] = co_await f(x);"), "three shapes"),
        (flow("auto a = co_await f(g(x));"), "three shapes"),
        (flow("auto a = co_await f(co_await g(x));"), "three shapes"),
        (flow("auto a = co_await f(x) + 1;"), "three shapes"),
        (flow("auto& a = co_await f(x);"), "three shapes"),
        (flow("if (co_await f(x)) { g(); }"), "three shapes"),
        (flow("f(co_await g(x));"), "three shapes"),
        (flow("auto a = co_await f(x->y);"), "three shapes"),
        (flow("auto a = co_await f([&] { return 1; });"), "lambda"),
        (flow("auto f = [](int a) { return a; };\n  co_await g(f);"), "lambda"),
        (flow("co_return co_await f(x);"), "must not await"),
        (flow("co_yield x;"), "co_yield"),
        (flow("co_await client_13(hs, hello);"), "never awaits a flow"),
        (flow("co_await f(x);", "Context& hs, const Hello& hello"), "by value"),
        (flow("co_await f(x);", "Context& hs, Hello&& hello"), "by value"),
        (flow("co_await f(x);", "const Context& hs"), "by value"),
        (flow("co_await f(x);", "Context& hs, Pair<int, int>* hello"), "by value"),
    ],
    "lint-size": [
        ({"src/a.cpp": "int a;\n" * 401}, "401 lines"),
        ({"include/handfast/a.hpp": "int a;\n" * 401}, "401 lines"),
        ({"src/a.cpp": "namespace x {\nint f(int a) {\n" + "  a();\n" * 59 + "}\n}\n"}, "f: 61 lines"),
        ({"src/a.cpp": "struct A {\n  A(int b = {})\n    : b_{b}, c_(b) {\n" + "  a();\n" * 60 + "  }\n};\n"}, "A: "),
        ({"apps/x/a.cpp": "template <class T>\nauto X::operator==(const T& t) const -> bool {\n" + "  a();\n" * 60 + "}\n"}, "operator=="),
        ({"src/a.cpp": "Flow f(Context& hs) {\n" + "  co_await g();\n" * 149 + "}\n"}, "a flow has at most 150"),
    ],
    "lint-words": [
        ({"a.md": "Look in /" + "work/main/x.\n"}, "one machine"),
        ({"a.cmake": "set(x /" + "home/somebody/x)\n"}, "one machine"),
        ({"a.txt": "<" * 7 + " ours\n"}, "merge conflict"),
        ({"a.cpp": "// TO" + "DO later\n"}, "note to oneself"),
        ({"a.cpp": "int a; \n"}, "white space"),
        ({"a.md": "Made by Chatg" + "pt.\n"}, "does not belong here"),
    ],
}


def run(scripts, lint, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return subprocess.run([sys.executable, str(Path(scripts) / lint), "--root", folder],
                              capture_output=True, text=True, check=False)


def main():
    scripts, lint = sys.argv[1:]
    failures = 0
    for files in GOOD[lint]:
        result = run(scripts, lint, files)
        if result.returncode != 0:
            failures += 1
            print(f"refused a good tree:\n{result.stdout}{result.stderr}")
    for files, reason in BAD[lint]:
        result = run(scripts, lint, files)
        if result.returncode != 1 or reason not in result.stdout:
            failures += 1
            print(f"did not refuse for '{reason}': {list(files.items())[-1]}\n{result.stdout}{result.stderr}")
    print(f"{lint}: {len(GOOD[lint])} good and {len(BAD[lint])} bad trees, {failures} judged wrongly")
    sys.exit(1 if failures else 0)


main()
