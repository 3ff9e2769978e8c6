// Picking a position: the map moves under a cross, and a button takes what lies beneath it. All of
// it works by keyboard; a press on the map brings that place under the cross.
import { coordinates } from "./map_marks.js";

const DECIMALS = 7;
const PLAIN = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;
const NEAR_ZOOM = 12;

function inputsOf({ pick, pickLat, pickLon }) {
  const named = (pick ? [pick] : [pickLat, pickLon]).map((id) => id && document.getElementById(id));
  return named.every(Boolean) ? named : null;
}

// What is typed already, if it is plain decimal degrees; other notations the server reads.
function typed(inputs) {
  const found = PLAIN.exec(inputs.map((input) => input.value).join(", "));
  if (!found) return null;
  const [lat, lon] = [Number(found[1]), Number(found[2])];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}

function fill(inputs, { lat, lng }) {
  const texts = [lat, lng].map((degrees) => degrees.toFixed(DECIMALS));
  const values = inputs.length === 1 ? [texts.join(", ")] : texts;
  inputs.forEach((input, number) => {
    input.value = values[number];
    for (const kind of ["input", "change"]) input.dispatchEvent(new CustomEvent(kind, { bubbles: true, detail: "map" }));
  });
}

export function addPicking(element, map, words) {
  const inputs = inputsOf(element.dataset);
  if (!inputs) return;
  const cross = Object.assign(document.createElement("div"), { className: "map-cross" });
  cross.setAttribute("aria-hidden", "true");
  element.append(cross);
  // The page has kept its room, so that nothing below it moves now.
  const bar = element.closest("figure").querySelector(".map-picking");
  const [button, here, said] = ["button", "[data-map-here]", "[role=status]"].map((each) => bar.querySelector(each));
  bar.removeAttribute("data-waits");

  const centre = () => map.getCenter().wrap();
  const tell = () => here.replaceChildren(coordinates(centre().toArray()));
  map.on("move", tell);
  tell();
  map.on("click", (event) => map.easeTo({ center: event.lngLat }));
  button.addEventListener("click", () => {
    fill(inputs, centre());
    const [before, after] = words.taken.split("%(position)s");
    said.replaceChildren(before, coordinates(centre().toArray()), after ?? "");
  });
  const go = () => {
    const at = typed(inputs);
    if (at) map.jumpTo({ center: at, zoom: Math.max(map.getZoom(), NEAR_ZOOM) });
  };
  for (const input of inputs) input.addEventListener("change", (event) => { if (event.detail !== "map") go(); });
  go();
}
