// What was just done, for the eye and for the ear: a region that was there before it has words is read aloud.
const STAYS = 9000, LASTS = 30000; // milliseconds to be seen (longer while it is pointed at), and to be found
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".part");
  root.setAttribute("role", "status");
  if (parentElement.said === data.number) return;
  parentElement.said = data.number;
  root.replaceChildren();
  if (!data.text) return;
  setTimeout(() => {
    const box = document.createElement("p"); // whole before it comes in: the region speaks once
    box.className = data.seen ? "said" : "sr";
    el(box, "span", "", data.text);
    if (data.more) el(box, "span", "sr", `. ${data.more}`);
    root.append(box);
    const leave = () => (box.matches(":hover") ? setTimeout(leave, STAYS) : box.classList.add("sr"));
    setTimeout(leave, STAYS);
    setTimeout(() => box.remove(), LASTS); // or it would be read again when a dialog gives the page free
  }, 150);
}
