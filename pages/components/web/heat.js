const STEPS = [["s-2", "below 50"], ["s-1", "50 to 80"], ["s0", "80 to 130, usual"], ["s1", "130 to 175"], ["s2", "175 to 250"], ["s3", "above 250"], ["none", "no value"]];
export default function ({ data, parentElement, setTriggerValue }) {
  const root = start(parentElement);
  const scroll = el(root, "div", "scroll"), heat = el(scroll, "div", "heat");
  heat.style.setProperty("--days", data.days.length);
  for (const panel of data.panels) {
    const line = el(heat, "div", "line");
    const name = inside(line, "name", `indicators?indicator=${encodeURIComponent(panel.name)}`, panel.name, () => setTriggerValue("open", panel.name));
    name.title = panel.name;
    for (const square of panel.squares) {
      const cell = el(line, "button", square.step == null ? "none" : `s${square.step}`);
      cell.type = "button"; cell.tabIndex = -1; cell.title = `${panel.name}. ${square.words}`;
      cell.setAttribute("aria-label", cell.title);
      cell.onclick = () => setTriggerValue("square", [panel.id, square.day]);
    }
  }
  const axis = el(heat, "div", "line axis");
  el(axis, "span");
  data.days.forEach((day, i) => { if (i % 7 === 0) { const mark = el(axis, "span", "", day); mark.style.gridColumn = `${i + 2} / span 7`; } });
  scroll.scrollLeft = scroll.scrollWidth; // where it does not fit, the newest days come first
  const key = el(root, "div", "key");
  for (const [step, words] of STEPS) { const one = el(key, "span"); const box = el(one, "button", step); box.disabled = true; box.setAttribute("aria-hidden", "true"); one.append(words); }
}
