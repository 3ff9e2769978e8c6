// A party answers: what the server gives to sign is compared with what this page says, and signed.
import * as signing from "./signing.js";

const RECEIPT = "openhns-receipt";
const OBJECTION = "openhns-objection";
const CLOCKS_DIFFER = 10 * 60_000;
const said = document.getElementById("said");

async function start() {
  const form = document.querySelector("#answering, #objecting, #asking");
  const page = signing.pageData(`${form.id}-data`);
  const kept = (await signing.supported()) ? await signing.usableKey(page) : undefined;
  if (!kept) return;
  document.getElementById("without-key").hidden = true;
  const shown = document.getElementById("with-key");
  shown.querySelector("[data-kid]").textContent = kept.kid;
  shown.hidden = false;
  form.hidden = false;
  const act = { answering: answer, objecting: object, asking: ask }[form.id];
  form.addEventListener("submit", (event) => sent(event, () => act(page, kept, form)));
}

async function sent(event, act) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    signing.sayRefused(signing.pageData(`${event.target.id}-data`), said, error);
    button.disabled = false;
  }
}

function* numbersOf(ranges) {
  for (const [first, last] of ranges) for (let number = first; number <= last; number += 1) yield number;
}

function* parts(all, size) {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

async function answer(page, kept, form) {
  const chosen = form.elements;
  const says = { answer: chosen.answer.value, echelon: chosen.echelon.value.trim().normalize("NFC"), bulk: page.count > 1 };
  const all = [...numbersOf(page.ranges)];
  const done = { recorded: 0, already: 0 };
  for (const numbers of parts(all, page.at_once)) {
    tell(page, "signing", { done: done.recorded + done.already, all: all.length });
    const { items } = await signing.ask(page, page.to_sign, { numbers, ...says });
    const receipts = await signAll(page, kept, numbers, says, items);
    const answered = await signing.ask(page, page.receipts, { receipts });
    done.recorded += answered.recorded;
    done.already += answered.already;
  }
  finish(page, form, done);
}

async function signAll(page, kept, numbers, says, items) {
  const wanted = new Set(numbers);
  const checked = [];
  for (const item of items) {
    if (!wanted.delete(item.number)) throw new signing.Refused("altered");
    checked.push(await compared(page, item, says));
  }
  if (wanted.size) throw new signing.Refused("altered");
  return Promise.all(checked.map((payload) => signing.sign(kept, RECEIPT, payload)));
}

// What the page itself makes of the notice must be what the server gave to sign, but for the head
// of the log and the time, which are the server's to say.
async function compared(page, item, says) {
  const given = item.payload;
  const own = {
    ...(await about(page, item.number, item.jws)), ...says,
    machine: false, head: given.head, answered_at: given.answered_at,
  };
  if (signing.canonical(own) !== signing.canonical(given)) throw new signing.Refused("altered");
  if (!(Math.abs(Date.parse(given.answered_at) - Date.now()) < CLOCKS_DIFFER)) throw new signing.Refused("clock");
  return own;
}

async function about(page, number, jws) {
  const notice = signing.payloadOf(jws);
  const same = notice.number === number && notice.party.id === page.party.id && notice.log === page.log;
  if (!same || notice.mechanism !== page.mechanism) throw new signing.Refused("altered");
  return {
    v: 1, log: page.log, mechanism: page.mechanism, party: page.party.id,
    notice: notice.id, number, notice_sha256: await signing.textSha256(jws),
  };
}

function tell(page, code, values, tone) {
  const words = page.words[code].replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  signing.say(page, said, words, tone);
}

function finish(page, form, done) {
  form.hidden = true;
  tell(page, "recorded", { count: done.recorded }, "success");
  if (done.already) {
    said.append(" ", page.words.already.replace("%(count)s", done.already));
  }
}

const oneForm = (field) => field.value.trim().normalize("NFC");

async function object(page, kept, form) {
  const { grounds, warning, limit_at: limit, zone, made_by: madeBy, signed } = form.elements;
  if (oneForm(grounds) && oneForm(madeBy)) {
    const payload = {
      ...(await about(page, page.number, page.jws)),
      grounds: oneForm(grounds), warning: warning.checked, made_by: oneForm(madeBy),
      time_limit: limit.value ? signing.timestamp(new Date(`${limit.value}${zone.value}`)) : null,
      head: page.head, made_at: signing.timestamp(),
    };
    signed.value = await signing.sign(kept, OBJECTION, payload);
  }
  form.submit();
}

async function ask(page, kept, form) {
  const { question, echelon, signed } = form.elements;
  if (oneForm(question) && oneForm(echelon)) {
    const payload = {
      ...(await about(page, page.number, page.jws)), v: 2, answer: "queried", bulk: false, machine: false,
      question: oneForm(question), echelon: oneForm(echelon), head: page.head, answered_at: signing.timestamp(),
    };
    signed.value = await signing.sign(kept, RECEIPT, payload);
  }
  form.submit();
}

start();
