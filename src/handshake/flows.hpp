// The flows: how each hands over to the next. Read them in this order:
//
//   client_hello_flow ─┬▶ client13_flow            RFC 9846 §2, §A.1
//                      ├▶ client12_flow            RFC 5246 §7.3, figure 1
//                      └▶ client12_resumed_flow    RFC 5246 §7.3, figure 2; RFC 5077
//   server_hello_flow ─┬▶ server13_flow            RFC 9846 §2, §A.2
//                      ├▶ server12_flow            RFC 5246 §7.3, figure 1
//                      └▶ server12_resumed_flow    RFC 5246 §7.3, figure 2; RFC 5077
//   client_authentication_flow,                RFC 9846 §4.7.2: after the handshake, each on its own
//   server_authentication_flow
//
// The hello flows settle the version, and whether a session goes on.
#pragma once

#include "handshake/client_hello.hpp"
#include "handshake/context.hpp"
#include "handshake/flow.hpp"
#include "handshake/negotiation.hpp"
#include "handshake/negotiation12.hpp"
#include "handshake/post_handshake_auth.hpp"
#include "handshake/psk.hpp"
#include "handshake/server_answer.hpp"
#include "keys/transcript.hpp"

namespace handfast::handshake {

Flow client_hello_flow(Context& hs);
Flow client13_flow(Context& hs, SentHello hello, Message<message::ServerHello> answer, ServerAnswer choice,
                   std::optional<SelectedPsk> psk, keys::Transcript transcript);

Flow client12_flow(Context& hs, SentHello hello, Message<message::ServerHello> answer);
Flow client12_resumed_flow(Context& hs, SentHello hello, Message<message::ServerHello> answer);

Flow server_hello_flow(Context& hs);
Flow server13_flow(Context& hs, Message<message::ClientHello> hello, Negotiated choice,
                   std::optional<SelectedPsk> psk, keys::Transcript transcript, bool hello_retry);

Flow server12_flow(Context& hs, Message<message::ClientHello> hello, Negotiated12 choice);
Flow server12_resumed_flow(Context& hs, Message<message::ClientHello> hello, Negotiated12 choice);

// `transcript` reaches to the client's Finished.
Flow client_authentication_flow(Context& hs, keys::Transcript transcript);
// `base_key`: under which the client's messages came.
Flow server_authentication_flow(Context& hs, AskedClient asked, HashSecret base_key);

}  // namespace handfast::handshake
