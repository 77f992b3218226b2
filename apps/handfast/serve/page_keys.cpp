// How the keys come about, by name only (RFC 9846 §7.1); the fingerprint; and what a listener learns.
#include <handfast/codepoints.hpp>

#include "meanings.hpp"
#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

std::size_t messages_from(const Trace& trace, Lane lane, Epoch epoch) {
  std::size_t count = 0;
  for (const TraceStep& step : trace.steps) {
    if (step.lane == lane && step.epoch == epoch && step.encrypted) count += step.repeated;
  }
  return count;
}

Markup unlocks(const Trace& trace, Epoch epoch) {
  Markup out;
  const std::size_t client = messages_from(trace, Lane::from_client, epoch);
  const std::size_t server = messages_from(trace, Lane::from_server, epoch);
  out.add("<li class=\"c\"><b>client", epoch == Epoch::handshake ? " handshake" : " application",
          " traffic secret</b> protected ", client, client == 1 ? " message" : " messages", " of yours</li>");
  out.add("<li class=\"s\"><b>server", epoch == Epoch::handshake ? " handshake" : " application",
          " traffic secret</b> protected ", server, server == 1 ? " message" : " messages", " to you</li>");
  return out;
}

Markup segment(std::string_view text, std::string_view meaning) {
  Markup out;
  out.add("<div><dt><code>", text, "</code></dt><dd>", meaning, "</dd></div>");
  return out;
}

// RFC 5246 §8.1, §6.3: one secret, and all keys from it.
Markup keys_section12(const Visit& visit) {
  const std::string_view exchange =
      visit.outcome.key_exchange == KeyExchange::rsa ? "RSA" : name_of(visit.outcome.group);
  const std::string_view bound = visit.outcome.extended_main_secret
                                     ? "a hash of everything said so far (extended main secret)"
                                     : "the two randoms, and nothing else";
  Markup out;
  out.add(
      "<section id=\"keys\" aria-labelledby=\"keys-head\"><h2 id=\"keys-head\">Where the keys come from</h2>"
      "<p>Each box is computed from the one above it and from what comes in at its left, never backwards. "
      "Only names "
      "are shown. TLS 1.3 would have made a new secret for each phase.</p><ol class=\"schedule\"><li><p "
      "class=\"in\"><b>",
      exchange,
      "</b>: ServerKeyExchange and ClientKeyExchange</p><p class=\"secret\">Premaster Secret</p></li><li><p "
      "class=\"in\"><b>",
      bound, "</b></p><p class=\"secret\">Main Secret</p><ul class=\"out\">",
      unlocks(visit.trace, Epoch::application), "</ul></li></ol></section>\n");
  return out;
}

}  // namespace

Markup keys_section(const Visit& visit) {
  if (visit.outcome.version == ProtocolVersion::tls1_2) return keys_section12(visit);
  const std::string_view group = name_of(visit.outcome.group);
  Markup out;
  out.add(
      "<section id=\"keys\" aria-labelledby=\"keys-head\"><h2 id=\"keys-head\">Where the keys come from</h2>"
      "<p>Each box is computed from the one above it and from what comes in at its left, never backwards. "
      "Only "
      "names are shown: the values exist in your client and in this server's memory, nowhere else.</p>"
      "<ol class=\"schedule\">"
      "<li><p class=\"in\"><b>",
      visit.outcome.resumed ? "the secret of your ticket" : "nothing yet", "</b> ",
      visit.outcome.resumed ? "from an earlier visit"
                            : "(a first visit; a resumed one would bring its ticket's secret)",
      "</p><p class=\"secret\">Early Secret</p><ul class=\"out\"><li>protects early data, if there is any; "
      "here ",
      visit.outcome.early_data == EarlyDataStatus::accepted ? "there was some" : "there was none",
      "</li></ul></li><li><p class=\"in\"><b>", group,
      "</b>: your half from message 1, the server's from ServerHello</p><p class=\"secret\">Handshake "
      "Secret</p><ul class=\"out\">",
      unlocks(visit.trace, Epoch::handshake),
      "</ul></li><li><p class=\"in\"><b>nothing more</b>: one step on, so that the handshake's keys cannot "
      "open "
      "what follows</p><p class=\"secret\">Main Secret</p><ul class=\"out\">",
      unlocks(visit.trace, Epoch::application),
      "<li><b>exporter secret</b> for other protocols that want keys bound to this "
      "connection</li><li><b>resumption "
      "secret</b> for a faster next visit</li></ul></li></ol><p>Every key also depends on a hash of all "
      "messages "
      "before it. Had anybody changed one bit on the way, the two sides would have different keys, and the "
      "Finished messages would not match.</p></section>\n");
  return out;
}

