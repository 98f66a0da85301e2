export default function ({ data, parentElement }) {
  const list = el(start(parentElement), "ul", "list");
  for (const line of data.lines) el(list, "li", "", line);
}
