// A small line without axes; a value that is not known leaves a gap.
function spark(parent, values, height = 34) {
  const known = values.filter((v) => v != null);
  if (known.length < 2) return;
  const low = Math.min(...known), span = Math.max(...known) - low || 1;
  const icon = svg(parent, "svg", { viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const y = (v) => height - 3 - ((v - low) / span) * (height - 6);
  let path = "", pen = false;
  values.forEach((v, i) => {
    if (v == null) { pen = false; return; }
    path += `${pen ? "L" : "M"}${((i / (values.length - 1)) * 100).toFixed(1)} ${y(v).toFixed(1)}`;
    pen = true;
  });
  svg(icon, "path", { d: path, fill: "none", stroke: "var(--ring)", "stroke-width": 1.8, "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round" });
}
