export default function ({ data, parentElement, setTriggerValue }) {
  const list = el(start(parentElement), "ul", "list");
  list.setAttribute("aria-label", "Decided");
  for (const one of data.decisions) {
    const box = el(list, "li", one.can_undo ? "decision" : "decision gone");
    el(box, "p", "title small", one.title);
    const line = el(box, "p", "small soft");
    el(line, "span", "verdict", one.verdict);
    line.append(` by ${one.by}, ${one.when}${one.detail ? `: ${one.detail}` : ""} `);
    if (!one.can_undo) el(line, "span", "sr", "It does not stand.");
    if (one.can_undo && data.can_edit) {
      const button = el(line, "button", "", "Undo");
      button.type = "button"; button.setAttribute("aria-label", `Undo: ${one.title}`);
      button.onclick = () => setTriggerValue("undo", one.item);
    }
  }
}
