export default function ({ data, parentElement }) {
  const list = el(start(parentElement), "ol", "pins");
  list.setAttribute("aria-label", "Reference events; they do not feed the index");
  for (const pin of data.pins) {
    const row = el(list, "li");
    el(row, "b", "", pin.number);
    const text = el(row, "span");
    el(text, "span", "soft", `${pin.day}: `);
    text.append(`${pin.text} `);
    if (pin.url) outside(text, pin.url, pin.source); else el(text, "span", "soft", pin.source);
  }
}
