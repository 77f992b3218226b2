// The conversation between the two lifelines: one entry per message, which opens to its reason, its contents
// and its bytes. It is an ordered list, so it reads the same without its looks.
#include <algorithm>

#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

std::string_view route_of(Lane lane) {
  switch (lane) {
    case Lane::from_client:
      return "you to server";
    case Lane::from_server:
      return "server to you";
    case Lane::neither:
      break;
  }
  return "both";
}

// Why a step is taken; its title stands beside it already.
std::string reason_of(const TraceStep& step) {
  constexpr std::string_view kDash = " — ";
  std::string_view why = step.why;
  if (why.starts_with(step.title) && why.substr(step.title.size()).starts_with(kDash)) {
    why.remove_prefix(step.title.size() + kDash.size());
  }
  std::string out(why);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string_view sign_of(Mark mark) {
  switch (mark) {
    case Mark::good:
      return " ✔";
    case Mark::warning:
      return " !";
    case Mark::bad:
      return " ✘";
    case Mark::none:
      break;
  }
  return "";
}

Markup fact_item(const FactItem& item) {
  Markup out;
  out.add("<li class=\"chip");
  if (item.chosen) out.add(" chosen");
  if (item.grease) out.add(" grease");
  out.add("\">");
  if (item.chosen) out.add("<span aria-hidden=\"true\">✔ </span>");
  out.add(identifier(item.text));
  if (item.bytes > 0) out.add(" <small>", spaced(item.bytes), " B</small>");
  if (item.post_quantum) out.add(" <small class=\"pq\">PQ</small>");
  if (item.chosen) out.add("<span class=\"hidden\"> (chosen)</span>");
  out.add("</li>");
  return out;
}

Markup certificate_card(const CertificateFact& certificate, std::size_t depth) {
  Markup out;
  out.add("<div class=\"certificate\"><h4>",
          depth == 0 ? "Its own certificate: " : "Issued by: ", certificate.subject, "</h4>");
  if (!certificate.problem.empty()) {
    out.add("<p>", certificate.problem, "</p></div>");
    return out;
  }
  out.add("<dl class=\"small\"><div><dt>Subject</dt><dd>", certificate.subject_name,
          "</dd></div><div><dt>Issuer</dt><dd>", certificate.issuer_name, "</dd></div>");
  if (!certificate.names.empty()) {
    out.add("<div><dt>Valid for</dt><dd>");
    for (std::size_t i = 0; i < certificate.names.size(); ++i) {
      if (i > 0) out.add(", ");
      out.add(certificate.names[i]);
    }
    out.add("</dd></div>");
  }
  out.add("<div><dt>Key</dt><dd>", certificate.key, "</dd></div><div><dt>Signed with</dt><dd>",
          certificate.signature, "</dd></div><div><dt>From</dt><dd>", certificate.not_before,
          "</dd></div><div><dt>Until</dt><dd>", certificate.not_after);
  if (certificate.days_left) out.add(" (", *certificate.days_left, " more days)");
  out.add("</dd></div><div><dt>SHA-256</dt><dd><code>", certificate.sha256, "</code></dd></div></dl></div>");
  return out;
}

Markup step_body(const TraceStep& step) {
  Markup out;
  out.add("<div class=\"body\">");
  if (!step.why.empty()) out.add("<p class=\"why\">", reason_of(step), "</p>");
  if (step.kind == StepKind::client_hello) {
    out.add("<p><a href=\"#hello\">What it offers is taken apart below</a>; here are its bytes.</p>");
  } else {
    for (const Fact& fact : step.facts) {
      if (fact.items.empty() || !step.certificates.empty()) continue;
      out.add("<h4>", fact.title, "</h4><ul class=\"chips\">");
      for (const FactItem& item : fact.items) out.add(fact_item(item));
      out.add("</ul>");
    }
  }
  for (std::size_t i = 0; i < step.certificates.size(); ++i) {
    out.add(certificate_card(step.certificates[i], i));
  }
  if (!step.bytes.empty()) {
    out.add("<h4>Its bytes</h4><p class=\"small\">", spaced(step.bytes.size()), " bytes");
    if (step.wire_size > 0) {
      out.add(step.shares_records ? ", in records shared with its neighbours, " : ", in records of ",
              spaced(step.wire_size), step.shares_records ? " bytes together" : " bytes");
    }
    out.add(step.encrypted ? "; shown here after decryption." : ".", "</p>", annotated_bytes(step));
  }
  out.add("</div>");
  return out;
}

Markup message(const TraceStep& step) {
  const bool from_client = step.lane == Lane::from_client;
  Markup out;
  out.add("<li class=\"step ");
  if (from_client) {
    out.add("from-client");
  } else {
    out.add("from-server");
  }
  if (step.encrypted) out.add(" sealed");
  out.add("\"><details><summary><span class=\"line\"><b class=\"name\">", step.title);
  if (step.repeated > 1) out.add(" × ", step.repeated);
  out.add("</b><span class=\"hidden\">, ", route_of(step.lane), step.encrypted ? ", encrypted" : ", readable",
          ", </span><span class=\"meta\">");
  out.add("+", milliseconds_text(step.at));
  if (step.size > 0) out.add(" · ", spaced(step.size), " B");
  out.add("</span></span><span class=\"arrow\" aria-hidden=\"true\"><span class=\"number\">");
  if (step.number > 0) {
    out.add(step.number);
  } else {
    out.add("•");
  }
  out.add("</span></span><span class=\"says\">");
  for (const Say& say : step.say) out.add("<span class=\"say\">", say.text, sign_of(say.mark), "</span>");
  out.add("</span></summary>", step_body(step), "</details></li>\n");
  return out;
}

}  // namespace

Markup conversation_section(const Visit& visit) {
  Markup out;
  out.add(
      "<section id=\"conversation\" aria-labelledby=\"conversation-head\"><h2 id=\"conversation-head\">The "
      "conversation</h2><p>Time runs downwards. Open a message to see what it is for and each of its bytes. "
      "What "
      "lies on the shaded ground was encrypted on its way.</p><div class=\"lanes\"><div class=\"heads\" "
      "aria-hidden=\"true\"><span class=\"c\">you</span><span class=\"s\">this server</span></div><ol>\n");
  for (const TraceStep& step : visit.trace.steps) {
    if (step.kind == StepKind::keys) {
      out.add("<li class=\"curtain\"><p>", icon_lock(),
              "Both sides now have the same keys. "
              "From "
              "here everything is encrypted.</p></li>\n");
    } else if (step.lane != Lane::neither) {
      out.add(message(step));
    }
  }
  out.add("</ol></div></section>\n");
  return out;
}

Markup words_section(const Visit& visit) {
  Markup out;
  out.add(
      "<section id=\"words\" aria-labelledby=\"words-head\"><h2 id=\"words-head\">The same in words</h2><ol "
      "class=\"words\">");
  for (const TraceStep& step : visit.trace.steps) {
    if (step.kind == StepKind::keys) {
      out.add("<li class=\"plain\">",
              step.why.empty() ? std::string_view("From here everything is encrypted.")
                               : std::string_view(step.why),
              "</li>");
      continue;
    }
    if (step.lane == Lane::neither) continue;
    out.add("<li><b>", step.title, "</b> (", route_of(step.lane), step.encrypted ? ", encrypted" : "",
            "): ", reason_of(step), "</li>");
  }
  out.add("</ol></section>\n");
  return out;
}

}  // namespace handfast::apps::serve
