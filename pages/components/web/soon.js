export default function ({ data, parentElement, setTriggerValue }) {
  const list = el(start(parentElement), "ul", "list");
  for (const card of data.cards) {
    const row = el(list, "li", "soon");
    el(row, "b", "", card.countdown).title = card.due;
    const text = el(row, "div");
    if (card.story) inside(text, "", `stories?story=${encodeURIComponent(card.story)}`, card.title, () => setTriggerValue("open", card.story));
    else el(text, "span", "", card.title);
    el(text, "p", "small soft", `“${card.phrase}”`);
  }
}
