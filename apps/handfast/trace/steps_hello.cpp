// ClientHello, ServerHello and HelloRetryRequest in words. RFC 9846 §4.2.
#include <fmt/core.h>

#include <algorithm>

#include "common/numbers.hpp"
#include "trace/names.hpp"
#include "trace/steps.hpp"

namespace handfast::apps {
namespace {

// RFC 9846 §4.2.3: the last eight bytes of a ServerHello.random that admits a downgrade.
constexpr std::string_view kDowngradeTls12 = "DOWNGRD\x01";
constexpr std::string_view kDowngradeTls11{"DOWNGRD\x00", 8};

template <class List>
std::vector<std::string> names_without_grease(const List& list) {
  std::vector<std::string> names;
  for (const auto value : list) {
    if (!is_grease(static_cast<std::uint16_t>(value))) names.push_back(name_or_number(value));
  }
  return names;
}

std::string versions_text(const message::ClientHello& hello) {
  if (!hello.supported_versions) return name_or_number(hello.legacy_version) + " at most";
  std::string text = joined(names_without_grease(*hello.supported_versions), ", ");
  // "TLS 1.3, TLS 1.2" reads as "TLS 1.3, 1.2".
  for (std::size_t at = text.find(", TLS "); at != std::string::npos; at = text.find(", TLS ", at)) {
    text.erase(at + 2, 4);
  }
  return text;
}

std::vector<std::string> protocols_of(const message::ClientHello& hello) {
  std::vector<std::string> names;
  if (!hello.application_layer_protocol_negotiation) return names;
  for (const auto& protocol : *hello.application_layer_protocol_negotiation) {
    names.push_back(protocol.name.size() == 2 && protocol.name[0] == protocol.name[1] &&
                            (protocol.name[0] & 0x0fU) == 0x0a
                        ? "GREASE"
                        : escape_untrusted(protocol.name));
  }
  return names;
}

std::vector<std::string> shares_of(const message::ClientHello& hello) {
  std::vector<std::string> names;
  if (!hello.key_share) return names;
  for (const auto& share : *hello.key_share) {
    if (!is_grease(static_cast<std::uint16_t>(share.group))) names.push_back(described(share.group));
  }
  return names;
}

void add_list_facts(TraceStep& step, const message::ClientHello& hello) {
  step.facts.push_back(list_fact("suites", "Cipher suites", hello.cipher_suites));
  if (hello.supported_versions) {
    step.facts.push_back(list_fact("versions", "Protocol versions", *hello.supported_versions));
  }
  if (hello.supported_groups) {
    step.facts.push_back(list_fact("groups", "Key exchange groups", *hello.supported_groups));
  }
  if (hello.key_share) {
    Fact fact{"key_shares", "Key shares", {}};
    for (const auto& share : *hello.key_share) {
      FactItem item = item_of(share.group);
      item.bytes = share.key_exchange.size();
      fact.items.push_back(std::move(item));
    }
    step.facts.push_back(std::move(fact));
  }
  if (hello.signature_algorithms) {
    step.facts.push_back(list_fact("signature_schemes", "Signature schemes", *hello.signature_algorithms));
  }
  if (hello.signature_algorithms_cert) {
    step.facts.push_back(list_fact("certificate_signature_schemes", "Signature schemes in certificates",
                                   *hello.signature_algorithms_cert));
  }
}

void add_other_facts(TraceStep& step, const message::ClientHello& hello) {
  const auto protocols = protocols_of(hello);
  if (!protocols.empty()) {
    Fact fact{"application_protocols", "Application protocols (ALPN)", {}};
    for (const auto& protocol : protocols) {
      FactItem item;
      item.text = protocol;
      item.grease = protocol == "GREASE";
      fact.items.push_back(std::move(item));
    }
    step.facts.push_back(std::move(fact));
  }
  if (hello.server_name) {
    step.facts.push_back(text_fact("server_name", "Server name", escape_untrusted(*hello.server_name)));
  }
  step.facts.push_back(text_fact("random", "Random", to_hex(hello.random), hello.random.size()));
  step.facts.push_back(text_fact("session_id", "Legacy session id", to_hex(hello.legacy_session_id),
                                 hello.legacy_session_id.size()));
  if (hello.record_size_limit) {
    step.facts.push_back(
        text_fact("record_size_limit", "Record size limit", bytes_text(*hello.record_size_limit)));
  }
  step.facts.push_back(extensions_fact(hello.extensions));
}

// Where the chosen value stands among those offered: "2nd of 3". Empty if it is not there.
std::string place_among(const TraceStep* client_hello, std::string_view fact_id, std::uint16_t chosen) {
  const Fact* fact = client_hello != nullptr ? client_hello->fact(fact_id) : nullptr;
  if (fact == nullptr) return "";
  std::size_t place = 0;
  std::size_t count = 0;
  for (const auto& item : fact->items) {
    if (item.grease) continue;
    ++count;
    if (item.code == chosen) place = count;
  }
  if (place == 0) return "";
  if (count == 1) return "the only one";
  const char* ordinal = place == 1 ? "st" : place == 2 ? "nd" : place == 3 ? "rd" : "th";
  return fmt::format("{}{} of {}", place, ordinal, count);
}

const TraceStep* last_client_hello(const Trace& trace) {
  const TraceStep* found = nullptr;
  for (const auto& step : trace.steps) {
    if (step.kind == StepKind::client_hello) found = &step;
  }
  return found;
}

void describe_retry(TraceStep& step, const message::ServerHello& hello) {
  if (hello.selected_group) {
    step.say.push_back(
        {fmt::format("asks for a key for {} instead: one more round trip", described(*hello.selected_group)),
         Mark::none});
    step.facts.push_back({"group", "Group asked for", {item_of(*hello.selected_group)}});
  }
  if (hello.cookie) {
    step.say.push_back(
        {fmt::format("gives a cookie of {} to bring back", bytes_text(hello.cookie->size())), Mark::none});
  }
  step.why =
      "HelloRetryRequest — the server understood, but needs a key for another group, or wants to see that "
      "the "
      "client can be reached at its address. The client says hello once more.";
}

void describe_tls13(TraceStep& step, const message::ServerHello& hello, const TraceStep* client_hello) {
  std::string picks = "picks TLS 1.3 · " + short_name(hello.cipher_suite);
  std::vector<std::string> reasons;
  if (hello.key_share) {
    picks += " · " + described(hello.key_share->group);
    FactItem item = item_of(hello.key_share->group);
    item.bytes = hello.key_share->key_exchange.size();
    step.facts.push_back({"group", "Key exchange group", {std::move(item)}});
  }
  step.say.push_back({std::move(picks), Mark::none});
  const auto suite = static_cast<std::uint16_t>(hello.cipher_suite);
  if (const auto place = place_among(client_hello, "suites", suite); !place.empty()) {
    reasons.push_back("suite: " + place + " offered");
  }
  if (hello.key_share) {
    const auto group = static_cast<std::uint16_t>(hello.key_share->group);
    const auto place = place_among(client_hello, "groups", group);
    if (!place.empty()) reasons.push_back("group: " + place + ", its key came along");
  }
  if (!reasons.empty()) step.say.push_back({joined(reasons, " · "), Mark::none});
  if (hello.selected_identity) {
    step.say.push_back({"goes on with the earlier session: no certificate is needed", Mark::good});
    step.facts.push_back(
        text_fact("pre_shared_key", "Pre-shared key taken", std::to_string(*hello.selected_identity)));
  }
}

std::string random_sentence(Bytes random) {
  const auto tail = as_text(random.last(std::min<std::size_t>(8, random.size())));
  if (tail == kDowngradeTls12 || tail == kDowngradeTls11) {
    return "`random` ends in DOWNGRD: the server can do better and somebody or something forced an older "
           "version.";
  }
  return "`random` does not end in DOWNGRD, so nobody forced an older version.";
}

// RFC 5246 §7.4.1.3: a server that repeats the client's session id goes on with that session.
bool goes_on(const message::ServerHello& hello, const TraceStep* client_hello) {
  const Fact* const id = client_hello != nullptr ? client_hello->fact("session_id") : nullptr;
  return id != nullptr && !id->items.empty() && !hello.legacy_session_id_echo.empty() &&
         id->items.front().text == to_hex(hello.legacy_session_id_echo);
}

// TLS 1.2, and whatever is older.
void describe_tls12(TraceStep& step, const message::ServerHello& hello, const TraceStep* client_hello) {
  const bool is_tls12 = hello.legacy_version == ProtocolVersion::tls1_2;
  const bool resumed = is_tls12 && goes_on(hello, client_hello);
  step.say.push_back(
      {fmt::format("picks {} · {}", name_or_number(hello.legacy_version), name_or_number(hello.cipher_suite)),
       is_tls12 ? Mark::none : Mark::warning});
  if (resumed) {
    step.say.push_back({"goes on with the session of an earlier visit: no certificate", Mark::none});
  }
  if (hello.application_protocol) {
    const std::string name = escape_untrusted(*hello.application_protocol);
    step.say.push_back({name + " accepted", Mark::none});
    step.facts.push_back(text_fact("application_protocol", "Application protocol (ALPN)", name));
  }
  if (is_tls12) {
    step.say.push_back(hello.extended_main_secret
                           ? Say{"binds the keys to this handshake (extended main secret)", Mark::none}
                           : Say{"does not bind the keys to this handshake", Mark::warning});
  }
  step.why =
      resumed
          ? "ServerHello — the server repeats the session id: both still hold the main secret of an earlier "
            "handshake. With the two new randoms it makes new keys, and the server's Finished proves that it "
            "has the secret. Whoever learns it later can read this conversation, too: TLS 1.3 exchanges new "
            "keys when it resumes. "
          : "ServerHello — the server answers in the older version of the protocol: what it chooses, and its "
            "random. It has no half of a key in it, so that comes later and costs another round trip; TLS "
            "1.3 would be encrypted from here on. ";
  step.why += random_sentence(hello.random);
}

}  // namespace

void describe(TraceStep& step, const message::ClientHello& hello, const StepContext& context) {
  const bool mine = step.direction == Direction::sent;
  const bool again = context.trace.find(StepKind::hello_retry) != nullptr;
  if (again) {
    step.say.push_back({"the same once more, with what was asked for", Mark::none});
  } else {
    std::string can = fmt::format(
        "{} {} · {}", mine ? "I can speak" : "can speak", versions_text(hello),
        count_text(names_without_grease(hello.cipher_suites).size(), "cipher suite", "cipher suites"));
    const auto protocols = protocols_of(hello);
    if (!protocols.empty()) can += " · " + std::string(mine ? "want " : "wants ") + joined(protocols, ", ");
    step.say.push_back({std::move(can), Mark::none});
    const bool ech = hello.extensions.contains(ExtensionType::encrypted_client_hello);
    step.say.push_back({hello.server_name
                            ? fmt::format("name: {} (sent in clear{})", escape_untrusted(*hello.server_name),
                                          ech ? ", an ECH extension too" : ", no ECH")
                            : "no server name sent",
                        Mark::none});
  }
  if (hello.pre_shared_key) {
    const std::size_t count = hello.pre_shared_key->identities.size();
    // Keys that come from no session have no age (RFC 9846 §4.3.11).
    const bool agreed = std::ranges::all_of(hello.pre_shared_key->identities, [](const auto& identity) {
      return identity.obfuscated_ticket_age == 0;
    });
    step.say.push_back({fmt::format("{} {} ({}){}", mine ? "I bring" : "brings",
                                    agreed ? "a key agreed on beforehand" : "a session to go on with",
                                    count_text(count, "pre-shared key", "pre-shared keys"),
                                    hello.early_data ? ", and data that does not wait for the answer" : ""),
                        Mark::none});
    Fact keys{"pre_shared_keys", "Pre-shared keys", {}};
    for (const auto& identity : hello.pre_shared_key->identities) {
      FactItem item;
      item.text = to_hex(identity.identity.first(std::min<std::size_t>(identity.identity.size(), 16)));
      item.bytes = identity.identity.size();
      keys.items.push_back(std::move(item));
    }
    step.facts.push_back(std::move(keys));
  }
  const auto shares = shares_of(hello);
  step.say.push_back(
      {(mine ? "my keys: " : "keys: ") + (shares.empty() ? "none yet" : joined(shares, " + ")), Mark::none});
  step.why =
      "ClientHello — the client says what it can do and sends its half of a key for the groups it expects "
      "the "
      "server to like. Everybody on the way can read this message; nobody can change it unnoticed, because "
      "Finished "
      "covers it.";
  add_list_facts(step, hello);
  add_other_facts(step, hello);
}

void describe(TraceStep& step, const message::ServerHello& hello, const StepContext& context) {
  const ProtocolVersion version = hello.selected_version.value_or(hello.legacy_version);
  step.facts.push_back({"version", "Protocol version", {item_of(version)}});
  step.facts.push_back({"suite", "Cipher suite", {item_of(hello.cipher_suite)}});
  if (hello.is_hello_retry_request) {
    describe_retry(step, hello);
  } else if (version == ProtocolVersion::tls1_3) {
    describe_tls13(step, hello, last_client_hello(context.trace));
    step.why =
        "ServerHello — the server answers with its half of the key. Both sides can now compute the same "
        "secret; a "
        "listener cannot. " +
        random_sentence(hello.random);
  } else {
    describe_tls12(step, hello, last_client_hello(context.trace));
  }
  step.facts.push_back(text_fact("random", "Random", to_hex(hello.random), hello.random.size()));
  step.facts.push_back(extensions_fact(hello.extensions));
}

}  // namespace handfast::apps
