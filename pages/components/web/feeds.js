const MARKS = {
  healthy: ["M3 8.5 6.5 12 13 4.5", "var(--calm)", "line"], unsteady: ["M8 1.2 15.4 14.4H.6Z", "var(--sev-2)", "fill"],
  failing: ["M3 3l10 10M13 3 3 13", "var(--sev-3)", "line"], silent: ["M2 8h12", "var(--sev-3)", "line"],
  waiting: ["M8 3v5l3 2", "var(--sev-0)", "line"], paused: ["M5 3v10M11 3v10", "var(--sev-0)", "line"],
  removed: ["M3 3l10 10M13 3 3 13", "var(--sev-0)", "line"],
};
function state(parent, line) {
  const box = el(parent, "span", "state");
  const [path, colour, how] = MARKS[line.state];
  const icon = svg(box, "svg", { viewBox: "0 0 16 16", width: 13, height: 13, "aria-hidden": "true" });
  svg(icon, "path", { d: path, fill: how === "fill" ? colour : "none", stroke: colour, "stroke-width": 2.4, "stroke-linecap": "round", "stroke-linejoin": "round" });
  el(box, "span", "", line.state_word);
}
export default function ({ data, parentElement, setTriggerValue }) {
  const root = start(parentElement);
  const table = el(root, "div", "table");
  table.setAttribute("role", "list");
  const head = el(table, "div", "line head");
  head.setAttribute("aria-hidden", "true");
  for (const name of ["Feed", "State", `Last ${data.days} days`, "Items 24 h / 30 d", "Newest"]) el(head, "span", "", name);
  for (const line of data.lines) {
    const row = el(table, "div", "line");
    row.setAttribute("role", "listitem");
    const first = el(row, "div");
    inside(first, "name", `feeds?feed=${line.id}`, line.title, () => setTriggerValue("open", line.id));
    el(first, "div", "small soft", `${line.host} · ${line.kind} · ${line.language}`);
    const second = el(row, "div");
    state(second, line);
    const told = [line.since ? `since ${line.since}` : "", line.because].filter(Boolean).join(": ");
    if (told) el(second, "div", "small soft", told);
    const strip = el(row, "div", "strip");
    strip.setAttribute("role", "img");
    const bad = line.strip.filter((cell) => cell.state === "failed" || cell.state === "part").length;
    strip.setAttribute("aria-label", bad ? `polls failed on ${bad} of the last ${data.days} days` : `no failed polls in ${data.days} days`);
    for (const cell of line.strip) el(strip, "i", cell.state).title = cell.words;
    const items = `${grouped(line.items_24h)} / ${grouped(line.items_30d)}`;
    const counts = inside(el(row, "div", "num small"), "", `feeds?feed=${line.id}`, items, () => setTriggerValue("open", line.id));
    counts.setAttribute("aria-label", `${items}: items in 24 hours and in 30 days`);
    el(row, "div", "small soft", line.newest);
  }
}
