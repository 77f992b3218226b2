// Where the trust anchors of this machine are. Must not judge them: pki does.
#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <handfast/system.hpp>
#include <set>
#include <system_error>
#include <vector>

#include "io/system_call.hpp"

namespace handfast {
namespace {

// The bundle that each distribution's ca-certificates package keeps.
constexpr std::array kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",                   // older Fedora, RHEL
    "/etc/ssl/cert.pem",                                  // Alpine, FreeBSD, macOS
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
};

// The detail of an error about something in a file begins with its path.
Error in_file(const std::string& path, const Error& error) {
  Error out = error;
  return out.with_detail(path + (error.detail().empty() ? "" : ": " + std::string(error.detail())));
}

void append(std::vector<Error>* left_out, const std::string& path, const std::vector<Error>& refused) {
  if (left_out == nullptr) return;
  for (const Error& error : refused) left_out->push_back(in_file(path, error));
}

// What was tried and what was there, for the error.
class Search {
 public:
  explicit Search(std::vector<Error>* left_out) : left_out_(left_out) {}

  // True if at least one anchor came out of the file.
  bool add_bundle(const std::string& path) {
    auto text = read_file(path);
    if (!text) return note(std::string(text.error().detail()));
    const auto loaded = anchors_->add_pem(*text);
    if (!loaded) return note(path + ": " + loaded.error().to_string());
    if (loaded->accepted == 0) return note(path + ": no certificate in it");
    append(left_out_, path, loaded->refused);
    return true;
  }

  void add_folder(const std::string& path) {
    DIR* folder = ::opendir(path.c_str());
    if (folder == nullptr) {
      note(path + ": " + io::words_of(errno));
      return;
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(folder)) names.emplace_back(entry->d_name);
    ::closedir(folder);
    std::ranges::sort(names);
    std::size_t found = 0;
    for (const auto& name : names) {
      const std::string file = fmt::format("{}/{}", path, name);
      if (is_certificate_name(name) && is_new(file) && add_file(file)) ++found;
    }
    if (found == 0) note(path + ": no certificate in it");
  }

  Result<std::shared_ptr<const TrustAnchors>> take() {
    if (!anchors_->empty()) return std::move(anchors_);
    return failure(
        Error(ErrorCode::configuration_invalid).with_detail("no trust anchors found; looked at " + looked_));
  }

 private:
  bool add_file(const std::string& path) {
    const auto text = read_file(path);
    if (!text) {
      if (left_out_ != nullptr) left_out_->push_back(text.error());
      return false;
    }
    const auto loaded = anchors_->add_pem(*text);
    append(left_out_, path, loaded ? loaded->refused : std::vector{loaded.error()});
    return loaded.has_value();
  }

  bool note(const std::string& what) {
    if (!looked_.empty()) looked_ += "; ";
    looked_ += what;
    return false;
  }

  // Such folders hold each file and a link to it that is named by a hash ("1234abcd.0").
  bool is_new(const std::string& path) {
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    return !error && seen_.insert(real.string()).second;
  }

  static bool is_certificate_name(std::string_view name) {
    return name.ends_with(".pem") || name.ends_with(".crt") || name.ends_with(".cer") ||
           (name.size() == 10 && name[8] == '.' && name[9] >= '0' && name[9] <= '9');
  }

  std::shared_ptr<TrustAnchors> anchors_ = std::make_shared<TrustAnchors>();
  std::vector<Error>* left_out_;
  std::set<std::string> seen_;
  std::string looked_;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Result<std::shared_ptr<const TrustAnchors>> system_trust(std::vector<Error>* left_out) {
  Search search(left_out);
  const std::string file = environment("SSL_CERT_FILE");
  const std::string folders = environment("SSL_CERT_DIR");
  if (file.empty() && folders.empty()) {
    for (const char* bundle : kBundles) {
      if (search.add_bundle(bundle)) break;
    }
    return search.take();
  }
  if (!file.empty()) search.add_bundle(file);
  for (std::size_t begin = 0; begin < folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    if (end > begin) search.add_folder(folders.substr(begin, end - begin));
    begin = end + 1;
  }
  return search.take();
}

Result<std::shared_ptr<const TrustAnchors>> trust_from_file(const std::string& path,
                                                            std::vector<Error>* left_out) {
  HANDFAST_TRY_ASSIGN(const std::string text, read_file(path));
  auto anchors = std::make_shared<TrustAnchors>();
  auto loaded = anchors->add_pem(text);
  if (!loaded)
    return failure(Error(loaded.error().code()).with_detail(path + ": " + loaded.error().to_string()));
  append(left_out, path, loaded->refused);
  return anchors;
}

}  // namespace handfast
