function why(card, parent, extra, taken = []) {
  const box = el(parent, "details", "why");
  box.dataset.id = card.id;
  el(box, "summary", "", !card.reasons.length ? "Details" : extra.length ? "Why flagged, and its times" : "Why flagged");
  const list = el(box, "dl");
  const line = (name, fill) => { el(list, "dt", "", name); fill(el(list, "dd")); };
  for (const reason of card.reasons) {
    line(reason.name, (cell) => {
      cell.append(`${reason.direction}, severity ${reason.severity}: `);
      reason.words.forEach((word, i) => { if (i) cell.append(", "); evidence(cell, word); });
      if (reason.rules.length) el(cell, "span", "rule", `  (${reason.rules.join(", ")})`);
    });
  }
  if (card.relevance.length) line("Concerns Curaçao", (cell) => cell.append(card.relevance.join("; ")));
  if (card.places.length) line("Places", (cell) => cell.append(card.places.join("; ")));
  for (const [name, value] of extra) if (value && value.length) line(name, (cell) => cell.append(value));
  if (taken.length) line("Taken back by a rule", (cell) => {
    for (const [words, rule] of taken) el(el(cell, "div", "", words), "span", "rule", `  (${rule})`);
  });
}
function chips(side, names) {
  if (!names.length) return;
  const row = el(side, "ul", "chips");
  row.setAttribute("aria-label", "Indicators");
  for (const name of names) el(row, "li", "chip", name);
}
// The heading names its article, so that a list of articles can be listened to.
function head(box) {
  const heading = el(box, "h3");
  heading.id = `h${box.parentElement.childElementCount}`;
  box.setAttribute("aria-labelledby", heading.id);
  return heading;
}
function storyCard(parent, card, open) {
  const box = el(parent, "article", "card");
  const top = el(box, "div", "row");
  badge(top, card.severity, card.severity_word);
  way(top, card.direction, card.direction_word);
  el(top, "span", "small soft", card.when).title = card.exact;
  if (card.correction) el(top, "span", "alert", "corrects an earlier story");
  const heading = head(box);
  if (open) pieces(inside(heading, "", `stories?story=${encodeURIComponent(card.id)}`, "", () => open("story", card.id)), card.title);
  else pieces(heading, card.title);
  if (card.excerpt.length) pieces(el(box, "p", "excerpt"), card.excerpt);
  why(card, box, []);
  const side = el(box, "div", "side");
  chips(side, card.indicators);
  if (open) inside(side, "small", `stories?story=${encodeURIComponent(card.id)}`, card.reports, () => open("story", card.id));
  else el(side, "span", "small", card.reports);
  if (card.publishers) el(side, "span", "small soft", card.publishers);
  if (card.event) el(side, "span", "small soft", `Event: ${card.event}`);
  if (!open && card.url) outside(side, card.url, `Read at ${card.host}`).classList.add("small");
}
function itemCard(parent, card, open) {
  const box = el(parent, "article", "card");
  const top = el(box, "div", "row");
  if (card.severity || card.flagged) { badge(top, card.severity, card.severity_word); way(top, card.direction, card.direction_word); }
  else el(top, "span", "small soft", "not flagged");
  el(top, "span", "small soft", card.when).title = card.published;
  pieces(head(box), card.title);
  if (card.excerpt.length) pieces(el(box, "p", "excerpt"), card.excerpt);
  if (card.change.length) {
    const list = el(box, "dl", "change");
    for (const [name, words] of card.change) { el(list, "dt", "", name); el(list, "dd", "", words); }
  }
  why(card, box, [
    ["Published", card.published], ["First seen by us", card.first_seen], ["Event date", card.event],
    ["Contradiction", card.conflicts.join("; ")], ["Deadlines", card.deadlines.join("; ")],
    ["Source", card.source], ["In this story because", card.joined], ["Revised", card.revised],
  ], card.suppressed);
  const side = el(box, "div", "side");
  chips(side, card.reasons.map((reason) => reason.name));
  el(side, "span", "small", `${card.publisher}, ${card.language}`);
  if (card.url) outside(side, card.url, `Read at ${card.host}`).classList.add("small");
  if (card.story && open) inside(side, "small", `stories?story=${encodeURIComponent(card.story)}`, "Whole story", () => open("story", card.story));
}
export default function ({ data, parentElement, setTriggerValue }) {
  const root = start(parentElement);
  const list = el(root, "div", "list");
  const open = data.linked ? (kind, id) => setTriggerValue("open", id) : null;
  for (const card of data.cards) (data.kind === "story" ? storyCard : itemCard)(list, card, open);
}
