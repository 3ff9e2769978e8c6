// A map, loaded where a page has one and it comes into view. The page says the same in words, so
// whatever fails here is said and takes nothing away. Text of users is set as text, never as HTML.
import { clustersAt } from "./map_clusters.js";
import { circle, collection, colours, readBase, readTowns, styleOf } from "./map_style.js";
import { addPicking } from "./map_picking.js";
import { Marks } from "./map_marks.js";

const VENDOR = new URL("../vendor/", import.meta.url);
const CLOSEST = 17, TO_FIT = 13, MARGIN = 56;
const language = document.documentElement.lang.split("-")[0];
const rightToLeft = document.documentElement.dir === "rtl";
const states = new WeakMap();

// What a map has on it, for whoever wants to look: {map, items, marks}, or undefined.
export const stateOf = (element) => states.get(element);

const fetched = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};
const block = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

// The words beside a map stay as they are: nothing moves under a finger that is about to press.
function say(element, words) {
  let note = element.querySelector("[data-map-note]");
  if (!note) {
    note = document.createElement("p");
    note.className = "map-note";
    note.dataset.mapNote = "";
    element.replaceChildren(note);
  }
  note.textContent = words;
}

function fail(element, words) {
  say(element, words);
  element.dataset.state = "failed";
}

function drawsMaps() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

const sheet = (address) => new Promise((done, failed) => {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: done, onerror: failed }));
});
let loading;
async function library() {
  loading ??= Promise.all([
    import(new URL("maplibre/maplibre-gl.mjs", VENDOR)),
    sheet(new URL("maplibre/maplibre-gl.css", VENDOR)).then(() => sheet(new URL("map.css", import.meta.url))),
  ]);
  return (await loading)[0];
}

async function features(element) {
  if (element.dataset.source) return fetched(element.dataset.source);
  return (element.dataset.featuresId && block(element.dataset.featuresId)) || collection([]);
}

async function townsOf(element) {
  const names = (element.dataset.countries ?? "").split(" ").filter((name) => /^[A-Z]{3}$/.test(name));
  const lists = await Promise.allSettled(names.map((name) => fetched(new URL(`towns/${name}.json`, VENDOR))));
  return collection(lists.flatMap((list) => (list.status === "fulfilled" ? readTowns(list.value, language) : [])));
}

// Every position of a geometry, however deep.
const positions = (value) => (typeof value[0] === "number" ? [value] : value.flatMap(positions));

function itemsOf(found) {
  return found.map(({ geometry, properties }, number) => ({
    id: String(number),
    at: properties.anchor ?? positions(geometry.coordinates)[0],
    count: properties.counts_as ?? 1,
    isPoint: geometry.type === "Point",
    properties,
  }));
}

function boundsOf(all) {
  if (!all.length) return null;
  const sorted = (axis) => all.map((at) => at[axis]).reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [Infinity, -Infinity]);
  const [[west, east], [south, north]] = [sorted(0), sorted(1)];
  return [[west, south], [east, north]];
}

function locale(words, label) {
  return {
    "Map.Title": label,
    "NavigationControl.ZoomIn": words.zoom_in,
    "NavigationControl.ZoomOut": words.zoom_out,
    "Popup.Close": words.close,
    "ScaleControl.Meters": words.metres,
    "ScaleControl.Kilometers": words.kilometres,
    "CooperativeGesturesHandler.WindowsHelpText": words.scroll,
    "CooperativeGesturesHandler.MacHelpText": words.scroll_mac,
    "CooperativeGesturesHandler.MobileHelpText": words.fingers,
  };
}

function showing(element, { shown, total }, words) {
  const line = element.closest("figure")?.querySelector("[data-map-showing]");
  if (!line || !(total > shown)) return;
  line.textContent = words.showing.replace("%(shown)s", shown).replace("%(total)s", total);
  line.hidden = false;
}

// A button that shows everything again, among the library's own.
class Everything {
  constructor(words, act) {
    this.box = document.createElement("div");
    this.box.className = "maplibregl-ctrl maplibregl-ctrl-group";
    const button = Object.assign(document.createElement("button"), { type: "button", title: words.everything, textContent: "⤢" });
    button.setAttribute("aria-label", words.everything);
    button.addEventListener("click", act);
    this.box.append(button);
  }

  onAdd() { return this.box; }

  onRemove() { this.box.remove(); }
}

async function draw(element) {
  const words = block(element.dataset.wordsId) ?? {};
  if (!drawsMaps()) return fail(element, words.no_webgl);
  say(element, words.loading);
  try {
    const [maplibre, found, raw, towns] = await Promise.all([
      library(), features(element), fetched(new URL("world.json", VENDOR)), townsOf(element),
    ]);
    states.set(element, await shown(element, maplibre, found, { ...readBase(raw, language), towns }, words));
    showing(element, found, words);
    element.dataset.state = "ready";
  } catch {
    fail(element, words.failed);
  }
}

async function shown(element, maplibre, found, base, words) {
  const items = itemsOf(found.features);
  const data = { ...base, ...drawn(found.features, items) };
  const extent = boundsOf(extents(found.features, data.circles.features)) ?? boundsOf(data.towns.features.map((town) => town.geometry.coordinates));
  element.replaceChildren();
  const map = new maplibre.Map({
    container: element,
    style: styleOf(data, colours(element)),
    ...(extent ? { bounds: extent, fitBoundsOptions: { padding: MARGIN, maxZoom: TO_FIT } } : { center: [20, 15], zoom: 1 }),
    maxZoom: CLOSEST,
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: locale(words, element.getAttribute("aria-label")),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const side = rightToLeft ? "left" : "right";
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), `top-${side}`);
  if (extent) map.addControl(new Everything(words, () => map.fitBounds(extent, { padding: MARGIN, maxZoom: TO_FIT })), `top-${side}`);
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), rightToLeft ? "bottom-right" : "bottom-left");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(styleOf(data, colours(element))));
  // What the page is about stands there at once; the land below it follows.
  const marks = new Marks(map, maplibre, items, words, (zoom) => clustersAt(items, zoom));
  addPicking(element, map, words);
  await map.once("load");
  return { map, items, marks };
}

function drawn(found, items) {
  const circles = items.filter((item) => item.isPoint && item.properties.accuracy_m);
  return {
    shapes: collection(found.filter((each) => each.geometry.type !== "Point")),
    circles: collection(circles.map((item) => circle(item.at, item.properties.accuracy_m, { tone: item.properties.tone }))),
  };
}

const extents = (...lists) => lists.flat().flatMap((each) => positions(each.geometry.coordinates));

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) {
    seen.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "100px" });
for (const element of document.querySelectorAll("[data-map]")) seen.observe(element);
