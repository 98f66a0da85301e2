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
export default function ({ data, parentElement }) {
  const root = start(parentElement);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Download ${data.title}`);
  const style = getComputedStyle(root);
  const draw = () => {
    const chart = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
    return chart && picture(chart, data.title, style.getPropertyValue("--st-background-color") || "#fff", style.color);
  };
  const offer = (label, act) => {
    const button = el(root, "button", "", label);
    button.type = "button"; button.setAttribute("aria-label", `${label} of ${data.title}`); button.onclick = act;
  };
  if (data.pictures) offer("PNG", () => {
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
  if (data.pictures) offer("SVG", () => { const made = draw(); if (made) save(new Blob([made.text], { type: "image/svg+xml" }), `${data.name}.svg`); });
  if (data.csv) offer("CSV", () => save(new Blob([data.csv], { type: "text/csv" }), `${data.name}.csv`));
}
