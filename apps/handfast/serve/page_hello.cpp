// The visitor's ClientHello taken apart: what fills it, each extension in the order of the wire, each suite
// and signature scheme with what it is worth.
#include <fmt/format.h>

#include <algorithm>
#include <handfast/codepoints.hpp>

#include "meanings.hpp"
#include "page_parts.hpp"
#include "trace/names.hpp"

namespace handfast::apps::serve {
namespace {

std::string_view word_of(Strength strength) {
  switch (strength) {
    case Strength::good:
      return "✔ good";
    case Strength::dated:
      return "! dated";
    case Strength::weak:
      return "✘ weak";
    case Strength::neutral:
      break;
  }
  return "";
}

// A list of numbers as names, the first few of them.
template <class Namer>
std::string names(const std::vector<std::uint16_t>& values, Namer namer, std::size_t shown = 6) {
  std::string out;
  for (std::size_t i = 0; i < std::min(values.size(), shown); ++i) {
    out += (out.empty() ? "" : ", ") + namer(values[i]).name;
  }
  if (values.size() > shown) out += fmt::format(" and {} more", values.size() - shown);
  return out;
}

std::string shares_text(const ClientOffer& offer) {
  std::string out;
  for (const OfferedKeyShare& share : offer.key_shares) {
    out += fmt::format("{}{} ({} bytes)", out.empty() ? "" : ", ", group_meaning(share.group).name,
                       spaced(share.size));
  }
  return out;
}

// What the client put into an extension, in brief.
std::string content_of(const ClientOffer& offer, const OfferedExtension& extension) {
  switch (static_cast<ExtensionType>(extension.type)) {
    case ExtensionType::server_name:
      return offer.server_name.value_or("");
    case ExtensionType::supported_versions:
      return names(offer.versions, version_meaning);
    case ExtensionType::supported_groups:
      return names(offer.groups, group_meaning);
    case ExtensionType::signature_algorithms:
      return names(offer.signature_schemes, scheme_meaning, 3);
    case ExtensionType::signature_algorithms_cert:
      return names(offer.certificate_signature_schemes, scheme_meaning, 3);
    case ExtensionType::key_share:
      return shares_text(offer);
    case ExtensionType::compress_certificate:
      return names(offer.certificate_compression, compression_meaning);
    case ExtensionType::application_layer_protocol_negotiation: {
      std::string out;
      for (const std::string& name : offer.application_protocols) out += (out.empty() ? "" : ", ") + name;
      return out;
    }
    case ExtensionType::record_size_limit:
      return offer.record_size_limit ? fmt::format("{} bytes", *offer.record_size_limit) : "";
    case ExtensionType::psk_key_exchange_modes: {
      std::string out;
      for (const std::uint8_t mode : offer.psk_modes) {
        out += (out.empty() ? "" : ", ") + std::string(mode == 0   ? "psk_ke (no fresh keys)"
                                                       : mode == 1 ? "psk_dhe_ke (fresh keys)"
                                                                   : "other");
      }
      return out;
    }
    default:
      return "";
  }
}

Markup extension_rows(const ClientOffer& offer) {
  Markup out;
  std::size_t place = 0;
  for (const OfferedExtension& extension : offer.extensions) {
    const Meaning meaning = extension_meaning(extension.type);
    out.add("<tr");
    if (is_grease(extension.type)) out.add(" class=\"grease-row\"");
    out.add("><td class=\"at\">", ++place, "</td><th scope=\"row\">", identifier(meaning.name), " <small>",
            extension.type, "</small></th><td class=\"size\">", spaced(extension.size), "</td><td>",
            content_of(offer, extension), "</td><td>", meaning.note, ".</td></tr>\n");
  }
  return out;
}

template <class Namer>
Markup strength_rows(const std::vector<std::uint16_t>& values, Namer namer) {
  Markup out;
  std::size_t place = 0;
  for (const std::uint16_t value : values) {
    const Meaning meaning = namer(value);
    out.add("<tr");
    if (is_grease(value)) out.add(" class=\"grease-row\"");
    out.add("><td class=\"at\">", ++place, "</td><th scope=\"row\">", identifier(meaning.name), "</th><td>",
            is_grease(value) ? std::string{} : number_text(value), "</td><td>", word_of(meaning.strength),
            "</td><td>", meaning.note, "</td></tr>");
  }
  return out;
}

template <class Namer>
Markup folded_list(std::string_view title, const std::vector<std::uint16_t>& values, Namer namer) {
  Markup out;
  if (values.empty()) return out;
  out.add(
      "<details class=\"list\"><summary>", title, " <small>", values.size(),
      "</small></summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", title,
      "\"><table><thead><tr><th scope=\"col\">#</th><th scope=\"col\">name</th><th scope=\"col\">number</th>"
      "<th scope=\"col\">worth</th><th scope=\"col\">what it is</th></tr></thead><tbody>",
      strength_rows(values, namer), "</tbody></table></div></details>");
  return out;
}

// One bar, as long as the message: what its bytes are spent on.
struct Part {
  std::string name;
  std::size_t size = 0;
  std::size_t tone = 0;
};

std::vector<Part> parts_of(const ClientOffer& offer) {
  std::vector<Part> parts;
  std::size_t known = 0;
  for (const OfferedKeyShare& share : offer.key_shares) {
    if (is_grease(share.group)) continue;
    parts.push_back({"key for " + group_meaning(share.group).name, share.size, 0});
    known += share.size;
  }
  parts.push_back({"cipher suites", offer.suites.size() * 2, 0});
  known += offer.suites.size() * 2;
  for (const OfferedExtension& extension : offer.extensions) {
    if (extension.size < 24 || extension.type == static_cast<std::uint16_t>(ExtensionType::key_share))
      continue;
    parts.push_back({extension_meaning(extension.type).name, extension.size, 0});
    known += extension.size;
  }
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.size > b.size; });
  constexpr std::size_t kPartsShown = 6;
  while (parts.size() > kPartsShown) {
    known -= parts.back().size;
    parts.pop_back();
  }
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].tone = i;
  if (offer.message_size > known)
    parts.push_back({"everything else", offer.message_size - known, kPartsShown});
  return parts;
}

