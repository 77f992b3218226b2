// What each ClientHello extension asks for.
#include <handfast/codepoints.hpp>

#include "meanings.hpp"
#include "trace/names.hpp"

namespace handfast::apps::serve {
namespace {

struct Row {
  std::uint16_t code;
  std::string_view name;  // empty: the library knows it
  std::string_view note;
};

constexpr Row kRows[] = {
    {0, "", "Which of the server's names is wanted. Readable by everybody on the way"},
    {1, "", "Wishes shorter records; replaced by record_size_limit"},
    {5, "", "Asks the server to enclose a fresh statement that its certificate is not revoked"},
    {10, "", "The key-exchange groups the client can use, its favourite first"},
    {11, "", "How points of elliptic curves are written; TLS 1.2 only, kept for old servers"},
    {13, "", "The signatures the client can check: this decides which certificate the server may show"},
    {14, "", "Keys for secure real-time media"},
    {15, "", "The extension behind Heartbleed; no longer used"},
    {16, "", "Which protocol shall be spoken inside, for instance h2 for HTTP/2"},
    {17, "status_request_v2", "An older way to ask for several revocation statements"},
    {18, "", "Asks for proof that the certificate is in a public log"},
    {19, "", "The kinds of certificate the client can present, beside X.509"},
    {20, "", "The kinds of certificate the client accepts, beside X.509"},
    {21, "", "Zeros that make the message longer, for servers that trip over certain lengths"},
    {22, "", "TLS 1.2 only: encrypt before authenticating; always so in TLS 1.3"},
    {23, "", "TLS 1.2 only: binds the keys to the whole handshake; always so in TLS 1.3"},
    {24, "token_binding", "Binds cookies to a key of the client"},
    {27, "", "The client can unpack a compressed certificate message"},
    {28, "", "The longest record the client wants to receive"},
    {34, "delegated_credential", "Accepts a short-lived key that the certificate's owner signed"},
    {35, "", "TLS 1.2 only: resumption without memory on the server"},
    {41, "", "Resumes an earlier session, with proof that the client knows its secret"},
    {42, "", "The client sends data before the handshake is done"},
    {43, "", "The TLS versions the client speaks. The version field at the front is a fossil"},
    {44, "", "What the server asked to be told back"},
    {45, "", "How a resumed session may be protected: with a fresh key exchange or without"},
    {47, "", "The authorities whose certificates the client trusts"},
    {48, "", "Conditions for client certificates"},
    {49, "", "The server may ask for a client certificate later on"},
    {50, "", "The signatures that may stand in certificates, where they differ from the handshake's"},
    {51, "", "The client's half of the key exchange, made on a guess so that one round trip suffices"},
    {57, "quic_transport_parameters", "QUIC's settings; has no place on TCP"},
    {58, "", "How many tickets for later resumption the client would like"},
    {13172, "next_protocol_negotiation", "The forerunner of ALPN"},
    {17513, "application_settings (old)", "A browser's experiment: HTTP settings inside the handshake"},
    {17613, "application_settings", "A browser's experiment: HTTP settings inside the handshake"},
    {51764, "trust_anchors", "Tells which roots the client trusts, so that the server can pick a chain"},
    {0xfe0d, "",
     "Hides the server's name in an encrypted inner hello; without the server's key it is a decoy"},
    {0xff01, "", "TLS 1.2 only: guards against an old renegotiation attack"},
};

}  // namespace

Meaning extension_meaning(std::uint16_t extension) {
  Meaning out;
  if (is_grease(extension)) {
    out.name = "GREASE " + number_text(extension);
    out.note =
        "A random number that stands for nothing: it keeps servers used to ignoring what they do not know";
    return out;
  }
  const std::string_view known = name_of(static_cast<ExtensionType>(extension));
  out.name = known.empty() ? number_text(extension) : std::string(known);
  out.note = "Not known to this server, which ignores it, as the standard asks";
  for (const Row& row : kRows) {
    if (row.code != extension) continue;
    if (!row.name.empty()) out.name = row.name;
    out.note = row.note;
  }
  return out;
}

}  // namespace handfast::apps::serve
