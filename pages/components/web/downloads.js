function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob); link.download = name; link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
// The drawn chart as one SVG: plotly keeps it in layers that lie on each other.
function picture(chart, title, paper, ink) {
  const layers = [...chart.querySelectorAll("svg.main-svg")];
  if (!layers.length) return null;
  const width = layers[0].clientWidth, height = layers[0].clientHeight;
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("xmlns", SVG);
  sheet.setAttribute("width", width); sheet.setAttribute("height", height + 34);
  sheet.setAttribute("viewBox", `0 -34 ${width} ${height + 34}`);
  svg(sheet, "rect", { x: 0, y: -34, width, height: height + 34, fill: paper });
  const text = svg(sheet, "text", { x: 10, y: -12, fill: ink, "font-size": 14, "font-weight": 600, "font-family": "Inter, sans-serif" });
  text.textContent = title;
  for (const layer of layers) {
    const copy = layer.cloneNode(true);
    copy.removeAttribute("style");
    copy.querySelectorAll(".hoverlayer, .draglayer, .modebar").forEach((node) => node.remove());
    sheet.append(copy);
  }
  return { text: new XMLSerializer().serializeToString(sheet), width, height: height + 34 };
}
// Small multiples or a heat map, drawn again as one picture from the numbers on the page.
const CELL = 216, TALL = 124, ACROSS = 5, NAME = 190, BOX = 14;
const HEAT = { "-2": "light-dark(#3B7EA1, #4FA0C5)", "-1": "light-dark(#BBD6E2, #235063)", 0: "light-dark(#EEF1EF, #1D2A32)", 1: "light-dark(#F2CFA4, #6B4722)", 2: "light-dark(#E08A3C, #C5752E)", 3: "light-dark(#8E1B3C, #F0728A)" };
function label(parent, x, y, text, size, ink, more = {}) {
  const node = svg(parent, "text", { x, y, "font-size": size, fill: ink, "font-family": "Inter, sans-serif", ...more });
  node.textContent = text;
}
function short(text, most) { return text.length > most ? text.slice(0, most - 1) + "…" : text; }
function small(sheet, panels, ink) {
  panels.forEach((panel, i) => {
    const box = svg(sheet, "g", { transform: `translate(${10 + (i % ACROSS) * CELL} ${Math.floor(i / ACROSS) * TALL})` });
    label(box, 0, 14, short(panel.name, 27), 11.5, ink, { "font-weight": 600 });
    label(box, CELL - 16, 32, panel.index, 13, ink, { "font-weight": 600, "text-anchor": "end" });
    const sign = svg(box, "svg", { x: 0, y: 22, width: 11, height: 11, overflow: "visible" });
    shape(sign, SIGNS[panel.state], 11);
    label(box, 16, 32, panel.word, 11, "var(--soft)");
    const frame = svg(box, "svg", { x: 0, y: 42, width: CELL - 16, height: 64, viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none" });
    plot(frame, panel);
  });
  return { width: 20 + ACROSS * CELL, height: Math.ceil(panels.length / ACROSS) * TALL + 10 };
}
function squares(sheet, rows, days, ink) {
  rows.forEach((row, i) => {
    label(sheet, 10, i * 18 + 12, short(row.name, 27), 11, ink);
    row.squares.forEach((square, n) => svg(sheet, "rect", { x: NAME + n * (BOX + 2), y: i * 18, width: BOX, height: BOX, rx: 2, ...(square.step == null ? { fill: "none", stroke: "var(--soft)", "stroke-dasharray": "2 2" } : { fill: HEAT[square.step] }) }));
  });
  days.forEach((day, n) => { if (n % 7 === 0) label(sheet, NAME + n * (BOX + 2), rows.length * 18 + 14, day, 10.5, "var(--soft)"); });
  return { width: NAME + days.length * (BOX + 2) + 10, height: rows.length * 18 + 26 };
}
// Colours of this page in place of names that only this page knows.
function resolved(text, root) {
  const probe = el(root, "span", "sr");
  const found = text.replace(/var\(--[\w-]+\)|light-dark\((?:[^()]|\([^()]*\))*\)/g, (name) => { probe.style.color = name; return getComputedStyle(probe).color; });
  probe.remove();
  return found;
}
function sheetOf(data, root, paper, ink) {
  const sheet = document.createElementNS(SVG, "svg"), ground = svg(sheet, "rect", { x: 0, y: -34, fill: paper });
  label(sheet, 10, -12, data.title, 14, ink, { "font-weight": 600 });
  const { width, height } = data.days ? squares(sheet, data.panels, data.days, ink) : small(sheet, data.panels, ink);
  for (const node of [ground, sheet]) { node.setAttribute("width", width); node.setAttribute("height", height + 34); }
  sheet.setAttribute("xmlns", SVG); sheet.setAttribute("viewBox", `0 -34 ${width} ${height + 34}`);
  return { text: resolved(new XMLSerializer().serializeToString(sheet), root), width, height: height + 34 };
}
export default function ({ data, parentElement }) {
  const root = start(parentElement);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Download ${data.title}`);
  const style = getComputedStyle(root);
  const draw = () => {
    const paper = style.getPropertyValue("--st-background-color") || "#fff";
    if (data.panels) return sheetOf(data, root, paper, style.color);
    const chart = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
    return chart && picture(chart, data.title, paper, style.color);
  };
  const offer = (label, act) => {
    const button = el(root, "button", "", label);
    button.type = "button"; button.setAttribute("aria-label", `${label} of ${data.title}`); button.onclick = act;
  };
  offer("PNG", () => {
    const made = draw(); if (!made) return;
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = made.width * 2; canvas.height = made.height * 2;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${data.name}.png`), "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(made.text);
  });
  offer("SVG", () => { const made = draw(); if (made) save(new Blob([made.text], { type: "image/svg+xml" }), `${data.name}.svg`); });
  if (data.csv) offer("CSV", () => save(new Blob([data.csv], { type: "text/csv" }), `${data.name}.csv`));
}
