// The verdict, the post-quantum badge and the facts in one look.
#include <algorithm>

#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

void fact(Markup& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out.add("<div><dt>", name, "</dt><dd>", identifier(value), "</dd></div>");
}

Markup post_quantum_badge(const Visit& visit) {
  const auto group = static_cast<std::uint16_t>(visit.outcome.group);
  Markup out;
  if (is_post_quantum(group)) {
    out.add(
        "<div class=\"badge good\"><p class=\"badge-head\"><span class=\"sign\" "
        "aria-hidden=\"true\">✔</span> "
        "Post-quantum: yes</p><p>The keys come from <b>",
        name_of(visit.outcome.group),
        "</b>. Whoever records this connection today cannot open it with a quantum computer "
        "later.</p></div>");
    return out;
  }
  out.add(
      "<div class=\"badge warn\"><p class=\"badge-head\"><span class=\"sign\" aria-hidden=\"true\">!</span> "
      "Post-quantum: no</p><p>The keys come from <b>",
      name_of(visit.outcome.group),
      "</b> alone: safe today, but a recording could be opened by a large quantum computer one day. ");
  if (visit.offer.offers_post_quantum()) {
    out.add("You offered ML-KEM, but this server is set up without it.");
  } else {
    out.add("Your client offered no ML-KEM group; a newer version of it probably does.");
  }
  out.add("</p></div>");
  return out;
}

bool presented_certificate(const Visit& visit) { return visit.outcome.client_signature_scheme.has_value(); }

}  // namespace

Markup banner_section(const Visit& visit) {
  Markup out;
  out.add(
      "<section class=\"hero\" aria-labelledby=\"verdict\"><p class=\"eyebrow\">The handshake that brought "
      "you "
      "this page</p><h1 id=\"verdict\"><span class=\"sign good\" aria-hidden=\"true\">✔</span> Encrypted, "
      "with ",
      name_of(visit.outcome.version), "</h1><p class=\"lead\">");
  const unsigned trips = visit.trace.round_trips == 0 ? 1 : visit.trace.round_trips;
  out.add("You and this server had never met. ", trips, trips == 1 ? " round trip" : " round trips");
  if (visit.trace.established_at.count() > 0) {
    out.add(" and ", milliseconds_text(visit.trace.established_at));
  }
  out.add(
      " later you shared keys that nobody in between can know, and the server had proved that it owns its "
      "certificate.");
  if (presented_certificate(visit)) out.add(" You proved that you own yours, too.");
  out.add(" Below is every message of it.</p>", post_quantum_badge(visit), "<dl class=\"facts\">");
  fact(out, "Version", name_of(visit.outcome.version));
  fact(out, "Key exchange", name_of(visit.outcome.group));
  fact(out, "Cipher suite", name_of(visit.outcome.suite));
  fact(out, "Server's signature", name_of(visit.outcome.server_signature_scheme));
  fact(out, "Application protocol",
       visit.outcome.application_protocol.empty() ? std::string_view("none agreed")
                                                  : std::string_view(visit.outcome.application_protocol));
  fact(out, "Name asked for",
       visit.offer.server_name ? std::string_view(*visit.offer.server_name)
                               : std::string_view("none (an address)"));
  out.add("<div><dt>Your client (<a href=\"#fingerprint\">JA4</a>)</dt><dd><code>", visit.ja4.text(),
          "</code></dd></div></dl></section>\n");
  return out;
}

}  // namespace handfast::apps::serve
