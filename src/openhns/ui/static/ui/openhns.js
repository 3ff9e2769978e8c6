// Small comforts; every page works without them.

// A form that was sent is not sent twice by a second press.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.hasAttribute("data-repeat")) return;
  setTimeout(() => { button.disabled = true; });
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[disabled]:not([data-keep])")) button.disabled = false;
});

// A page is printed by its own button.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// "Select all" ticks the boxes of its own table.
for (const all of document.querySelectorAll("input[data-all]")) {
  const boxes = [...document.querySelectorAll(`input[name="${all.dataset.all}"]`)];
  all.closest("[hidden]")?.removeAttribute("hidden");
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}

// The menu closes when something else is pressed, or Escape.
const menus = document.querySelectorAll("details.menu");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of menus) menu.open = false;
});

// A page that shows work under way is loaded again after so many seconds.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), 1000 * again.dataset.again);

// What is heavy is loaded where a page asks for it.
if (document.querySelector("[data-map]")) import("./map.js");
