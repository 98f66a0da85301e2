export default function ({ data, parentElement, setTriggerValue }) {
  const list = el(start(parentElement), "ul", "moves");
  for (const move of data.moves) {
    const row = el(list, "li", "move");
    const icon = svg(row, "svg", { viewBox: "0 0 16 16", width: 13, height: 13, "aria-hidden": "true" });
    svg(icon, "path", { d: move.way === "up" ? WAYS.escalatory : WAYS.deescalatory, fill: move.way === "up" ? "var(--sev-3)" : "var(--calm)" });
    const text = el(row, "div");
    const link = inside(text, "", `indicators?indicator=${encodeURIComponent(move.name)}`, move.name, () => setTriggerValue("open", move.name));
    el(link, "span", "sr", move.way === "up" ? " pushes up: " : " pulls down: ");
    el(link, "span", "words small soft", move.words);
  }
}
