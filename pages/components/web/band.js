export default function ({ data, parentElement, setTriggerValue }) {
  const root = start(parentElement);
  root.classList.toggle("forming", data.level == null);
  const top = el(root, "div", "top");
  el(top, "div", "word", data.name); el(top, "div", "soft", data.sub);
  const track = el(root, "div", "track");
  track.setAttribute("role", "img"); track.setAttribute("aria-label", data.alt);
  const labels = el(root, "div", "labels");
  labels.setAttribute("aria-hidden", "true");
  data.steps.forEach(([name, from], i) => {
    el(track, "div", i === data.level ? "seg on" : "seg");
    const label = el(labels, "span", i === data.level ? "on" : "", `${i} ${name}`);
    el(label, "small", "", i ? `from ${Math.round(from)}` : "100 is usual");
  });
  if (data.at != null) {
    const range = el(track, "div", "range");
    range.style.left = data.from + "%"; range.style.width = Math.max(1, data.to - data.from) + "%";
    const mark = el(track, "div", "mark");
    mark.style.left = data.at + "%"; el(mark, "b", "", data.value);
  }
  const note = el(root, "p", "note"), open = () => setTriggerValue("open", data.series);
  if (data.series) {
    inside(note, "", `indicators?indicator=${encodeURIComponent(data.series)}`, data.sentence, open);
    track.classList.add("opens"); track.onclick = open;
  } else note.textContent = data.sentence;
  if (data.because) el(root, "p", "because", data.because);
}
