// Files by stdio, in pieces of a mebibyte.
#include "explain/capture/byte_source.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace handfast::apps::capture {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20U;

std::unexpected<Error> failed(const std::string& path, int code) {
  return failure(
      Error(ErrorCode::io_failed).with_detail(path + ": " + std::generic_category().message(code)));
}

}  // namespace

Result<std::size_t> MemorySource::read(MutableBytes out) {
  const std::size_t size = std::min(out.size(), rest_.size());
  std::copy_n(rest_.begin(), size, out.begin());
  rest_ = rest_.subspan(size);
  return size;
}

void FileSource::Closer::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  if (path == "-") return std::unique_ptr<FileSource>(new FileSource(stdin, std::nullopt, "standard input"));
  errno = 0;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return failed(path, errno);
  struct stat facts{};
  std::optional<std::uint64_t> size;
  if (::fstat(::fileno(file), &facts) == 0) {
    if (S_ISDIR(facts.st_mode)) {
      std::fclose(file);
      return failed(path, EISDIR);
    }
    if (S_ISREG(facts.st_mode)) size = static_cast<std::uint64_t>(facts.st_size);
  }
  return std::unique_ptr<FileSource>(new FileSource(file, size, path));
}

Result<std::size_t> FileSource::read(MutableBytes out) {
  errno = 0;
  const std::size_t got = std::fread(out.data(), 1, out.size(), file_.get());
  if (got == 0 && std::ferror(file_.get()) != 0) return failed(path_, errno);
  return got;
}

Result<void> BufferedSource::fill(std::size_t size) {
  if (end_ - begin_ >= size) return {};
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  buffer_.resize(std::max({buffer_.size(), size, kPiece}));
  while (end_ < size) {
    HANDFAST_TRY_ASSIGN(const std::size_t got, source_.read(MutableBytes(buffer_).subspan(end_)));
    if (got == 0) break;
    end_ += got;
  }
  return {};
}

Result<Bytes> BufferedSource::peek(std::size_t size) {
  HANDFAST_TRY(fill(size));
  return Bytes(buffer_).subspan(begin_, std::min(size, end_ - begin_));
}

Result<Bytes> BufferedSource::take(std::size_t size) {
  HANDFAST_TRY_ASSIGN(const Bytes bytes, peek(size));
  begin_ += bytes.size();
  position_ += bytes.size();
  return bytes;
}

Result<std::uint64_t> BufferedSource::skip(std::uint64_t size) {
  std::uint64_t skipped = 0;
  while (skipped < size) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(size - skipped, kPiece));
    HANDFAST_TRY_ASSIGN(const Bytes bytes, take(piece));
    skipped += bytes.size();
    if (bytes.size() < piece) break;
  }
  return skipped;
}

}  // namespace handfast::apps::capture
