export default function ({ data, parentElement, setTriggerValue }) {
  const list = el(start(parentElement), "ul", "list");
  for (const part of data.parts) {
    const row = el(list, "li", "made");
    el(row, "b", "", part.points);
    const text = el(row, "div");
    if (part.story) inside(text, "", `stories?story=${encodeURIComponent(part.story)}`, part.title, () => setTriggerValue("open", part.story));
    else el(text, "span", "soft", part.title);
  }
}
