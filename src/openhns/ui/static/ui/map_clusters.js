// Which marks a map shows at a zoom: near ones together, none left out, none counted twice.

const WORLD = 512; // Pixels around the world at zoom 0, as the map library counts.
const NEAR = 44; // Pixels within which two marks would cover each other.

// Web Mercator in pixels of a zoom.
export function pixels([lon, lat], zoom) {
  const size = WORLD * 2 ** zoom;
  const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size];
}

// Items are {id, at, count}. Every item is in exactly one cluster; `count` is the sum of theirs.
export function clustersAt(items, zoom) {
  const clusters = [], squares = new Map();
  for (const item of items) {
    const [x, y] = pixels(item.at, zoom);
    const column = Math.floor(x / NEAR), row = Math.floor(y / NEAR);
    let found = nearest(squares, column, row, x, y);
    if (!found) {
      found = { x, y, items: [], count: 0 };
      const square = `${column}:${row}`;
      squares.set(square, [...(squares.get(square) ?? []), found]);
      clusters.push(found);
    }
    found.items.push(item);
    found.count += item.count;
  }
  return clusters.map(finished);
}

function nearest(squares, column, row, x, y) {
  let best, least = NEAR;
  for (let c = column - 1; c <= column + 1; c++) for (let r = row - 1; r <= row + 1; r++) {
    for (const cluster of squares.get(`${c}:${r}`) ?? []) {
      const far = Math.hypot(cluster.x - x, cluster.y - y);
      if (far < least) { best = cluster; least = far; }
    }
  }
  return best;
}

// A cluster stands at the first of its items, so that no two are nearer than that; it is named by
// its first and last item and their number.
function finished({ items, count }) {
  const key = items.length === 1 ? items[0].id : `${items[0].id}+${items.length}+${items.at(-1).id}`;
  return { key, items, count, at: items[0].at };
}
