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
// Whoever had the focus on something that is gone has it on the page's main part, and not on nothing: a keyboard
// and a screen reader would begin at the top of the window. After a dialog it is where it was before.
function focusIsKept() {
  let before = [], left = -Infinity; // when the reader left it for nothing; removal right after was the cause
  document.addEventListener("focusin", (event) => {
    left = Infinity;
    before = [event.composedPath()[0], ...before.filter((one) => one.isConnected)].slice(0, 60);
  });
  document.addEventListener("focusout", (event) => { if (!event.relatedTarget) left = performance.now(); });
  new MutationObserver(() => {
    if (before[0]?.isConnected !== false || document.activeElement !== document.body) return;
    if (performance.now() - left > 1000) return;
    const dialog = before[0].closest("[role=dialog]");
    const last = dialog && before.find((one) => one.isConnected && one.checkVisibility());
    (last || document.querySelector("[data-testid=stMain]"))?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
const dark = window.matchMedia("(prefers-color-scheme: dark)");
export default function ({ setTriggerValue }) {
  if (!window.monitorManners) {
    window.monitorManners = true;
    oneStepForAnAct();
    focusIsKept();
  }
  // Charts are drawn in colours, not in variables: when dusk turns the theme they must be drawn again.
  const follow = () => requestAnimationFrame(() => requestAnimationFrame(() => setTriggerValue("theme", dark.matches)));
  dark.addEventListener("change", follow);
  return () => dark.removeEventListener("change", follow);
}
