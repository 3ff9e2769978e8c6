// A party's keys in the browser: canonical JSON (RFC 8785), JWS (RFC 7515, RFC 8037), key files,
// and keys that are kept here without being readable. proofs/ in Python is the same in full.

const TYPE = "openhns-party-key";
const MOST_ROUNDS = 10_000_000;
// PKCS #8 (RFC 8410, section 7) up to the 32 bytes of an Ed25519 private key.
const PKCS8 = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
const ED25519 = { name: "Ed25519" };
const text = new TextEncoder();

export class Refused extends Error {
  // `code` names the words that the page says.
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export function encode(bytes) {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function decode(value) {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]*$/.test(value)) throw new Refused("not_a_file");
  try {
    const binary = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw new Refused("not_a_file");
  }
}

// The one text of a value: members by name, strings in NFC, no number but safe integers.
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Refused("not_canonical");
    return String(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new Refused("not_canonical");
    return JSON.stringify(value.normalize("NFC"));
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function textSha256(value) {
  return sha256(text.encode(value));
}

const jwk = (x) => ({ crv: "Ed25519", kty: "OKP", x });

export async function thumbprint(x) {
  return encode(await crypto.subtle.digest("SHA-256", text.encode(canonical(jwk(x)))));
}

export async function supported() {
  if (!globalThis.isSecureContext || !crypto.subtle || !globalThis.indexedDB) return false;
  try {
    await crypto.subtle.importKey("raw", decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), ED25519, true, ["verify"]);
    return "isWellFormed" in String.prototype;
  } catch {
    return false;
  }
}

// Times are RFC 3339 in UTC with microseconds, as everywhere in the record.
export function timestamp(moment = new Date()) {
  return moment.toISOString().replace("Z", "000Z");
}

export async function sign(kept, typ, payload) {
  const header = { alg: "EdDSA", kid: kept.kid, typ };
  const [head, body] = [header, payload].map((part) => encode(text.encode(canonical(part))));
  const signature = await crypto.subtle.sign(ED25519, kept.key, text.encode(`${head}.${body}`));
  return `${head}.${body}.${encode(signature)}`;
}

export function payloadOf(jws) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decode(jws.split(".")[1])));
}

// A key that was just made or opened: the raw private half lives as long as it is being written.
async function keptKey(raw, x, page, possession) {
  const pkcs8 = new Uint8Array([...PKCS8, ...raw]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, false, ["sign"]);
  pkcs8.fill(0);
  const kept = { kid: await thumbprint(x), party: page.party.id, log: page.log, x, key };
  kept.possession = possession ?? (await sign(kept, "openhns-key-possession", {
    v: 1, log: page.log, party: page.party.id, key: jwk(x), signed_at: timestamp(),
  }));
  return kept;
}

export async function makeKey(page, passphrase) {
  const pair = await crypto.subtle.generateKey(ED25519, true, ["sign", "verify"]);
  const { d, x } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  const raw = decode(d);
  const kept = await keptKey(raw, x, page);
  const file = await sealedFile(raw, kept, page, passphrase);
  raw.fill(0);
  return { kept, file };
}

export function isWeak(passphrase) {
  const length = Array.from(passphrase).length;
  return length < 8 || (length < 16 && /^\p{Nd}+$/u.test(passphrase));
}

