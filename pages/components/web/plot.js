const SIGNS = { warning: 3, watch: 2, quiet: 1, unknown: 0 };
// Logarithmic, the same scale on every panel, so that panels can be compared.
const LOW = Math.log(25), HIGH = Math.log(600), W = 200, H = 60;
const y = (v) => H - 2 - ((Math.min(HIGH, Math.max(LOW, Math.log(Math.max(1, v)))) - LOW) / (HIGH - LOW)) * (H - 4);
function plot(parent, panel) {
  const picture = svg(parent, "svg", { viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", class: "plot", "aria-hidden": "true" });
  svg(picture, "line", { x1: 0, x2: W, y1: y(100), y2: y(100), stroke: "var(--soft)", "stroke-width": 1, "stroke-dasharray": "2 3", "vector-effect": "non-scaling-stroke", opacity: .7 });
  const n = panel.values.length;
  if (n < 2) return;
  const x = (i) => ((i / (n - 1)) * W).toFixed(1);
  let line = "", run = [];
  const flush = () => {
    if (run.length > 1) {
      const up = run.map((i) => `${x(i)} ${y(panel.highs[i]).toFixed(1)}`), down = run.slice().reverse().map((i) => `${x(i)} ${y(panel.lows[i]).toFixed(1)}`);
      svg(picture, "path", { d: `M${up.concat(down).join("L")}Z`, fill: "var(--ring)", opacity: .16 });
    }
    run = [];
  };
  for (let i = 0; i < n; i++) {
    if (panel.values[i] == null) { flush(); continue; }
    line += `${run.length ? "L" : "M"}${x(i)} ${y(panel.values[i]).toFixed(1)}`;
    run.push(i);
  }
  flush();
  svg(picture, "path", { d: line, fill: "none", stroke: "var(--ring)", "stroke-width": 1.8, "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round" });
}
