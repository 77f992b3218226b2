// What each message says, in words and facts: one function per message. RFC 9846 §4.
// Input is what src/message decoded; nothing is parsed here.
#pragma once

#include <handfast/clock.hpp>
#include <handfast/observer.hpp>
#include <string>

#include "message/decode.hpp"
#include "trace/model.hpp"

namespace handfast::apps {

// What a step may look back on.
struct StepContext {
  const Trace& trace;
  const Clock* clock = nullptr;
};

// Fills say, why and facts of `step`, whose kind, lane, direction and bytes are set.
void describe(TraceStep& step, const message::ClientHello& hello, const StepContext& context);
void describe(TraceStep& step, const message::ServerHello& hello, const StepContext& context);
void describe(TraceStep& step, const message::EncryptedExtensions& extensions, const StepContext& context);
void describe(TraceStep& step, const message::CertificateRequest& request, const StepContext& context);
void describe(TraceStep& step, const message::Certificate& certificate, const StepContext& context);
void describe(TraceStep& step, const message::CompressedCertificate& certificate, const StepContext& context);
void describe(TraceStep& step, const message::CertificateVerify& verify, const StepContext& context);
void describe(TraceStep& step, const message::Finished& finished, const StepContext& context);
void describe(TraceStep& step, const message::NewSessionTicket& ticket, const StepContext& context);
void describe(TraceStep& step, const message::EndOfEarlyData& end, const StepContext& context);
void describe(TraceStep& step, const message::KeyUpdate& update, const StepContext& context);

// TLS 1.2 and older: whether the ServerHello said so; the messages that it has for itself, false for others;
// and its change_cipher_spec, which is a record.
bool is_tls12(const Trace& trace);
bool describe_message12(TraceStep& step, HandshakeType type, const StepContext& context);
void describe_change_cipher_spec(TraceStep& step);
// Lines about step.certificates: the chain and the leaf's validity.
void describe_chain(TraceStep& step);

// Decodes `step.bytes` as `type` and describes it; a message that cannot be decoded says so.
void describe_message(TraceStep& step, HandshakeType type, const StepContext& context);

// The items of earlier steps that a later message chose: versions, suite, group, ALPN, signature scheme.
void mark_choices(Trace& trace, const TraceStep& step);

// "the extensions" as a fact.
Fact extensions_fact(const message::ExtensionBlock& block);

// What a field's bytes mean, in a few words; empty if the bytes say it all. `parent` is the enclosing field's
// extension, if there is one.
std::string meaning_of(const Field& field, Bytes message, HandshakeType type);

}  // namespace handfast::apps
