// Objections ring until they are answered: asked again every half minute, also without a reload.

const aside = document.querySelector("[data-ringing]");
const words = aside.querySelector("[data-ringing-words]");
const list = aside.querySelector("[data-ringing-list]");
const buttons = document.querySelectorAll("[data-ringing-sound]");
const KEY = "openhns-sound";
let waiting = list.children.length;
let loud = false;

async function ask() {
  const answer = await fetch(aside.dataset.ringing, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const found = await answer.json();
  waiting = found.waiting;
  aside.classList.toggle("quiet", !waiting);
  list.innerHTML = found.list;
  // Said aloud only when it changes; the time that is left stands outside what is said.
  if (words.textContent !== found.words) words.textContent = found.words;
  sound();
}

let audio;
function sound() {
  if (!waiting || !loud) return;
  audio ??= new AudioContext();
  audio.resume();
  for (const [start, pitch] of [[0, 660], [0.25, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.15;
    tone.frequency.value = pitch;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.2);
  }
}

// No sound unless the person asked for it, here in this browser.
function choose(yes) {
  loud = yes;
  for (const button of buttons) button.setAttribute("aria-pressed", String(yes));
  try {
    if (yes) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the choice holds for this page.
  }
}
let kept = null;
try {
  kept = localStorage.getItem(KEY);
} catch {
  // As above.
}
choose(kept === "on");
for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => {
    choose(!loud);
    sound();
  });
}
setInterval(() => ask().catch(() => {}), 30_000);
