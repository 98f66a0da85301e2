export default function ({ data, parentElement }) {
  const list = el(start(parentElement), "ul", "list");
  for (const [line, id] of data.lines) {
    const item = el(list, "li", "", line);
    if (id) el(item, "span", "small soft", `  (${id})`);
  }
}
