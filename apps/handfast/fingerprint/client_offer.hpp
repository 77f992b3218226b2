// ClientOffer: what a ClientHello says, as plain numbers and texts that a page or a fingerprint can be made
// of. RFC 9846 §4.2.2, §4.3. Taken from the library's own decoder; must not hold views into the message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <vector>

namespace handfast::apps {

struct OfferedExtension {
  std::uint16_t type = 0;
  std::size_t size = 0;  // of extension_data
};

struct OfferedKeyShare {
  std::uint16_t group = 0;
  std::size_t size = 0;  // of key_exchange
};

// Lists are in the order of the wire and still hold GREASE. Texts are the peer's own: escape before showing.
struct ClientOffer {
  std::size_t message_size = 0;
  std::uint16_t legacy_version = 0;
  std::size_t session_id_size = 0;
  std::vector<std::uint16_t> suites;
  std::vector<OfferedExtension> extensions;
  std::vector<std::uint16_t> versions;  // supported_versions; empty: the extension is absent
  std::vector<std::uint16_t> groups;
  std::vector<OfferedKeyShare> key_shares;
  std::vector<std::uint16_t> signature_schemes;
  std::vector<std::uint16_t> certificate_signature_schemes;
  std::vector<std::uint16_t> certificate_compression;  // RFC 8879 algorithms
  std::vector<std::uint8_t> psk_modes;
  std::vector<std::uint8_t> point_formats;  // of elliptic curves, RFC 8422
  std::vector<std::string> application_protocols;
  std::optional<std::string> server_name;
  std::optional<std::uint16_t> record_size_limit;

  [[nodiscard]] bool has(std::uint16_t extension) const;
  [[nodiscard]] bool offers_post_quantum() const;  // in supported_groups
  [[nodiscard]] bool sends_post_quantum_share() const;
};

// From a whole ClientHello, message header included. Errors: those of the decoder.
Result<ClientOffer> read_client_offer(Bytes message);

// True for ML-KEM and the hybrids with it.
bool is_post_quantum(std::uint16_t group);

}  // namespace handfast::apps
