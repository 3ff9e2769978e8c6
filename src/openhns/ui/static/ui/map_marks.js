// The marks on a map are buttons: they can be pressed, reached by keyboard and read aloud. One of
// them is a stop of the Tab key; the arrow keys lead from one to the next.

const CLOSE_TO = 1e-6; // Degrees between things that no zoom tells apart.
const STEPS = 2; // In a zoom: how often near marks are gathered anew.

const made = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

// Coordinates read left to right in every language.
export function coordinates([lon, lat]) {
  const text = [lat, lon].map((degrees) => degrees.toFixed(7).replace(/\.?0+$/, "")).join(", ");
  return made("bdi", { dir: "ltr", className: "ltr", textContent: text });
}

export class Marks {
  constructor(map, library, items, words, clusters) {
    Object.assign(this, { map, library, items, words, clusters, shown: new Map(), popup: null });
    map.on("moveend", () => this.refresh());
    map.getContainer().addEventListener("keydown", (event) => this.key(event));
    this.refresh();
  }

  // The clusters of this zoom, those out of sight too: their counts add up to all there is.
  get all() { return this.clusters(Math.floor(this.map.getZoom() * STEPS) / STEPS); }

  refresh() {
    const bounds = this.map.getBounds();
    const wanted = new Map(this.all.filter((each) => inView(bounds, each.at)).map((each) => [each.key, each]));
    const lost = [...this.shown].filter(([key]) => !wanted.has(key));
    const hadFocus = lost.some(([, marker]) => marker.getElement() === document.activeElement);
    for (const [key, marker] of lost) { marker.remove(); this.shown.delete(key); }
    for (const [key, cluster] of wanted) if (!this.shown.has(key)) this.shown.set(key, this.marker(cluster));
    const buttons = this.buttons();
    const stop = buttons.find((button) => button === document.activeElement) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
    if (hadFocus) (stop ?? this.map.getCanvas()).focus({ preventScroll: true });
  }

  // In the order of reading: from the north to the south.
  buttons() {
    const markers = [...this.shown.values()].sort((a, b) => b.getLngLat().lat - a.getLngLat().lat);
    return markers.map((marker) => marker.getElement());
  }

  marker(cluster) {
    const [only] = cluster.items, single = cluster.items.length === 1;
    const button = made("button", { type: "button", className: single ? "map-mark" : "map-mark many" });
    const together = this.words.together.replace("%(count)s", cluster.count);
    if (cluster.count > 1) button.textContent = cluster.count;
    button.setAttribute("aria-label", single ? [only.properties.title, cluster.count > 1 && together].filter(Boolean).join(", ") : together);
    if (single) button.dataset.tone = only.properties.tone ?? "";
    button.addEventListener("click", (event) => { event.stopPropagation(); this.press(cluster, button); });
    return new this.library.Marker({ element: button }).setLngLat(cluster.at).addTo(this.map);
  }

  press(cluster, button) {
    if (cluster.items.length > 1 && !this.atClosest(cluster)) {
      const at = cluster.items.map((item) => item.at);
      const side = (pick, axis) => pick(...at.map((place) => place[axis]));
      const bounds = [[side(Math.min, 0), side(Math.min, 1)], [side(Math.max, 0), side(Math.max, 1)]];
      this.map.fitBounds(bounds, { padding: 80, maxZoom: this.map.getMaxZoom() });
      return;
    }
    this.open(cluster, button);
  }

  atClosest({ items }) {
    const spread = (axis) => Math.max(...items.map((item) => item.at[axis])) - Math.min(...items.map((item) => item.at[axis]));
    return this.map.getZoom() >= this.map.getMaxZoom() || Math.max(spread(0), spread(1)) < CLOSE_TO;
  }

  open(cluster, button) {
    this.popup?.remove();
    const content = made("div", { className: "map-popup", dir: document.documentElement.dir });
    if (cluster.items.length > 1) content.append(made("p", { textContent: this.words.here.replace("%(count)s", cluster.count) }));
    content.append(...cluster.items.map((item) => this.entry(item)));
    this.popup = new this.library.Popup({ offset: 14, maxWidth: "18rem" }).setLngLat(cluster.at).setDOMContent(content).addTo(this.map);
    this.popup.on("close", () => { if (button.isConnected) button.focus({ preventScroll: true }); });
  }

  entry({ properties, at, isPoint }) {
    const own = typeof properties.url === "string" && /^\/(?!\/)/.test(properties.url);
    const title = made(own ? "a" : "strong", { dir: "auto", textContent: properties.title ?? "" });
    if (own) title.href = properties.url;
    const entry = made("div", { className: "map-entry" }, made("p", {}, title));
    if (properties.text) entry.append(made("p", { dir: "auto", textContent: properties.text }));
    if (isPoint) entry.append(made("p", { className: "soft" }, `${this.words.position}: `, coordinates(at)));
    if (properties.accuracy_m) entry.append(made("p", { className: "soft", textContent: this.words.accuracy.replace("%(metres)s", properties.accuracy_m) }));
    return entry;
  }

  key(event) {
    if (event.key === "Escape" && this.popup?.isOpen()) { this.popup.remove(); event.stopPropagation(); return; }
    const buttons = this.buttons(), now = buttons.indexOf(event.target);
    if (now < 0) return;
    const to = { ArrowDown: now + 1, ArrowRight: now + 1, ArrowUp: now - 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[(to + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus({ preventScroll: true });
  }
}

function inView(bounds, [lon, lat]) {
  const [west, east] = [bounds.getWest(), bounds.getEast()];
  const turned = lon + 360 * Math.ceil((west - lon) / 360);
  return lat >= bounds.getSouth() && lat <= bounds.getNorth() && (turned <= east || east - west >= 360);
}
