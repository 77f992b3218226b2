// What was chosen, out of what, and why: a card for each decision.
#include "meanings.hpp"
#include "page_parts.hpp"

namespace handfast::apps::serve {
namespace {

Markup chip(const Candidate& candidate) {
  Markup out;
  out.add("<li class=\"chip");
  if (candidate.chosen) {
    out.add(" chosen");
  } else if (candidate.grease) {
    out.add(" grease");
  } else if (!candidate.common) {
    out.add(" alone");
  }
  out.add("\">");
  if (candidate.chosen) out.add("<span aria-hidden=\"true\">✔ </span>");
  out.add(identifier(candidate.name));
  if (candidate.post_quantum) out.add(" <small class=\"pq\">PQ</small>");
  if (candidate.chosen) out.add("<span class=\"hidden\"> (chosen)</span>");
  out.add("</li>");
  return out;
}

// All of them while they are few; else what only one side has is folded away.
Markup chips(const std::vector<Candidate>& candidates) {
  constexpr std::size_t kFew = 6;
  Markup out;
  if (candidates.empty()) {
    out.add("<p class=\"empty\">nothing</p>");
    return out;
  }
  Markup folded;
  std::size_t folded_count = 0;
  out.add("<ul class=\"chips\">");
  for (const Candidate& candidate : candidates) {
    if (candidates.size() > kFew && !candidate.common && !candidate.grease) {
      folded.add(chip(candidate));
      ++folded_count;
    } else {
      out.add(chip(candidate));
    }
  }
  out.add("</ul>");
  if (folded_count > 0) {
    out.add("<details class=\"fold\"><summary>and ", folded_count,
            " that only one side has</summary><ul class=\"chips\">", folded, "</ul></details>");
  }
  return out;
}

Markup card(const Decision& decision) {
  Markup out;
  out.add("<article class=\"card\"><h3>", decision.title, "</h3><p class=\"answer\">");
  if (decision.chosen.empty()) {
    out.add("nothing agreed");
  } else {
    out.add(identifier(decision.chosen));
  }
  out.add("</p><p>", decision.why, "</p><h4 class=\"c\">You offered, in your order</h4>",
          chips(decision.client), "<h4 class=\"s\">This server's order</h4>", chips(decision.server),
          "</article>\n");
  return out;
}

}  // namespace

Markup choices_section(const Visit& visit) {
  Markup out;
  out.add(
      "<section id=\"choices\" aria-labelledby=\"choices-head\"><h2 id=\"choices-head\">What was chosen, and "
      "why</h2><p>You made an offer, the server picked. <span class=\"chip chosen\">✔ chosen</span> <span "
      "class=\"chip\">both have it</span> <span class=\"chip alone\">only one side has it</span> <span "
      "class=\"chip grease\">GREASE</span></p><div class=\"cards\">\n");
  for (const Decision& decision : decisions_of(visit.offer, visit.server, visit.outcome))
    out.add(card(decision));
  out.add("</div></section>\n");
  return out;
}

}  // namespace handfast::apps::serve
