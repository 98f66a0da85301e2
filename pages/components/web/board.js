const SIGNS = { warning: [3, "warning"], watch: [2, "watch"], quiet: [1, "quiet"], unknown: [0, "no baseline"] };
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
}
