const SIGNS = { warning: [3, "warning"], watch: [2, "watch"], quiet: [1, "quiet"], unknown: [0, "no baseline"] };
// On a phone what is quiet is folded away, so that map and stories are not far below.
function fold(root, parentElement, rest, all, unknown) {
  const button = el(root, "button", "more");
  const show = (open) => {
    parentElement.isUnfolded = open;
    root.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
    const none = unknown === all ? `None of ${all} has a baseline yet: show them` : `None of ${all} stands out: show them`;
    const others = rest === all ? none : `Show the other ${rest}, quiet or without a baseline`;
    button.textContent = open ? "Show only what stands out" : others;
  };
  button.onclick = () => show(!parentElement.isUnfolded);
  show(Boolean(parentElement.isUnfolded));
}
export default function ({ data, parentElement, setTriggerValue }) {
  const root = el(start(parentElement), "div", "board");
  for (const cell of data.cells) {
    const box = inside(root, `cell ${cell.state}`, `indicators?indicator=${encodeURIComponent(cell.name)}`, null, () => setTriggerValue("open", cell.name));
    box.title = `${cell.name}: ${cell.detail}`;
    el(box, "span", "name", cell.name);
    const state = el(box, "span", "state");
    shape(state, SIGNS[cell.state][0], 11);
    state.append(`${cell.word} `);
    if (cell.index !== "–") el(state, "b", "", cell.index);
    spark(box, cell.spark, 26);
  }
  const count = (state) => data.cells.filter((cell) => cell.state === state).length;
  const rest = count("quiet") + count("unknown");
  if (rest > 4) fold(root, parentElement, rest, data.cells.length, count("unknown"));
}
