export default function ({ data, parentElement, setTriggerValue }) {
  const root = el(start(parentElement), "div", "tiles");
  for (const tile of data.tiles) {
    const href = tile.page + (tile.query ? `?${tile.query}` : "");
    const box = inside(root, "tile", href, null, () => setTriggerValue("open", [tile.page, tile.query]));
    el(box, "span", "small soft", tile.label);
    el(box, "span", "value", tile.value);
    el(box, "span", "small soft", tile.note);
    spark(box, tile.spark);
  }
}
