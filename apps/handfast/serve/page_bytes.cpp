// Annotated bytes: a row for each field that the production decoder reported, and for the lengths between
// them.
#include <algorithm>

#include "meanings.hpp"
#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

// Longer fields are folded; what a page is for is their beginning.
constexpr std::size_t kShownAtOnce = 48;
// No field needs more to be understood; it bounds the page whatever a client sends.
constexpr std::size_t kShownAtMost = 4096;
constexpr std::size_t kRowsAtMost = 1200;
constexpr unsigned kDeepest = 6;

Markup hex_cell(Bytes bytes) {
  Markup out;
  out.add("<td class=\"hex\"><code>", hex_text(bytes.first(std::min(bytes.size(), kShownAtOnce))), "</code>");
  if (bytes.size() > kShownAtOnce) {
    const Bytes rest = bytes.subspan(kShownAtOnce);
    out.add("<details class=\"more\"><summary>", spaced(rest.size()), " more bytes</summary><code>",
            hex_text(rest.first(std::min(rest.size(), kShownAtMost))), "</code>");
    if (rest.size() > kShownAtMost) out.add("<p>", spaced(rest.size() - kShownAtMost), " bytes left out</p>");
    out.add("</details>");
  }
  out.add("</td>");
  return out;
}

// Depth as a class, because a strict policy allows no style of its own.
void indent(Markup& out, unsigned depth) {
  out.add("<th scope=\"row\" class=\"d", std::min(depth, kDeepest), "\">");
}

// Numbers that the library has no name for may still have one here.
std::string meaning_of(const TraceField& field, Bytes bytes) {
  if (bytes.size() != 2 || !field.meaning.starts_with("0x")) return field.meaning;
  const auto value = static_cast<std::uint16_t>((bytes[0] << 8U) | bytes[1]);
  if (field.name == "cipher_suite") return suite_meaning(value).name;
  if (field.name == "extension_type") return extension_meaning(value).name;
  if (field.name == "named_group" || field.name == "group") return group_meaning(value).name;
  if (field.name == "signature_scheme") return scheme_meaning(value).name;
  return field.meaning;
}

class Rows {
 public:
  explicit Rows(const TraceStep& step) : step_(step) {}

  Markup all() {
    Markup out;
    std::size_t rows = 0;
    for (std::size_t i = 0; i < step_.fields.size() && rows < kRowsAtMost; ++i, ++rows) {
      const TraceField& field = step_.fields[i];
      if (field.offset > step_.bytes.size() || field.length > step_.bytes.size() - field.offset) continue;
      gap(out, field.offset);
      const bool encloses = i + 1 < step_.fields.size() && step_.fields[i + 1].depth > field.depth;
      if (encloses) {
        group(out, field);
      } else {
        leaf(out, field);
      }
    }
    if (rows == kRowsAtMost) {
      out.add("<tr><td colspan=\"3\">The rest is left out.</td></tr>");
    } else {
      gap(out, step_.bytes.size());
    }
    return out;
  }

 private:
  // Bytes that no field claims: the length of what follows, or what the decoder left alone.
  void gap(Markup& out, std::size_t until) {
    if (until <= next_) return;
    const Bytes bytes = Bytes(step_.bytes).subspan(next_, until - next_);
    const bool header = next_ == 0 && bytes.size() == 4;
    out.add("<tr class=\"gap\"><td class=\"at\">", next_, "</td>", hex_cell(bytes));
    indent(out, open_);
    if (header) {
      out.add("handshake header</th><td>type and length of the message</td></tr>");
    } else if (bytes.size() <= 3) {
      std::size_t length = 0;
      for (const std::uint8_t byte : bytes) length = (length << 8U) | byte;
      out.add("length</th><td>", spaced(length),
              length == 1 ? std::string_view(" byte follows") : std::string_view(" bytes follow"),
              "</td></tr>");
    } else {
      out.add("…</th><td></td></tr>");
    }
    next_ = until;
  }

  void group(Markup& out, const TraceField& field) {
    out.add("<tr class=\"group\"><td class=\"at\">", field.offset, "</td><td class=\"hex\"><small>",
            spaced(field.length), " bytes:</small></td>");
    indent(out, field.depth);
    out.add(identifier(field.name), "</th><td>", identifier(field.meaning), "</td></tr>");
    open_ = field.depth + 1;
  }

  void leaf(Markup& out, const TraceField& field) {
    const Bytes bytes = Bytes(step_.bytes).subspan(field.offset, field.length);
    out.add("<tr><td class=\"at\">", field.offset, "</td>");
    if (bytes.empty()) {
      out.add("<td class=\"hex\"><small>empty</small></td>");
    } else {
      out.add(hex_cell(bytes));
    }
    indent(out, field.depth);
    out.add(identifier(field.name), "</th><td>", identifier(meaning_of(field, bytes)), "</td></tr>");
    next_ = std::max(next_, field.offset + field.length);
    open_ = field.depth;
  }

  const TraceStep& step_;
  std::size_t next_ = 0;  // bytes before it are shown
  unsigned open_ = 0;     // depth of what comes next
};

}  // namespace

Markup annotated_bytes(const TraceStep& step) {
  Markup out;
  out.add("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Bytes of ", step.title,
          "\"><table class=\"bytes\"><thead><tr><th scope=\"col\">at</th><th scope=\"col\">bytes</th><th "
          "scope=\"col\">field</th><th scope=\"col\">meaning</th></tr></thead><tbody>",
          Rows(step).all(), "</tbody></table></div>");
  return out;
}

}  // namespace handfast::apps::serve
