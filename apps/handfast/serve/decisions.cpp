// Five questions, one answer each, with the reason that follows from both lists and the outcome.
#include "decisions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "meanings.hpp"

namespace handfast::apps::serve {
namespace {

using Numbers = std::vector<std::uint16_t>;
using Namer = Meaning (*)(std::uint16_t);

template <class Enum>
Numbers numbers(const std::vector<Enum>& values) {
  Numbers out;
  for (const Enum value : values) out.push_back(static_cast<std::uint16_t>(value));
  return out;
}

bool holds(const Numbers& list, std::uint16_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// 0, 1, 2, …; the list's size if it is not there. GREASE does not count.
std::size_t rank(const Numbers& list, std::uint16_t value) {
  std::size_t place = 0;
  for (const std::uint16_t entry : list) {
    if (entry == value) return place;
    if (!is_grease(entry)) ++place;
  }
  return list.size();
}

std::vector<Candidate> candidates(const Numbers& own, const Numbers& other, std::uint16_t chosen,
                                  Namer name) {
  std::vector<Candidate> out;
  for (const std::uint16_t value : own) {
    out.push_back({.name = name(value).name,
                   .grease = is_grease(value),
                   .common = holds(other, value),
                   .chosen = value == chosen,
                   .post_quantum = false});
  }
  return out;
}

Decision compare(const Numbers& client, const Numbers& server, std::uint16_t chosen, Namer name) {
  Decision out;
  out.chosen = name(chosen).name;
  out.client = candidates(client, server, chosen, name);
  out.server = candidates(server, client, chosen, name);
  return out;
}

bool first_common(const Numbers& server, const Numbers& client, std::uint16_t chosen) {
  for (const std::uint16_t value : server) {
    if (holds(client, value)) return value == chosen;
  }
  return false;
}

Decision version_decision(const ClientOffer& client, const ServerOffer& server,
                          const ConnectionInfo& outcome) {
  const auto chosen = static_cast<std::uint16_t>(outcome.version);
  const Numbers offered = client.versions.empty() ? Numbers{client.legacy_version} : client.versions;
  Decision out = compare(offered, numbers(server.policy.versions), chosen, version_meaning);
  out.id = "version";
  out.title = "Version";
  out.why =
      "The newest version that both sides speak. Nobody on the way can force an older one: the server's "
      "random number would show it, and both sides check it.";
  return out;
}

std::string why_group(const ClientOffer& client, const Numbers& server, const ConnectionInfo& outcome) {
  const auto chosen = static_cast<std::uint16_t>(outcome.group);
  const bool first = first_common(server, client.groups, chosen);
  std::string why = first ? "The first in this server's order that you offered too."
                          : "You had sent a key for it already, so no extra round trip was needed.";
  if (outcome.hello_retry) {
    why =
        "The first in this server's order that you offered, but your first hello held no key for it. So the "
        "server asked for one with a HelloRetryRequest, at the cost of one round trip.";
  } else if (first) {
    why += " Your hello already held a key for it, so one round trip was enough.";
  }
  if (is_post_quantum(chosen)) return why;
  if (client.offers_post_quantum()) {
    return why + " You offered a post-quantum group, but this server is set up without it.";
  }
  if (std::none_of(server.begin(), server.end(), is_post_quantum)) return why;
  return why + " You offered no post-quantum group; otherwise this server would have preferred it.";
}

Decision group_decision(const ClientOffer& client, const ServerOffer& server, const ConnectionInfo& outcome) {
  const Numbers mine = numbers(server.policy.groups);
  Decision out = compare(client.groups, mine, static_cast<std::uint16_t>(outcome.group), group_meaning);
  out.id = "group";
  out.title = "Key exchange";
  for (std::size_t i = 0; i < client.groups.size(); ++i) {
    out.client[i].post_quantum = is_post_quantum(client.groups[i]);
  }
  for (std::size_t i = 0; i < mine.size(); ++i) out.server[i].post_quantum = is_post_quantum(mine[i]);
  out.why = why_group(client, mine, outcome);
  return out;
}

Decision suite_decision(const ClientOffer& client, const ServerOffer& server, const ConnectionInfo& outcome) {
  const auto chosen = static_cast<std::uint16_t>(outcome.suite);
  const Numbers mine = numbers(server.policy.suites);
  Decision out = compare(client.suites, mine, chosen, suite_meaning);
  out.id = "suite";
  out.title = "Cipher suite";
  out.why = first_common(mine, client.suites, chosen)
                ? "The first in this server's order that you offered too."
                : "Both sides have it.";
  const std::size_t place = rank(client.suites, chosen);
  if (place == 0) {
    out.why += " It is also your own favourite.";
  } else if (place < client.suites.size()) {
    out.why += fmt::format(" In your own order it is number {}.", place + 1);
  }
  out.why +=
      " In TLS 1.3 a suite only says how data is encrypted and hashed; key exchange and signature are "
      "chosen apart.";
  return out;
}

Decision signature_decision(const ClientOffer& client, const ServerOffer& server,
                            const ConnectionInfo& outcome) {
  const auto chosen = static_cast<std::uint16_t>(outcome.server_signature_scheme);
  Decision out = compare(client.signature_schemes, numbers(server.signer_schemes), chosen, scheme_meaning);
  out.id = "signature";
  out.title = "Server's signature";
  if (outcome.resumed) {
    out.why =
        "None this time: you came back with a ticket, and its secret proves who is who. This is what was "
        "signed "
        "with on the visit that the ticket comes from.";
    return out;
  }
  if (!outcome.external_psk.empty()) {
    out.why = "None: both ends hold a key that they were given beforehand, and it proves who is who.";
    return out;
  }
  out.why = "The key of the certificate decides: it can make this signature, and you can check it.";
  if (!server.certificate_name.empty()) {
    out.why += fmt::format(" The certificate is the one for {}", server.certificate_name);
    out.why += client.server_name ? ", picked by the name that you asked for." : "; you asked for no name.";
  }
  return out;
}

Decision protocol_decision(const ClientOffer& client, const ServerOffer& server,
                           const ConnectionInfo& outcome) {
  const auto list = [&](const std::vector<std::string>& own, const std::vector<std::string>& other) {
    std::vector<Candidate> out;
    for (const std::string& name : own) {
      out.push_back({.name = name,
                     .grease = name.size() == 2 && name[0] == name[1] && (name[0] & 0x0f) == 0x0a,
                     .common = std::find(other.begin(), other.end(), name) != other.end(),
                     .chosen = name == outcome.application_protocol,
                     .post_quantum = false});
    }
    return out;
  };
  Decision out;
  out.id = "application_protocol";
  out.title = "Application protocol";
  out.chosen = outcome.application_protocol;
  out.client = list(client.application_protocols, server.application_protocols);
  out.server = list(server.application_protocols, client.application_protocols);
  if (!out.chosen.empty()) {
    out.why =
        "This server speaks only what its list shows; it took the first of its own that you offered too.";
  } else if (client.application_protocols.empty()) {
    out.why = "You did not ask (no ALPN extension); HTTP/1.1 is understood.";
  } else {
    out.why = "Nothing was agreed; HTTP/1.1 is understood.";
  }
  return out;
}

}  // namespace

std::vector<Decision> decisions_of(const ClientOffer& client, const ServerOffer& server,
                                   const ConnectionInfo& outcome) {
  return {version_decision(client, server, outcome), group_decision(client, server, outcome),
          suite_decision(client, server, outcome), signature_decision(client, server, outcome),
          protocol_decision(client, server, outcome)};
}

}  // namespace handfast::apps::serve
