// Says on the page that a passkey did not work; the library would only tell the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-passkey-failed]")) note.hidden = false;
});
