export default function ({ data, parentElement }) {
  const root = start(parentElement), line = data.line;
  const strip = el(root, "div", "strip");
  strip.setAttribute("role", "img");
  strip.setAttribute("aria-label", line.strip.map((cell) => cell.words).join("; "));
  for (const cell of line.strip) el(strip, "i", cell.state).title = cell.words;
  const facts = el(root, "dl", "facts");
  const fact = (name, text) => { if (text) { el(facts, "dt", "", name); el(facts, "dd", "", text); } };
  fact("State", [line.state_word, line.since && `since ${line.since}`].filter(Boolean).join(" ") + (line.because ? `: ${line.because}` : ""));
  fact("What to do", line.advice);
  el(facts, "dt", "", "Address");
  if (line.url) outside(el(facts, "dd"), line.url, line.url);
  fact("Newest item", line.newest);
  fact("Items", `${grouped(line.items_24h)} in 24 h, ${grouped(line.items_30d)} in 30 days, ${line.a_week}`);
  fact("Rhythm", line.rhythm);
  fact("Next poll", line.next_poll);
  fact("Reliability", line.source);
  fact("Owner or agency", line.group || "stands alone");
  fact("On the list", line.origin + (line.edited ? ", edited here" : ""));
  if (data.polls.length) {
    el(root, "h3", "", "Latest polls");
    const log = el(root, "div", "log");
    for (const poll of data.polls) {
      el(log, "span", "soft", poll.when);
      el(log, "span", poll.state === "failed" ? "bad" : "", (poll.state === "failed" ? "failed: " : "") + poll.result);
      el(log, "span", "soft", poll.detail);
    }
  }
  if (data.changes.length) {
    el(root, "h3", "", "Changes");
    const list = el(root, "ul", "small");
    for (const change of data.changes) el(list, "li", "", change);
  }
}
