export default function ({ data, parentElement, setTriggerValue }) {
  const list = el(start(parentElement), "ul", "list");
  for (const line of data.lines) {
    const row = el(list, "li", line.is_open ? "line" : "line gone");
    const first = el(row, "div");
    if (line.is_open) inside(first, "name", `snapshot?id=${line.id}`, line.name, () => setTriggerValue("open", line.id));
    else el(first, "span", "name", line.name);
    if (line.note) el(first, "p", "small", line.note);
    const second = el(row, "div", "small");
    el(second, "p", "", `${line.status}, ${line.audience}`);
    el(second, "p", "soft", `by ${line.author || "an unnamed person"}, ${line.created}`);
    const third = el(row, "div", "small");
    el(third, "p", "", `Id ${line.id}`);
    el(third, "code", "", line.sha256.slice(0, 16) + "…").title = `SHA-256 ${line.sha256}`;
  }
}
