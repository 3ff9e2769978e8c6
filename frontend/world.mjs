// Writes the base of the map from Natural Earth (world-atlas): land, borders, and where each
// country's name stands. Usage: node world.mjs OUT.json, in a folder with node_modules.
import { readFileSync, writeFileSync } from "node:fs";
import { feature, mesh } from "topojson-client";

const UNITS = 1e3; // In a degree; about 100 m, finer than the outlines of 1:50,000,000 are.
const world = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json", "utf8"));
const countries = world.objects.countries;

// Twice the signed area and the centroid of a ring, in the plane of degrees.
function measured(ring) {
  let twice = 0, x = 0, y = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
    const cross = ax * by - bx * ay;
    twice += cross; x += (ax + bx) * cross; y += (ay + by) * cross;
  }
  return { area: Math.abs(twice) / 2, at: [x / (3 * twice), y / (3 * twice)] };
}

function label(country) {
  const shapes = country.geometry.type === "Polygon" ? [country.geometry.coordinates] : country.geometry.coordinates;
  const largest = shapes.map((shape) => measured(shape[0])).sort((a, b) => b.area - a.area)[0];
  return { number: country.id, area: largest.area, at: largest.at };
}

// A line as steps in units, so that a browser loads half as much; its first step is from 0, 0.
function steps(line) {
  let x = 0, y = 0;
  return line.flatMap(([lon, lat]) => {
    const step = [Math.round(lon * UNITS) - x, Math.round(lat * UNITS) - y];
    x += step[0]; y += step[1];
    return step;
  });
}

const land = feature(world, world.objects.land).features[0].geometry.coordinates;
const borders = mesh(world, countries, (a, b) => a !== b).coordinates;
const labels = feature(world, countries).features.filter((country) => country.id).map(label);
writeFileSync(process.argv[2], JSON.stringify({
  units: UNITS, land: land.map((shape) => shape.map(steps)), borders: borders.map(steps), labels,
}));
