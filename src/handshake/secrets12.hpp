// The keys of TLS 1.2 as the flows walk through them, with the key log. RFC 5246 §6.3, §8.1; RFC 7627 §4.
#pragma once

#include <handfast/error.hpp>
#include <memory>

#include "handshake/context.hpp"
#include "handshake/session_state.hpp"
#include "handshake/transcript12.hpp"
#include "keys/key_schedule12.hpp"

namespace handfast::handshake {

// `transcript` reaches to ClientKeyExchange; `premaster` is used up.
Result<keys::MainSecret12> derive_main_secret(Context& hs, const keys::SuiteParameters& suite, bool extended,
                                              const keys::Randoms& randoms, PremasterSecret premaster,
                                              const Transcript12& transcript);
// Of the session that goes on.
Result<keys::MainSecret12> resume_main_secret(const keys::SuiteParameters* suite,
                                              const std::shared_ptr<const SessionState>& session);
// Of a full or a resumed handshake; tells the key log.
Result<keys::KeyBlock> derive_keys12(Context& hs, const keys::SuiteParameters& suite,
                                     const keys::MainSecret12& secret, const keys::Randoms& randoms);

// Sends change_cipher_spec; what follows is protected by `keys`.
Result<void> change_write_keys(Context& hs, const keys::SuiteParameters& suite,
                               const keys::RecordKeys12& keys);
// After the peer's change_cipher_spec. Errors: message_across_key_change.
Result<void> change_read_keys(Context& hs, const keys::SuiteParameters& suite,
                              const keys::RecordKeys12& keys);

// What both sides put into the outcome.
Established outcome12(const keys::SuiteParameters& suite, const keys::MainSecret12& secret,
                      const keys::Randoms& randoms);
// What both sides remember of it; binding, times and names are added by each.
SessionState session_of(const Established& outcome, const keys::MainSecret12& secret);

}  // namespace handfast::handshake
