/* Byte maps: every byte of a record in rows, padding hatched, cache lines ruled. */

const CACHE_LINE = 64;
const narrow = window.matchMedia("(max-width: 720px)");
const rowBytes = () => (narrow.matches ? 8 : 16);

/** A map of `pieces`, {key, label, offset, size, look}, in the order of their offsets.
    Rows that show nothing but the middle of one piece are left out where there are
    many. */
function byteMap(pieces, size, what) {
  const width = rowBytes();
  const map = h("div.map", { role: "img", "aria-label": what });
  map.style.setProperty("--bytes", width);
  const rows = Math.ceil(size / width);
  const drawn = pieces.filter((piece) => piece.size > 0);
  const labelled = new Set();
  let first = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    while (first < drawn.length && drawn[first].offset + drawn[first].size <= start) first++;
    const whole = drawn[first];
    if (start && start % CACHE_LINE === 0)
      map.append(h("div.line", {}, `cache line ${start / CACHE_LINE}`));
    const more = whole ? rowsInside(whole, row, width) : 0;
    if (more > 6 && row * width > whole.offset + width) {
      const skipped = more - 1;
      map.append(
        h("div.gap", {}, `… ${plural(skipped * width, "byte")} more of ${whole.label} …`)
      );
      row += skipped - 1;
      continue;
    }
    map.append(mapRow(drawn, first, start, Math.min(start + width, size), width, labelled));
  }
  return map;
}

/** How many rows from this one on are filled by nothing but `piece`. */
function rowsInside(piece, row, width) {
  if (piece.offset > row * width) return 0;
  return Math.floor((piece.offset + piece.size) / width) - row;
}

function mapRow(drawn, first, start, end, width, labelled) {
  const row = h("div.row", {}, h("span.at", {}, String(start)));
  for (let index = first; index < drawn.length && drawn[index].offset < end; index++) {
    const piece = drawn[index];
    const from = Math.max(piece.offset, start);
    const to = Math.min(piece.offset + piece.size, end);
    if (to <= from) continue;
    const cell = h(`span.cell.${piece.look}`, {
      "data-part": piece.key,
      title: `${piece.label}: ${plural(piece.size, "byte")} at ${piece.offset}`,
    });
    cell.style.gridColumn = `${from - start + 2} / span ${to - from}`;
    cell.style.setProperty("--span", to - from);
    if (from === piece.offset) cell.classList.add("begins");
    if (to === piece.offset + piece.size) cell.classList.add("ends");
    if (!labelled.has(piece) && (to - from >= 2 || to === piece.offset + piece.size)) {
      labelled.add(piece);
      cell.append(h("span.label", {}, piece.label));
    }
    row.append(cell);
  }
  return row;
}

/** A union's members over each other, each as wide as it is long. */
function lanes(pieces, size, what) {
  const map = h("div.lanes", { role: "img", "aria-label": what });
  for (const piece of pieces) {
    const bar = h(
      `span.cell.begins.ends.${piece.look}`,
      { "data-part": piece.key, title: `${piece.label}: ${plural(piece.size, "byte")}` },
      h("span.label", {}, piece.label)
    );
    bar.style.width = `${(100 * piece.size) / size}%`;
    bar.style.setProperty("--span", piece.size);
    map.append(h("div.lane", {}, bar));
  }
  return map;
}

/** Padding as pieces, to be drawn between the others. */
function holePieces(layout) {
  return layout.padding.filter(Boolean).map(([offset, size]) => ({
    key: `hole${offset}`,
    label: "padding",
    offset,
    size,
    look: "hole",
  }));
}

const byOffset = (one, other) => one.offset - other.offset;

/** The map that `draw` makes, folded away where it would fill the screen. */
function folded(name, size, draw) {
  if (Math.ceil(size / rowBytes()) <= 24) return draw();
  const key = `${name}.map`;
  const fold = h(
    "details.fold",
    { open: isOpen(key) },
    h("summary", {}, `Byte map, ${plural(size, "byte")}`)
  );
  const show = () => {
    if (fold.open) state.open.add(key);
    else state.open.delete(key);
    if (fold.open && !fold.querySelector(".map")) fold.append(draw());
  };
  fold.addEventListener("toggle", show);
  if (fold.open) show();
  return fold;
}
