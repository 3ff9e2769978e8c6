// How the map looks: drawn from our own files alone, in the colours of the page.

const TONES = ["good", "warn", "bad"];
const RING = 64; // Corners of a circle.
const METRES = 6371008.8; // The mean radius of the earth.

export function colours(element) {
  const style = getComputedStyle(element);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(["paper", "card", "ink", "soft", "line", "accent", "accent-soft", ...TONES].map((n) => [n, of(n)]));
}

// The base's lines are steps in units of a degree, each line's first from 0, 0.
export function readBase({ units, land, borders, labels }, language) {
  const line = (steps) => {
    const found = [];
    for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) {
      x += steps[i]; y += steps[i + 1];
      found.push([x / units, y / units]);
    }
    return found;
  };
  return {
    land: { type: "MultiPolygon", coordinates: land.map((shape) => shape.map(line)) },
    borders: { type: "MultiLineString", coordinates: borders.map(line) },
    countries: collection(labels.map(([lon, lat, size, names]) => place([lon, lat], { size, name: names[language] ?? names.en }))),
  };
}

export function readTowns(rows, language) {
  return rows.map(([lon, lat, people, name, arabic]) => place([lon, lat], { people, name: (language === "ar" && arabic) || name }));
}

export const collection = (features) => ({ type: "FeatureCollection", features });
const place = (coordinates, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties });

// A circle of so many metres around a point, on the sphere.
export function circle([lon, lat], metres, properties) {
  const reach = metres / METRES, phi = (lat * Math.PI) / 180;
  const ring = Array.from({ length: RING + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / RING;
    const up = Math.asin(Math.sin(phi) * Math.cos(reach) + Math.cos(phi) * Math.sin(reach) * Math.cos(turn));
    const aside = Math.atan2(Math.sin(turn) * Math.sin(reach) * Math.cos(phi), Math.cos(reach) - Math.sin(phi) * Math.sin(up));
    return [lon + (aside * 180) / Math.PI, (up * 180) / Math.PI];
  });
  return { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties };
}

// Without `glyphs` the library draws all letters itself, with the fonts of this computer.
export function styleOf(data, tint) {
  const tone = ["match", ["get", "tone"], ...TONES.flatMap((name) => [name, tint[name]]), tint.accent];
  const words = (size, colour, more) => ({
    layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": size, ...more },
    paint: { "text-color": colour, "text-halo-color": tint.card, "text-halo-width": 1.5 },
  });
  const source = (name) => ({ type: "geojson", data: data[name] ?? collection([]) });
  const names = ["land", "borders", "countries", "towns", "shapes", "circles"];
  // How many people a town has that is named, by zoom.
  const named = ["step", ["zoom"], 1e6, 5, 3e5, 6, 1e5, 7, 3e4, 8, 1e4, 9, 0];
  const large = [">=", ["get", "people"], named];
  return {
    version: 8,
    sources: Object.fromEntries(names.map((name) => [name, source(name)])),
    layers: [
      { id: "sea", type: "background", paint: { "background-color": tint["accent-soft"] } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": tint.card, "fill-outline-color": tint.soft } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": tint.soft, "line-dasharray": [3, 2], "line-width": 1 } },
      { id: "areas", type: "fill", source: "shapes", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": tone, "fill-opacity": 0.18 } },
      { id: "circles", type: "fill", source: "circles", paint: { "fill-color": tone, "fill-opacity": 0.12 } },
      { id: "circle-lines", type: "line", source: "circles", paint: { "line-color": tone, "line-dasharray": [2, 2] } },
      { id: "lines", type: "line", source: "shapes", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": tone, "line-width": 2.5 } },
      { id: "town-points", type: "circle", source: "towns", filter: large, paint: { "circle-radius": 2, "circle-color": tint.soft } },
      { id: "towns", type: "symbol", source: "towns", filter: large, ...words(12, tint.soft, { "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.5, "symbol-sort-key": ["-", 0, ["get", "people"]] }) },
      { id: "countries", type: "symbol", source: "countries", maxzoom: 7, ...words(14, tint.ink, { "symbol-sort-key": ["-", 0, ["get", "size"]] }) },
    ],
  };
}