Markup size_bar(const ClientOffer& offer) {
  const auto parts = parts_of(offer);
  Markup out;
  out.add("<figure class=\"sizes\"><figcaption>What its ", spaced(offer.message_size),
          " bytes are spent on</figcaption><svg viewBox=\"0 0 ", offer.message_size,
          " 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">");
  std::size_t x = 0;
  for (const Part& part : parts) {
    out.add("<rect class=\"t", part.tone, "\" x=\"", x, "\" y=\"0\" width=\"", part.size,
            "\" height=\"10\"/>");
    x += part.size;
  }
  out.add("</svg><ul>");
  for (const Part& part : parts) {
    out.add("<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"t", part.tone,
            "\" width=\"10\" height=\"10\" rx=\"2\"/></svg>", part.name, " <b>", spaced(part.size),
            "</b></li>");
  }
  out.add("</ul></figure>");
  return out;
}

}  // namespace

Markup hello_section(const Visit& visit) {
  const ClientOffer& offer = visit.offer;
  const bool grease = std::any_of(offer.suites.begin(), offer.suites.end(), is_grease) ||
                      std::any_of(offer.extensions.begin(), offer.extensions.end(),
                                  [](const OfferedExtension& entry) { return is_grease(entry.type); });
  Markup out;
  out.add(
      "<section id=\"hello\" aria-labelledby=\"hello-head\"><h2 id=\"hello-head\">Your ClientHello, taken "
      "apart</h2><p>It is the first thing your client said, and it said it in clear: ");
  out.add(offer.suites.size(), " cipher suites, ", offer.groups.size(), " key-exchange groups, ",
          offer.key_shares.size(), " keys made on a guess, ", offer.extensions.size(), " extensions. ");
  if (visit.outcome.hello_retry) out.add("This is the second one, after the server asked for another key. ");
  if (grease) {
    out.add(
        "Numbers marked <span class=\"chip grease\">GREASE</span> are random on purpose (RFC 8701): a server "
        "that "
        "stumbles over them would stumble over the future.");
  } else {
    out.add("There is no GREASE in it.");
  }
  out.add(
      "</p>", size_bar(offer),
      "<h3>Extensions, in the order they were sent</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Extensions\"><table class=\"extensions\"><thead><tr><th scope=\"col\">#</th><th "
      "scope=\"col\">extension</th><th scope=\"col\">bytes</th><th scope=\"col\">what it says</th><th "
      "scope=\"col\">what it is for</th></tr></thead><tbody>\n",
      extension_rows(offer), "</tbody></table></div><h3>The lists in full</h3>",
      folded_list("Versions", offer.versions, version_meaning),
      folded_list("Cipher suites", offer.suites, suite_meaning),
      folded_list("Key-exchange groups", offer.groups, group_meaning),
      folded_list("Signature schemes", offer.signature_schemes, scheme_meaning),
      folded_list("Signature schemes in certificates", offer.certificate_signature_schemes, scheme_meaning),
      "</section>\n");
  return out;
}

}  // namespace handfast::apps::serve
