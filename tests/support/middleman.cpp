// Middleman: see the header. RFC 9846 §5.2, §5.3, §4.5.2, §4.5.3.
#include "support/middleman.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "handshake/authentication.hpp"
#include "keys/key_schedule.hpp"
#include "message/server_hello.hpp"
#include "record/protection.hpp"

namespace handfast::test {
namespace {

Endpoint endpoint(Connection connection) { return {std::move(connection), {}, {}, {}, {}, false}; }

std::shared_ptr<const Signer> first_signer(const std::vector<Credential>& credentials) {
  return credentials.empty() ? nullptr : credentials.front().signer;
}

template <class Settings>
Settings logged(Settings settings, danger::KeyLog& log) {
  settings.key_log = &log;
  return settings;
}

void put_length(ByteString& record, std::size_t at, std::size_t length) {
  record[at] = static_cast<std::uint8_t>(length >> 8U);
  record[at + 1] = static_cast<std::uint8_t>(length);
}

keys::Transcript transcript_of(const keys::SuiteParameters& suite, const std::vector<ByteString>& messages) {
  keys::Transcript transcript(suite.hash);
  for (const ByteString& message : messages) {
    if (message::is_hello_retry_request(message)) {
      EXPECT_TRUE(transcript.replace_with_message_hash());
    }
    transcript.add(message);
  }
  return transcript;
}

}  // namespace

ByteString plain_record(ContentType type, Bytes content) {
  ByteString record = {static_cast<std::uint8_t>(type), 3, 3, 0, 0};
  put_length(record, 3, content.size());
  record.insert(record.end(), content.begin(), content.end());
  return record;
}

ByteString handshake_message(HandshakeType type, Bytes body) {
  ByteString message = {static_cast<std::uint8_t>(type), 0, 0, 0};
  message.insert(message.end(), body.begin(), body.end());
  fix_length(message);
  return message;
}

void fix_length(ByteString& message) {
  const std::size_t length = message.size() - 4;
  message[1] = static_cast<std::uint8_t>(length >> 16U);
  put_length(message, 2, length & 0xffffU);
}

Middleman::Middleman(ClientSettings client_settings, ServerSettings server_settings,
                     ConnectionOptions client_options, ConnectionOptions server_options)
    : client_signer_(first_signer(client_settings.credentials)),
      server_signer_(first_signer(server_settings.credentials)),
      client(endpoint(
          must(Connection::client(client_config(logged(std::move(client_settings), client_view_)),
                                  must(ServerName::parse("server.test")), std::move(client_options))))),
      server(endpoint(must(Connection::server(server_config(logged(std::move(server_settings), server_view_)),
                                              std::move(server_options))))) {}

void Middleman::run(const Edit& edit) {
  for (int round = 0; round < 100; ++round) {
    bool spoke = false;
    for (const Direction direction : {Direction::sent, Direction::received}) {
      std::vector<Item> items = take(direction);
      spoke = spoke || !items.empty();
      if (edit && !items.empty()) edit(direction, items);
      for (const Item& item : items) deliver(direction, item);
    }
    if (!spoke) return;
  }
  ADD_FAILURE() << "the two ends never came to rest";
}

std::vector<Item> Middleman::take(Direction direction) {
  return open(direction, (direction == Direction::sent ? client : server).drain());
}

bool Middleman::set_secret(Channel& channel, const keys::SuiteParameters& suite,
                           crypto::Aead::Purpose purpose) {
  const keys::TrafficKeys keys = must(keys::traffic_keys(suite, HashSecret(Bytes(channel.secret))));
  channel.aead.emplace(must(crypto::Aead::create(suite.aead, purpose, keys.key.view())));
  channel.iv = copy_of(keys.iv.view());
  channel.sequence = 0;
  return true;
}

bool Middleman::use(Channel& channel, const View& view, Direction direction, Epoch epoch,
                    crypto::Aead::Purpose purpose) {
  if (channel.epoch == epoch && channel.aead) return true;
  const std::string side = direction == Direction::sent ? "CLIENT" : "SERVER";
  const auto secret = view.secrets.find(
      side + (epoch == Epoch::handshake ? "_HANDSHAKE_TRAFFIC_SECRET" : "_TRAFFIC_SECRET_0"));
  if (secret == view.secrets.end() || view.suite == nullptr) return false;
  channel.epoch = epoch;
  channel.secret = secret->second;
  return set_secret(channel, *view.suite, purpose);
}

void Middleman::update(Channel& channel, const View& view, crypto::Aead::Purpose purpose) {
  channel.secret =
      copy_of(must(keys::next_traffic_secret(view.suite->hash, HashSecret(Bytes(channel.secret)))).view());
  set_secret(channel, *view.suite, purpose);
}

void Middleman::note(View& view, Bytes message) {
  view.messages.push_back(copy_of(message));
  if (message[0] != static_cast<std::uint8_t>(HandshakeType::server_hello)) return;
  const auto hello = message::decode_server_hello(message);
  if (hello) view.suite = keys::find_suite(hello->cipher_suite);
}

std::vector<Item> Middleman::open(Direction direction, const ByteString& bytes) {
  std::vector<Item> items;
  View& view = view_of_sender(direction);
  Reading& reading = reading_[direction];
  for (std::size_t at = 0; at + 5 <= bytes.size();) {
    const std::size_t length = static_cast<std::size_t>(bytes[at + 3]) << 8U | bytes[at + 4];
    Item item{static_cast<ContentType>(bytes[at]), {}, Epoch::plaintext};
    const Bytes header = Bytes(bytes).subspan(at, 5);
    ByteString content = copy_of(Bytes(bytes).subspan(at + 5, length));
    at += 5 + length;
    if (item.type == ContentType::application_data) {
      if (reading.epoch == Epoch::plaintext) reading.epoch = Epoch::handshake;
      if (!use(reading.channel, view, direction, reading.epoch, crypto::Aead::Purpose::open)) {
        ADD_FAILURE() << "no key to read with";
        return items;
      }
      record::NonceSequence nonce(reading.channel.iv);
      while (nonce.number() != reading.channel.sequence) nonce.advance();
      ++reading.channel.sequence;
      ByteString opened = copy_of(must(reading.channel.aead->open(nonce.nonce(), header, content)));
      while (opened.back() == 0) opened.pop_back();
      item.type = static_cast<ContentType>(opened.back());
      item.epoch = reading.epoch;
      opened.pop_back();
      content = std::move(opened);
    }
    if (item.type == ContentType::alert && content.size() == 2) {
      alerts[direction].push_back(static_cast<AlertDescription>(content[1]));
    }
    if (item.type != ContentType::handshake) {
      item.content = std::move(content);
      items.push_back(std::move(item));
      continue;
    }
    ByteString& partial = reading.partial;
    partial.insert(partial.end(), content.begin(), content.end());
    while (partial.size() >= 4) {
      const std::size_t size = 4U + (static_cast<std::size_t>(partial[1]) << 16U |
                                     static_cast<std::size_t>(partial[2]) << 8U | partial[3]);
      if (partial.size() < size) break;
      item.content.assign(partial.begin(), partial.begin() + static_cast<std::ptrdiff_t>(size));
      partial.erase(partial.begin(), partial.begin() + static_cast<std::ptrdiff_t>(size));
      if (item.epoch != Epoch::application) note(view, item.content);
      if (item.is(HandshakeType::finished)) reading.epoch = Epoch::application;
      if (item.epoch == Epoch::application && item.is(HandshakeType::key_update)) {
        update(reading.channel, view, crypto::Aead::Purpose::open);
      }
      items.push_back(item);
    }
  }
  return items;
}

ByteString Middleman::sealed(Direction direction, Epoch epoch, Bytes inner) {
  Channel& channel = writing_[direction];
  View& view = view_of_receiver(direction);
  // A receiver without keys gets what its peer meant.
  if (!use(channel, view, direction, epoch, crypto::Aead::Purpose::seal) &&
      !use(channel, view_of_sender(direction), direction, epoch, crypto::Aead::Purpose::seal)) {
    return {};
  }
  ByteString record = {static_cast<std::uint8_t>(ContentType::application_data), 3, 3, 0, 0};
  put_length(record, 3, inner.size() + crypto::kAeadTagSize);
  const ByteString header = record;
  record.resize(header.size() + inner.size() + crypto::kAeadTagSize);
  record::NonceSequence nonce(channel.iv);
  while (nonce.number() != channel.sequence) nonce.advance();
  ++channel.sequence;
  EXPECT_TRUE(
      channel.aead->seal(nonce.nonce(), header, inner, {}, MutableBytes(record).subspan(header.size())));
  return record;
}

void Middleman::forge(Direction direction, ByteString& message) {
  const View& view = view_of_receiver(direction);
  const auto type = static_cast<HandshakeType>(message[0]);
  if (view.suite == nullptr) return;
  const keys::Transcript transcript = transcript_of(*view.suite, view.messages);
  const Side signer_side = direction == Direction::sent ? Side::client : Side::server;
  if (type == HandshakeType::finished && message.size() > 4) {
    const auto secret = view.secrets.find(direction == Direction::sent ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
                                                                       : "SERVER_HANDSHAKE_TRAFFIC_SECRET");
    if (secret == view.secrets.end()) return;
    message = must(handshake::make_finished(HashSecret(Bytes(secret->second)), transcript));
  } else if (type == HandshakeType::certificate_verify && message.size() > 6) {
    const auto scheme = static_cast<SignatureScheme>(message[4] << 8U | message[5]);
    const ByteString content = must(handshake::signed_content(signer_side, transcript));
    auto pending = std::make_shared<PendingDecision<ByteString>>(nullptr);
    (signer_side == Side::client ? client_signer_ : server_signer_)
        ->sign(scheme, content, Completion<ByteString>(pending));
    auto signature = pending->take();  // a signer that answers later has signed the original
    if (signature && *signature) message = must(handshake::make_certificate_verify(scheme, **signature));
  }
}

ByteString Middleman::protect(Direction direction, const Item& item, Bytes content) {
  if (item.epoch == Epoch::plaintext) return plain_record(item.type, content);
  ByteString inner = copy_of(content);
  inner.push_back(static_cast<std::uint8_t>(item.type));
  return sealed(direction, item.epoch, item.inner ? *item.inner : inner);
}

void Middleman::deliver(Direction direction, const Item& item) {
  Endpoint& to = receiver(direction);
  const auto hand_over = [&](const ByteString& record) {
    to.inbox.insert(to.inbox.end(), record.begin(), record.end());
    digest(to);
  };
  if (!item.raw.empty()) return hand_over(item.raw);

  ByteString content = item.content;
  const bool is_message = item.type == ContentType::handshake && content.size() >= 4 && !item.inner;
  const bool in_handshake = is_message && item.epoch != Epoch::application;
  if (in_handshake && item.forge) forge(direction, content);
  if (in_handshake) note(view_of_receiver(direction), content);
  if (in_handshake && item.tail.size() >= 4) note(view_of_receiver(direction), item.tail);
  content.insert(content.end(), item.tail.begin(), item.tail.end());

  Bytes rest = content;
  do {
    const Bytes piece = rest.first(std::min(rest.size(), item.fragment == 0 ? rest.size() : item.fragment));
    rest = rest.subspan(piece.size());
    hand_over(protect(direction, item, piece));
  } while (!rest.empty());
  if (item.epoch == Epoch::application && item.is(HandshakeType::key_update)) {
    update(writing_[direction], view_of_receiver(direction), crypto::Aead::Purpose::seal);
  }
}

}  // namespace handfast::test