async function cipher(head, passphrase, use) {
  const secret = await crypto.subtle.importKey("raw", text.encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const derive = { name: "PBKDF2", hash: "SHA-256", salt: decode(head.kdf.salt), iterations: head.kdf.rounds };
  return crypto.subtle.deriveKey(derive, secret, { name: "AES-GCM", length: 256 }, false, [use]);
}

const gcm = (head) => ({ name: "AES-GCM", iv: decode(head.cipher.iv), additionalData: text.encode(canonical(head)) });
const random = (size) => encode(crypto.getRandomValues(new Uint8Array(size)));

async function sealedFile(raw, kept, page, passphrase) {
  const head = {
    type: TYPE, v: 1, log: page.log, party: { id: page.party.id, name: page.party.name },
    key: jwk(kept.x), kid: kept.kid, possession: kept.possession,
    kdf: { name: "PBKDF2", hash: "SHA-256", rounds: page.rounds, salt: random(16) },
    cipher: { name: "AES-256-GCM", iv: random(12) },
  };
  const key = await cipher(head, passphrase, "encrypt");
  return canonical({ ...head, sealed: encode(await crypto.subtle.encrypt(gcm(head), key, raw)) });
}

// What stands in a key file without its passphrase; refuses what is not this party's.
export function readFile(content, page) {
  let file;
  try {
    file = JSON.parse(content);
    if (canonical(file) !== content.replace(/\n$/, "")) throw new Refused("not_a_file");
  } catch {
    throw new Refused("not_a_file");
  }
  const kdf = file?.kdf;
  const known = file?.type === TYPE && kdf?.name === "PBKDF2" && kdf.hash === "SHA-256" && file.cipher?.name === "AES-256-GCM";
  if (!known || !(kdf.rounds >= page.rounds && kdf.rounds <= MOST_ROUNDS)) throw new Refused("not_a_file");
  if (file.party?.id !== page.party.id || file.log !== page.log) throw new Refused("other_party");
  return file;
}

export async function openFile(file, passphrase, page) {
  const { sealed, ...head } = file;
  let raw;
  try {
    const key = await cipher(head, passphrase, "decrypt");
    raw = new Uint8Array(await crypto.subtle.decrypt(gcm(head), key, decode(sealed)));
  } catch {
    throw new Refused("wrong");
  }
  if (raw.length !== 32) throw new Refused("not_a_file");
  const kept = await keptKey(raw, file.key.x, page, file.possession);
  raw.fill(0);
  if (kept.kid !== file.kid || !(await fits(kept))) throw new Refused("not_a_file");
  return kept;
}

// Whether the private half belongs to the public one that stands beside it.
async function fits(kept) {
  const probe = text.encode(kept.kid);
  const signature = await crypto.subtle.sign(ED25519, kept.key, probe);
  const open = await crypto.subtle.importKey("raw", decode(kept.x), ED25519, true, ["verify"]);
  return crypto.subtle.verify(ED25519, open, signature, probe);
}

// Keys are kept in the browser's own database; scripts may use them and read none of them.
function database() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("openhns-keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "kid" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function inStore(mode, act) {
  const opened = await database();
  try {
    const change = opened.transaction("keys", mode);
    const request = act(change.objectStore("keys"));
    await new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onerror = change.onabort = () => reject(change.error);
    });
    return request.result;
  } finally {
    opened.close();
  }
}

export const keep = (kept) => inStore("readwrite", (store) => store.put(kept));
export const forget = (kid) => inStore("readwrite", (store) => store.delete(kid));
export async function keptKeys(page) {
  const all = await inStore("readonly", (store) => store.getAll());
  return all.filter((kept) => kept.party === page.party.id && kept.log === page.log);
}

// The key in this browser that signs for the party now: registered for the browser, not revoked.
export async function usableKey(page) {
  const usable = new Set(page.keys.filter((key) => key.grade === "B" && !key.revoked).map((key) => key.kid));
  return (await keptKeys(page)).find((kept) => usable.has(kept.kid));
}

export async function ask(page, url, body) {
  let answer;
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": page.csrf };
    answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin" });
  } catch {
    throw new Refused("offline");
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const refused = new Refused("failed");
  refused.words = said.error?.words;
  throw refused;
}

export function pageData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// What happened, said in the page's live region and in the page's language.
export function say(page, element, code, tone = "") {
  element.className = `message ${tone}`;
  element.textContent = page.words[code] ?? code;
  element.hidden = false;
}

export function sayRefused(page, element, error) {
  const code = error instanceof Refused ? error.code : "failed";
  say(page, element, error.words ?? page.words[code] ?? page.words.failed, "error");
}
