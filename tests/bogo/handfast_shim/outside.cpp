// Signer and verifier of the shim: see the header.
#include "outside.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "crypto/private_key.hpp"

namespace handfast::bogo {
namespace {

class ShimSigner : public Signer {
 public:
  ShimSigner(std::shared_ptr<const Signer> inner, const Options& options, int index, Later& later, Seen& seen)
      : inner_(std::move(inner)), options_(options), index_(index), later_(later), seen_(seen) {}

  void limit_to(const std::vector<std::uint16_t>& wanted) {
    const auto all = inner_->schemes();
    if (wanted.empty()) schemes_.assign(all.begin(), all.end());
    for (const std::uint16_t number : wanted) {
      const auto scheme = static_cast<SignatureScheme>(number);
      if (std::ranges::find(all, scheme) != all.end()) schemes_.push_back(scheme);
    }
  }

  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return schemes_; }
  [[nodiscard]] Bytes public_key() const override { return inner_->public_key(); }

  void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const override {
    note_use();
    // A server asks its OCSP callback for a staple just before: what fails there fails the handshake.
    if (options_.is_server && options_.use_ocsp_callback && options_.fail_ocsp_callback) {
      done.complete(failure(Error(ErrorCode::signer_failed).with_detail("OCSP callback failed")));
      return;
    }
    if (!options_.async) return inner_->sign(scheme, content, std::move(done));
    auto shared = std::make_shared<Completion<ByteString>>(std::move(done));
    later_.add(
        [this, scheme, copy = copy_of(content), shared] { inner_->sign(scheme, copy, std::move(*shared)); });
  }

 protected:
  void note_use() const { seen_.credential = index_; }

 private:
  std::shared_ptr<const Signer> inner_;
  std::vector<SignatureScheme> schemes_;
  const Options& options_;
  int index_;
  Later& later_;
  Seen& seen_;
};

// A key that can also serve RSA key exchange in TLS 1.2.
class ShimRsaSigner final : public ShimSigner, public crypto::PremasterDecryptor {
 public:
  ShimRsaSigner(std::shared_ptr<const Signer> inner, const crypto::PremasterDecryptor& decryptor,
                const Options& options, int index, Later& later, Seen& seen)
      : ShimSigner(std::move(inner), options, index, later, seen), decryptor_(decryptor) {}

  [[nodiscard]] Result<crypto::RsaPremaster> decrypt_premaster(Bytes encrypted, ProtocolVersion offered,
                                                               const RandomSource& random) const override {
    note_use();
    return decryptor_.decrypt_premaster(encrypted, offered, random);
  }

 private:
  const crypto::PremasterDecryptor& decryptor_;  // the inner signer, by its other face
};

class ShimVerifier final : public CertificateVerifier {
 public:
  ShimVerifier(const Options& options, Later& later, Seen& seen)
      : options_(options), later_(later), seen_(seen), authorities_(read_names(options.use_client_ca_list)) {}

  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    seen_.verified = true;
    if (!options_.async) {
      done.complete(verdict(*request.certificates));
      return;
    }
    auto shared = std::make_shared<Completion<Verdict>>(std::move(done));
    later_.add(
        [this, shared, certificates = request.certificates] { shared->complete(verdict(*certificates)); });
  }

  [[nodiscard]] std::vector<ByteString> authorities() const override { return authorities_; }
  // The runner resumes what another connection's verifier has seen.
  [[nodiscard]] ByteString identity() const override { return {'s', 'h', 'i', 'm'}; }

 private:
  [[nodiscard]] Result<Verdict> verdict(const PeerCertificates& certificates) const {
    // Early data that was taken leaves nothing to verify after the answer.
    const Options& options = seen_.offers_early_data && seen_.answered ? *options_.retry : options_;
    const bool insists = options.verify_peer || options.require_any_client_certificate;
    seen_.verify_failed = options.verify_fail;
    if (options.verify_fail && insists) {
      Error error = ErrorCode::certificate_refused_by_application;
      // BoringSSL's older callback has another alert.
      if (!options.use_custom_verify_callback) error.with_alert(AlertDescription::handshake_failure);
      return failure(error);
    }
    if (!options_.is_server && options_.use_ocsp_callback && options_.fail_ocsp_callback) {
      return failure(Error(ErrorCode::certificate_staple_invalid).with_detail("OCSP callback failed"));
    }
    return Verdict{certificates.chain};
  }

  const Options& options_;
  Later& later_;
  Seen& seen_;
  std::vector<ByteString> authorities_;
};

ByteString read_hex(std::string_view text) {
  ByteString out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    out.push_back(byte);
  }
  return out;
}

}  // namespace

void TrafficSecrets::on_secret(std::string_view label, Bytes, Bytes secret) {
  if (label == "CLIENT_TRAFFIC_SECRET_0") of_client = copy_of(secret);
  if (label == "SERVER_TRAFFIC_SECRET_0") of_server = copy_of(secret);
}

bool Later::run() {
  const auto work = std::move(work_);
  work_.clear();
  for (const auto& step : work) step();
  return !work.empty();
}

std::shared_ptr<const Signer> make_signer(std::shared_ptr<const Signer> inner, const Options& options,
                                          const std::vector<std::uint16_t>& schemes, int index, Later& later,
                                          Seen& seen) {
  std::shared_ptr<ShimSigner> signer;
  if (const auto* const decryptor = dynamic_cast<const crypto::PremasterDecryptor*>(inner.get())) {
    signer = std::make_shared<ShimRsaSigner>(std::move(inner), *decryptor, options, index, later, seen);
  } else {
    signer = std::make_shared<ShimSigner>(std::move(inner), options, index, later, seen);
  }
  signer->limit_to(schemes);
  return signer;
}

std::shared_ptr<const CertificateVerifier> make_verifier(const Options& options, Later& later, Seen& seen) {
  return std::make_shared<ShimVerifier>(options, later, seen);
}

std::vector<ByteString> read_names(const std::string& text) {
  std::vector<ByteString> names;
  if (text.empty() || text == "<EMPTY>") return names;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    names.push_back(read_hex(std::string_view(text).substr(start, comma - start)));
    start = comma + 1;
  }
  return names;
}

}  // namespace handfast::bogo
