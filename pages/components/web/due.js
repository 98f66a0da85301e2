export default function ({ data, parentElement, setTriggerValue }) {
  const list = el(start(parentElement), "div", "list");
  for (const card of data.cards) {
    const box = el(list, "article", `due ${card.state}`);
    const left = el(box, "div", "left");
    el(left, "div", "count", card.countdown);
    el(left, "div", "small soft", card.due);
    const right = el(box, "div");
    const heading = el(right, "h3");
    heading.id = `h${list.childElementCount}`;
    box.setAttribute("aria-labelledby", heading.id);
    if (card.story) inside(heading, "", `stories?story=${encodeURIComponent(card.story)}`, card.title, () => setTriggerValue("open", card.story));
    else heading.textContent = card.title;
    const quote = el(right, "blockquote");
    quote.append("“"); evidence(quote, card.phrase); quote.append("”");
    const meta = el(right, "div", "row");
    badge(meta, card.severity, card.severity_word);
    if (card.indicator) el(meta, "span", "chip", card.indicator);
    el(meta, "span", "small soft", [card.source, card.reports].filter(Boolean).join(", "));
    if (card.url) outside(meta, card.url, `Read at ${card.host}`).classList.add("small");
    if (card.outcome) el(right, "p", "small", `Outcome: ${card.outcome}`);
    if (data.can_edit) {
      const button = el(meta, "button", "", card.outcome ? "Change outcome" : "Note outcome");
      button.type = "button"; button.setAttribute("aria-label", `${button.textContent}: ${card.title}`);
      button.onclick = () => setTriggerValue("note", [card.item, card.due_id]);
    }
  }
}
