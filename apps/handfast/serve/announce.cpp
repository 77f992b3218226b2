// Foreign text (a request's path, an error's detail) is escaped here.
#include "announce.hpp"

#include <fmt/format.h>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "trace/names.hpp"

namespace handfast::apps::serve {

std::string announcement(const Site& site, const Identity& identity, const std::string& root_file,
                         const Style& style) {
  std::string out =
      fmt::format("{} serving your handshake at {}\n", style.good(), style.paint(Tone::bold, site.address));
  if (!identity.throw_away) return out;
  out += fmt::format("  certificate   for localhost, 127.0.0.1 and ::1, until {}\n", identity.valid_until);
  out +=
      "  signed by     a throw-away authority, made just now, for these names only; its keys are never "
      "written\n";
  out += fmt::format("  fingerprint   {} (SHA-256 of its root)\n", identity.root_fingerprint);
  if (root_file.empty()) {
    out += "  A browser warns, as it should. To try with trust: --write-ca root.pem, then\n";
    out += fmt::format("                curl --cacert root.pem {}\n", site.address);
  } else {
    const std::string file = escape_untrusted(root_file);
    out += fmt::format("  root written  {}\n", file);
    out += fmt::format("  to trust it   handfast connect {} --ca {}\n",
                       site.address.substr(8, site.address.size() - 9), file);
    out += fmt::format("                curl --cacert {} {}\n", file, site.address);
  }
  return style.plain(out);
}

std::string visit_line(const SessionReport& report, const Style& style) {
  std::string out = style.paint(Tone::dim, report.visitor) + "  ";
  if (report.plain_http) {
    return out + style.warning() + " spoke HTTP without TLS; told to use https:// [N-01]";
  }
  if (!report.outcome) {
    out += style.bad() + " ";
    if (!report.error) return out + "gone before the handshake";
    out += style.plain(escape_untrusted(report.error->to_string()));
    const auto id = report.error->info().catalogue;
    return id.empty() ? out : out + fmt::format(" [{}]", id);
  }
  const ConnectionInfo& outcome = *report.outcome;
  out += style.good() + style.plain(fmt::format(" {} · {} · {} · {} · {}", name_of(outcome.version),
                                                described(outcome.group), short_name(outcome.suite),
                                                milliseconds_text(report.handshake_time), report.ja4));
  if (report.status != 0) {
    out += style.plain(fmt::format(" · {} → {}", escape_untrusted(report.request), report.status));
  } else if (report.error) {
    out += style.plain(" · then: " + escape_untrusted(report.error->to_string()));
  }
  return out;
}

}  // namespace handfast::apps::serve
