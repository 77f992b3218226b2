// The frame of the page: head, banner, order of the sections, foot.
#include "page.hpp"

#include "crypto/hash.hpp"
#include "crypto/pem.hpp"
#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

Markup head(std::string_view title) {
  Markup out;
  out.add(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
      title,
      "</title>\n<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
      "viewBox='0 0 16 16'%3E%3Cpath d='M1 5h11l-3-3M15 11H4l3 3' fill='none' stroke='%230b7285' "
      "stroke-width='2'/%3E%3C/svg%3E\">\n<style>");
  out.add_trusted(page_style());
  out.add("</style>\n</head>\n");
  return out;
}

Markup mark() {
  Markup out;
  out.add(
      "<a class=\"mark\" href=\"/\"><svg viewBox=\"0 0 28 16\" aria-hidden=\"true\" focusable=\"false\">"
      "<path class=\"mark-c\" d=\"M1 4h20l-4-3\"/><path class=\"mark-s\" d=\"M27 12H7l4 3\"/></svg>"
      "<span>handfast</span></a>");
  return out;
}

Markup contents() {
  Markup out;
  out.add(
      "<nav aria-label=\"Sections\"><ul>"
      "<li><a href=\"#conversation\">Conversation</a></li>"
      "<li><a href=\"#choices\">Choices</a></li>"
      "<li><a href=\"#hello\">Your ClientHello</a></li>"
      "<li><a href=\"#fingerprint\">Fingerprint</a></li>"
      "<li><a href=\"#keys\">Keys</a></li>"
      "<li><a href=\"#listener\">What others see</a></li>"
      "<li><a href=\"#words\">In words</a></li>"
      "</ul></nav>\n");
  return out;
}

Markup foot(const Visit& visit) {
  Markup out;
  out.add("<footer><p>Connection from ", visit.visitor, ", ", visit.when,
          ". This page came through it. Each load makes a new connection, and so a new handshake: "
          "<a href=\"/\">once more</a>, or <a href=\"/json\">as JSON</a>.</p><p>");
  if (visit.throw_away_ca) {
    out.add(
        "This server's certificate comes from an authority that was made when it started, may sign for this "
        "machine's own names only, and whose keys are gone when it stops. A browser that does not know it "
        "is right to warn. ");
  }
  out.add("No secret value is on this page.</p></footer>\n");
  return out;
}

}  // namespace

Markup identifier(std::string_view name) {
  Markup out;
  while (!name.empty()) {
    const std::size_t end = name.find('_');
    const std::size_t size = end == std::string_view::npos ? name.size() : end + 1;
    out.add(name.substr(0, size));
    if (size < name.size()) out.add("<wbr>");
    name.remove_prefix(size);
  }
  return out;
}

Markup icon_lock() {
  Markup out;
  out.add(
      "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\" focusable=\"false\"><rect x=\"2.5\" "
      "y=\"7\" "
      "width=\"11\" height=\"7.5\" rx=\"1.5\"/><path d=\"M5 7V4.5a3 3 0 0 1 6 0V7\"/></svg>");
  return out;
}

Markup icon_eye() {
  Markup out;
  out.add(
      "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\" focusable=\"false\"><path d=\"M1 "
      "8c3.5-5.5 "
      "10.5-5.5 14 0-3.5 5.5-10.5 5.5-14 0z\"/><circle cx=\"8\" cy=\"8\" r=\"2.2\"/></svg>");
  return out;
}

std::string spaced(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3;) {
    place -= 3;
    digits.insert(place, "\u202f");
  }
  return digits;
}

std::string render_page(const Visit& visit) {
  Markup out = head("Your TLS handshake, drawn");
  out.add("<body>\n<a class=\"skip\" href=\"#main\">Skip to the page</a>\n<header class=\"top\">", mark(),
          contents(), "</header>\n<main id=\"main\">\n", banner_section(visit), conversation_section(visit),
          choices_section(visit), hello_section(visit), fingerprint_section(visit), keys_section(visit),
          listener_section(visit), words_section(visit), "</main>\n", foot(visit), "</body>\n</html>\n");
  return out.take();
}

std::string render_note(int status, std::string_view reason, std::string_view sentence) {
  Markup out = head(reason);
  out.add("<body>\n<header class=\"top\">", mark(),
          "</header>\n<main id=\"main\"><section class=\"note\"><h1>", status, " ", reason, "</h1><p>",
          sentence, "</p><p><a href=\"/\">See your handshake</a></p></section></main>\n</body>\n</html>\n");
  return out.take();
}

Result<std::string> content_security_policy() {
  HANDFAST_TRY_ASSIGN(const crypto::Digest digest,
                      crypto::hash(crypto::HashAlgorithm::sha256, {as_bytes(page_style())}));
  return "default-src 'none'; style-src 'sha256-" + crypto::to_base64(digest.view()) +
         "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace handfast::apps::serve
