export default function ({ data, parentElement, setTriggerValue }) {
  const grid = el(start(parentElement), "div", data.large ? "grid large" : "grid");
  for (const panel of data.panels) {
    const box = inside(grid, "panel", `indicators?indicator=${encodeURIComponent(panel.name)}`, null, () => setTriggerValue("open", panel.name));
    box.title = panel.detail;
    el(box, "span", "name", panel.name);
    el(box, "span", "value", panel.index);
    const state = el(box, "span", "state soft");
    shape(state, SIGNS[panel.state], 11);
    el(state, "span", "", panel.word);
    plot(box, panel);
  }
}
