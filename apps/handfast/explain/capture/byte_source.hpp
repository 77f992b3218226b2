// Where the bytes of a capture come from: a file, standard input, or a test's memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <string>

namespace handfast::apps::capture {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to out.size() bytes; 0 at the end. Errors: io_failed.
  virtual Result<std::size_t> read(MutableBytes out) = 0;
  // All bytes that will come, if that is known.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : rest_(bytes), size_(bytes.size()) {}
  Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

 private:
  Bytes rest_;
  std::uint64_t size_;
};

class FileSource : public ByteSource {
 public:
  // "-" is standard input. Errors: io_failed.
  static Result<std::unique_ptr<FileSource>> open(const std::string& path);
  Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const;
  };
  FileSource(std::FILE* file, std::optional<std::uint64_t> size, std::string path)
      : file_(file), size_(size), path_(std::move(path)) {}
  std::unique_ptr<std::FILE, Closer> file_;
  std::optional<std::uint64_t> size_;
  std::string path_;
};

// Gives out consecutive pieces of a source without copying them more than once.
class BufferedSource {
 public:
  explicit BufferedSource(ByteSource& source) : source_(source) {}

  // The next `size` bytes, fewer at the end. Valid until the next call. Errors: io_failed.
  Result<Bytes> peek(std::size_t size);
  Result<Bytes> take(std::size_t size);
  // Passes over `size` bytes; answers how many there were.
  Result<std::uint64_t> skip(std::uint64_t size);
  // Bytes taken so far.
  [[nodiscard]] std::uint64_t position() const { return position_; }

 private:
  Result<void> fill(std::size_t size);

  ByteSource& source_;
  ByteString buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace handfast::apps::capture
