// Streamlit always comes back from a sign-in to its first page. What a stranger wanted to open waits in this
// tab, and in no other, for a quarter of an hour.
const KEY = "monitor-wanted", MINUTES = 15;
export default function ({ data }) {
  const here = location.pathname + location.search;
  if (!data.signed_in) {
    sessionStorage.setItem(KEY, JSON.stringify({ place: here, at: Date.now() }));
    return;
  }
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!kept || window.monitorWayBack) return;
  window.monitorWayBack = true;
  const { place, at } = JSON.parse(kept);
  if (place !== here && Date.now() - at < MINUTES * 60000)
    location.replace(location.origin + place);  // with the origin before it, it can lead nowhere else
}
