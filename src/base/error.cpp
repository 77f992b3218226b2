// Error: building and reading. The table is in error_table.cpp.
#include <fmt/format.h>

#include <handfast/error.hpp>

namespace handfast {

struct Error::Details {
  std::string detail;
  std::string fix;
  std::string subject;
  std::vector<std::uint16_t> offered;
  std::vector<std::uint16_t> accepted;
  std::optional<std::size_t> depth;
};

namespace {
const std::vector<std::uint16_t> kNoNumbers;
}

Error::Error(ErrorCode code) : code_(code), alert_(info_of(code).alert) {}

Error::Details& Error::details() {
  if (!details_) {
    details_ = std::make_shared<Details>();
  } else if (details_.use_count() > 1) {
    details_ = std::make_shared<Details>(*details_);
  }
  return *details_;
}

Error& Error::at(const char* field, std::size_t offset) {
  field_ = field;
  offset_ = static_cast<std::uint32_t>(offset);
  return *this;
}

Error& Error::in(HandshakeType message) {
  message_ = static_cast<std::uint8_t>(message);
  return *this;
}

Error& Error::seen_by(Side side) {
  side_ = static_cast<std::uint8_t>(side);
  return *this;
}

Error& Error::with_alert(AlertDescription alert) {
  alert_ = alert;
  return *this;
}

Error& Error::with_detail(std::string detail) {
  details().detail = std::move(detail);
  return *this;
}

Error& Error::with_fix(std::string fix) {
  details().fix = std::move(fix);
  return *this;
}

Error& Error::with_sets(std::vector<std::uint16_t> offered, std::vector<std::uint16_t> accepted) {
  details().offered = std::move(offered);
  details().accepted = std::move(accepted);
  return *this;
}

Error& Error::with_certificate(std::size_t depth, std::string subject) {
  details().depth = depth;
  details().subject = std::move(subject);
  return *this;
}

std::optional<HandshakeType> Error::message() const {
  if (message_ == 0xff) return std::nullopt;
  return static_cast<HandshakeType>(message_);
}

std::optional<Side> Error::side() const {
  if (side_ == 0xff) return std::nullopt;
  return static_cast<Side>(side_);
}

std::string_view Error::detail() const { return details_ ? std::string_view(details_->detail) : ""; }

std::string_view Error::fix() const { return details_ ? std::string_view(details_->fix) : ""; }

const std::vector<std::uint16_t>& Error::offered() const { return details_ ? details_->offered : kNoNumbers; }

const std::vector<std::uint16_t>& Error::accepted() const {
  return details_ ? details_->accepted : kNoNumbers;
}

std::optional<std::size_t> Error::certificate_depth() const {
  return details_ ? details_->depth : std::nullopt;
}

std::string_view Error::certificate_subject() const {
  return details_ ? std::string_view(details_->subject) : "";
}

std::string Error::to_string() const {
  std::string text(info().sentence);
  if (code_ == ErrorCode::alert_received) text += fmt::format(": {}", name_of(alert_));
  if (const auto type = message()) text += fmt::format(", in {}", name_of(*type));
  if (*field_ != '\0') text += fmt::format(", field {} at byte {}", field_, offset_);
  if (const auto depth = certificate_depth()) {
    text += fmt::format(", certificate {} ({})", *depth, certificate_subject());
  }
  if (!detail().empty()) text += fmt::format(": {}", detail());
  if (!fix().empty()) text += fmt::format("; to mend it: {}", fix());
  return text;
}

}  // namespace handfast
