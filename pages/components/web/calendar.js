export default function ({ data, parentElement }) {
  const table = el(start(parentElement), "table");
  el(table, "caption", "", "Six weeks");
  const head = el(el(table, "thead"), "tr");
  for (const name of data.weekdays) el(head, "th", "", name).scope = "col";
  const body = el(table, "tbody");
  let row;
  data.days.forEach((day, i) => {
    if (i % 7 === 0) row = el(body, "tr");
    const cell = el(row, "td", [day.is_today ? "today" : "", day.in_range ? "" : "past"].join(" ").trim());
    el(cell, "span", "", day.number);
    cell.title = [day.name, ...day.due].join("\n");
    if (day.due.length) {
      const dots = el(cell, "div", "dots");
      for (let n = 0; n < Math.min(3, day.due.length); n++) el(dots, "i").setAttribute("aria-hidden", "true");
      if (day.due.length > 3) el(dots, "span", "", `+${day.due.length - 3}`).setAttribute("aria-hidden", "true");
      el(cell, "span", "sr", `, ${day.due.length} due: ${day.due.join("; ")}`);
    }
  });
}
