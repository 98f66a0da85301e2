// Everything that came from a feed reaches the page through textContent: it cannot become markup.
const SVG = "http://www.w3.org/2000/svg";
function el(parent, tag, cls, text) {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text != null) node.textContent = text;
  parent.append(node);
  return node;
}
function grouped(number) { return number.toLocaleString("en-GB"); } // 1,204 in every browser, as Python writes it
function svg(parent, tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent.append(node);
  return node;
}
// Severity is told by shape as well as colour: ring, disc, diamond, triangle, octagon.
const SHAPES = [
  "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z", "M8 1 15 8 8 15 1 8Z",
  "M8 1.2 15.4 14.4H.6Z", "M5 1h6l4 4v6l-4 4H5l-4-4V5Z",
];
function shape(parent, severity, size = 14) {
  const icon = svg(parent, "svg", { viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true" });
  const colour = `var(--sev-${severity})`;
  svg(icon, "path", { d: SHAPES[severity], fill: severity === 0 ? "none" : colour,
    stroke: severity === 0 ? colour : "light-dark(rgba(12,23,30,.55),rgba(0,0,0,.4))", "stroke-width": severity === 0 ? 2 : .8 });
  return icon;
}
function badge(parent, severity, word) {
  const node = el(parent, "span", "badge");
  shape(node, severity);
  el(node, "span", "sr", "Severity ");
  el(node, "span", "", `${severity} ${word}`);
  return node;
}
const WAYS = { escalatory: "M2 12 8 5l6 7Z", deescalatory: "M2 5h12L8 12Z", neutral: "M2 7h12v2H2Z" };
function way(parent, direction, word) {
  const node = el(parent, "span", "way");
  const icon = svg(node, "svg", { viewBox: "0 0 16 16", width: 11, height: 11, "aria-hidden": "true" });
  const colours = { escalatory: "var(--sev-3)", deescalatory: "var(--calm)", neutral: "currentColor" };
  svg(icon, "path", { d: WAYS[direction] || WAYS.neutral, fill: colours[direction] || "currentColor" });
  el(node, "span", "", word);
  return node;
}
// A mark is for the eye: read aloud it would cut a sentence into words. The reasons name the words again.
function evidence(parent, text) {
  const node = el(parent, "mark", "", text);
  node.setAttribute("role", "presentation");
  return node;
}
function pieces(parent, parts) {
  for (const part of parts) {
    if (part.mark) evidence(parent, part.text).title = `Evidence for ${part.mark}`;
    else parent.append(document.createTextNode(part.text));
  }
}
// Only addresses that a browser may open; Python has filtered them already.
function outside(parent, url, label) {
  if (!/^https?:\/\//i.test(url)) return;
  const link = el(parent, "a", "", label);
  link.href = url; link.target = "_blank"; link.rel = "noopener noreferrer nofollow";
  return link;
}
// A link that a plain click answers without a page load, and a middle click opens in a new tab.
function inside(parent, cls, href, label, act) {
  const link = el(parent, "a", cls, label);
  link.href = href;
  link.onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault(); act();
  };
  return link;
}
// What is drawn anew keeps its reader: the focus stays where it was, and what was unfolded stays so.
function called(node) { return `${node.tagName} ${node.getAttribute("aria-label") || node.textContent}`; }
function start(parentElement) {
  const root = parentElement.querySelector(".part"), held = root.getRootNode().activeElement;
  const open = new Set([...root.querySelectorAll("details[open][data-id]")].map((one) => one.dataset.id));
  queueMicrotask(() => {
    for (const one of root.querySelectorAll("details[data-id]")) one.open = open.has(one.dataset.id);
    if (!held || held === root) return;
    const same = [...root.querySelectorAll("a[href], button, summary")].find((one) => called(one) === called(held));
    if (!same) root.tabIndex = -1;
    (same || root).focus({ preventScroll: true });
  });
  root.replaceChildren();
  return root;
}
