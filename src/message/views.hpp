// Views of lists inside a message: nothing is copied or allocated, an element is taken apart when it is
// reached. RFC 9846 §3.4. Valid as long as the message's bytes. Must be safe on any bytes: a list that is not
// well-formed simply ends early (decoders have refused it before anybody iterates).
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <iterator>
#include <vector>

#include "wire/reader.hpp"

namespace handfast::message {

// Big-endian 16-bit code points, one after another: CipherSuite, NamedGroup, SignatureScheme, …
template <class Enum>
class CodepointList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Enum;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Enum;

    Iterator() = default;
    explicit Iterator(const std::uint8_t* at) : at_(at) {}
    Enum operator*() const { return static_cast<Enum>(static_cast<std::uint16_t>((at_[0] << 8U) | at_[1])); }
    Iterator& operator++() {
      at_ += 2;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      at_ += 2;
      return before;
    }
    friend bool operator==(Iterator, Iterator) = default;

   private:
    const std::uint8_t* at_ = nullptr;
  };

  CodepointList() = default;
  // The content of the vector, without its length prefix. A last odd byte is left out.
  explicit CodepointList(Bytes content) : content_(content.first(content.size() / 2 * 2)) {}

  [[nodiscard]] Iterator begin() const { return Iterator(content_.data()); }
  [[nodiscard]] Iterator end() const { return Iterator(content_.data() + content_.size()); }
  [[nodiscard]] std::size_t size() const { return content_.size() / 2; }
  [[nodiscard]] bool empty() const { return content_.empty(); }
  // index < size()
  [[nodiscard]] Enum operator[](std::size_t index) const { return *Iterator(content_.data() + 2 * index); }
  [[nodiscard]] bool contains(Enum value) const {
    for (const Enum element : *this) {
      if (element == value) return true;
    }
    return false;
  }
  [[nodiscard]] Bytes raw() const { return content_; }
  // The first `limit` numbers as a copy, for Error::with_sets.
  [[nodiscard]] std::vector<std::uint16_t> numbers(std::size_t limit = 256) const {
    std::vector<std::uint16_t> out;
    for (const Enum element : *this) {
      if (out.size() == limit) break;
      out.push_back(static_cast<std::uint16_t>(element));
    }
    return out;
  }

 private:
  Bytes content_;
};

// Elements of varying size. `Element::read(wire::Reader&)` takes one apart; decoders call the same function
// to check the list, so that there is one parser for each element.
template <class Element>
class ElementList {
 public:
  using Value = Element;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = const Element*;
    using reference = const Element&;

    Iterator(Bytes rest, std::size_t offset) : rest_(rest), offset_(offset) { load(); }
    const Element& operator*() const { return element_; }
    const Element* operator->() const { return &element_; }
    Iterator& operator++() {
      load();
      return *this;
    }
    void operator++(int) { load(); }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) { return iterator.at_end_; }

   private:
    void load() {
      wire::Reader reader(rest_, offset_);
      if (reader.empty()) {
        at_end_ = true;
        return;
      }
      element_ = Element::read(reader);
      if (reader.failed()) {
        at_end_ = true;
        return;
      }
      rest_ = rest_.subspan(reader.offset() - offset_);
      offset_ = reader.offset();
    }

    Bytes rest_;
    std::size_t offset_;
    Element element_{};
    bool at_end_ = false;
  };

  ElementList() = default;
  // The content of the vector, without its length prefix; `offset` is the place of content[0] in the message.
  ElementList(Bytes content, std::size_t offset) : content_(content), offset_(offset) {}

  [[nodiscard]] Iterator begin() const { return Iterator(content_, offset_); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }
  [[nodiscard]] bool empty() const { return content_.empty(); }
  // Counts: linear in the list.
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 0;
    for (Iterator it = begin(); it != end(); ++it) ++count;
    return count;
  }
  [[nodiscard]] Bytes raw() const { return content_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }

 private:
  Bytes content_;
  std::size_t offset_ = 0;
};

}  // namespace handfast::message
