export default function ({ data, parentElement }) {
  const root = start(parentElement);
  const box = el(root, "details");
  box.dataset.id = "clocks";
  const line = el(box, "summary");
  const icon = svg(line, "svg", { viewBox: "0 0 16 16", width: 13, height: 13, "aria-hidden": "true" });
  svg(icon, "path", { d: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 4.4V8l2.6 1.8", fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round" });
  el(line, "span", "", data.sentence);
  const more = el(box, "p", "more", data.help);
  box.ontoggle = () => more.classList.toggle("right", box.getBoundingClientRect().right > window.innerWidth / 2);
}
