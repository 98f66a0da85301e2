// One act of the reader makes one step back. While a page changes, Streamlit writes the address several
// times (first without the controls of the page that is left): only the first of them may be an entry.
function oneStepForAnAct() {
  let acts = 1, written = 0;
  for (const kind of ["pointerdown", "keydown", "click", "input"])
    window.addEventListener(kind, () => { acts += 1; }, true);
  const push = history.pushState;
  history.pushState = function (state, title, url) {
    if (written === acts) return history.replaceState(state, title, url);
    written = acts;
    return push.call(this, state, title, url);
  };
}
const dark = window.matchMedia("(prefers-color-scheme: dark)");
export default function ({ setTriggerValue }) {
  if (!window.monitorManners) {
    window.monitorManners = true;
    oneStepForAnAct();
  }
  // Charts are drawn in colours, not in variables: when dusk turns the theme they must be drawn again.
  const follow = () => requestAnimationFrame(() => requestAnimationFrame(() => setTriggerValue("theme", dark.matches)));
  dark.addEventListener("change", follow);
  return () => dark.removeEventListener("change", follow);
}
