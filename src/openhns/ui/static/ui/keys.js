// The page of a party's keys: make one, open a file, register, forget.
import * as signing from "./signing.js";

const page = signing.pageData("keys-data");
const said = document.getElementById("said");
const list = document.getElementById("kept");
const state = (kid) => page.keys.find((key) => key.kid === kid);

async function start() {
  if (!(await signing.supported())) {
    signing.say(page, said, "unsupported", "warning");
    return;
  }
  await draw();
  document.getElementById("here").hidden = false;
  listen("make", make);
  listen("load", load);
}

function listen(id, act) {
  const form = document.getElementById(id);
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await act(form.elements);
    } catch (error) {
      signing.sayRefused(page, said, error);
    }
    button.disabled = false;
  });
}

async function make({ passphrase, again, replaces }) {
  if (signing.isWeak(passphrase.value)) throw new signing.Refused("short");
  if (passphrase.value !== again.value) throw new signing.Refused("differ");
  signing.say(page, said, "working");
  const { kept, file } = await signing.makeKey(page, passphrase.value);
  save(file, `openhns-party-key-${kept.kid.slice(0, 8)}.json`);
  await signing.keep(kept);
  await register(kept, replaces?.value || null);
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function register(kept, replaces = null) {
  await signing.ask(page, page.register, { x: kept.x, possession: kept.possession, replaces });
  if (replaces) await signing.forget(replaces);
  location.reload();
}

async function load({ file, passphrase }) {
  if (!file.files.length) throw new signing.Refused("no_file");
  const members = signing.readFile(await file.files[0].text(), page);
  const known = state(members.kid);
  if (known?.revoked) throw new signing.Refused("revoked_file");
  if (known?.grade === "A") throw new signing.Refused("own_tool");
  signing.say(page, said, "opening");
  const kept = await signing.openFile(members, passphrase.value, page);
  await signing.keep(kept);
  if (known) location.reload();
  else await register(kept);
}

async function draw() {
  const kept = await signing.keptKeys(page);
  list.replaceChildren(...(kept.length ? kept.map(row) : [item(page.words.none)]));
}

function item(words) {
  const element = document.createElement("li");
  element.append(words);
  return element;
}

function row(kept) {
  const known = state(kept.kid);
  const code = known?.revoked ? "revoked" : known ? "kept" : "unregistered";
  const name = document.createElement("bdi");
  name.dir = "ltr";
  name.className = "ltr";
  name.textContent = kept.kid;
  const words = document.createElement("p");
  words.append(name, document.createElement("br"), page.words[code]);
  const actions = document.createElement("p");
  actions.className = "actions";
  if (!known) actions.append(button("register", () => register(kept)));
  actions.append(button("forget", async () => {
    await signing.forget(kept.kid);
    await draw();
  }));
  const element = item(words);
  element.append(actions);
  return element;
}

function button(code, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = page.words[code];
  element.addEventListener("click", () => act().catch((error) => signing.sayRefused(page, said, error)));
  return element;
}

start();
