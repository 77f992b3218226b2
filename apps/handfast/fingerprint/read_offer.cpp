// From the decoder's views to a ClientOffer that outlives the message.
#include "fingerprint/client_offer.hpp"
#include "message/client_hello.hpp"

namespace handfast::apps {
namespace {

// The decoder bounds the lists of a message by its size; this bounds what a page shows of each.
constexpr std::size_t kListMax = 512;

template <class Enum>
std::vector<std::uint16_t> numbers(const std::optional<message::CodepointList<Enum>>& list) {
  return list ? list->numbers(kListMax) : std::vector<std::uint16_t>{};
}

}  // namespace

Result<ClientOffer> read_client_offer(Bytes message) {
  HANDFAST_TRY_ASSIGN(const message::ClientHello hello, message::decode_client_hello(message));
  ClientOffer out;
  out.message_size = message.size();
  out.legacy_version = static_cast<std::uint16_t>(hello.legacy_version);
  out.session_id_size = hello.legacy_session_id.size();
  out.suites = hello.cipher_suites.numbers(kListMax);
  for (const message::Extension& extension : hello.extensions) {
    out.extensions.push_back({static_cast<std::uint16_t>(extension.type), extension.body.size()});
  }
  out.versions = numbers(hello.supported_versions);
  out.groups = numbers(hello.supported_groups);
  if (hello.key_share) {
    for (const message::KeyShareEntry& share : *hello.key_share) {
      out.key_shares.push_back({static_cast<std::uint16_t>(share.group), share.key_exchange.size()});
    }
  }
  out.signature_schemes = numbers(hello.signature_algorithms);
  out.certificate_signature_schemes = numbers(hello.signature_algorithms_cert);
  out.certificate_compression = numbers(hello.compress_certificate);
  if (hello.psk_key_exchange_modes) {
    out.psk_modes.assign(hello.psk_key_exchange_modes->begin(), hello.psk_key_exchange_modes->end());
  }
  if (hello.ec_point_formats) {
    out.point_formats.assign(hello.ec_point_formats->begin(), hello.ec_point_formats->end());
  }
  if (hello.application_layer_protocol_negotiation) {
    for (const message::ProtocolName& name : *hello.application_layer_protocol_negotiation) {
      out.application_protocols.emplace_back(as_text(name.name));
    }
  }
  if (hello.server_name) out.server_name = std::string(as_text(*hello.server_name));
  out.record_size_limit = hello.record_size_limit;
  return out;
}

}  // namespace handfast::apps
