export default function ({ data, parentElement }) {
  const list = el(start(parentElement), "ul", "list");
  for (const voice of data.voices) {
    const box = el(list, "li", "voice");
    el(box, "h3", "", voice.group);
    if (voice.publishers !== voice.group) el(box, "p", "small", voice.publishers);
    el(box, "p", "small soft", `${grouped(voice.reports)} ${voice.reports === 1 ? "report" : "reports"}, first ${voice.first}`);
    el(box, "p", "small soft", `Reliability ${voice.source}`);
  }
}