Markup fingerprint_section(const Visit& visit) {
  const Ja4& ja4 = visit.ja4;
  Markup out;
  out.add(
      "<section id=\"fingerprint\" aria-labelledby=\"fingerprint-head\"><h2 id=\"fingerprint-head\">Your "
      "client's "
      "fingerprint</h2><p>JA4 boils a ClientHello down to what stays the same from visit to visit. Servers "
      "use it "
      "to tell programs apart; it names the program, not you.</p><p class=\"ja4\"><code><span class=\"k0\">",
      ja4.a, "</span>_<span class=\"k1\">", ja4.b, "</span>_<span class=\"k2\">", ja4.c,
      "</span></code></p>");
  if (ja4.a.size() == 10) {
    const std::string_view a = ja4.a;
    out.add(
        "<dl class=\"small wide\">", segment(a.substr(0, 1), "over TCP (q would be QUIC)"),
        segment(a.substr(1, 2), "the newest TLS version it speaks"),
        segment(a.substr(3, 1), a[3] == 'd' ? "it named the server it wants (SNI)"
                                            : "it named no server: an address was typed"),
        segment(a.substr(4, 2), "cipher suites, GREASE not counted"),
        segment(a.substr(6, 2), "extensions, GREASE not counted"),
        segment(a.substr(8, 2), a.substr(8, 2) == "00" ? "no application protocol asked for"
                                                       : "first and last letter of its favourite protocol"),
        segment(ja4.b, "hash of the cipher suites, sorted"),
        segment(ja4.c, "hash of the extensions, sorted, and of the signature schemes as sent"), "</dl>");
  }
  out.add("<details class=\"list\"><summary>What the hashes are made of</summary><p class=\"break\"><code>",
          ja4.raw(), "</code></p></details></section>\n");
  return out;
}

Markup listener_section(const Visit& visit) {
  Markup out;
  out.add(
      "<section id=\"listener\" aria-labelledby=\"listener-head\"><h2 id=\"listener-head\">What somebody on "
      "the way "
      "could see</h2><div class=\"cards two\"><article class=\"card\"><h3>",
      icon_eye(), "Seen by everybody</h3><ul><li>both addresses and ports, every size and every moment</li>");
  if (visit.offer.server_name) {
    out.add("<li>the name you asked for: <b>", *visit.offer.server_name, "</b></li>");
  } else {
    out.add("<li>that you asked for an address, not for a name</li>");
  }
  out.add("<li>all of your ClientHello, so also your fingerprint</li><li>what was agreed: ",
          name_of(visit.outcome.version), ", ", name_of(visit.outcome.suite), ", ",
          name_of(visit.outcome.group), "</li></ul></article><article class=\"card\"><h3>", icon_lock(),
          "Seen by nobody but you two</h3><ul><li>the server's certificate and its signature</li>");
  if (visit.outcome.client_signature_scheme) out.add("<li>your certificate</li>");
  out.add(
      "<li>which application protocol was taken</li><li>which page you asked for, and this page</li><li>the "
      "keys: "
      "they were never sent at all</li></ul></article></div></section>\n");
  return out;
}

}  // namespace handfast::apps::serve
