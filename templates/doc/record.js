/* The section of a record: what it is, its byte map, its parts. */

/** The layout of a type in the chosen class. */
const layoutOf = (type) => type.layouts[type.uses[state.class]];

function heading(type) {
  const declared = type.tag ? `: ${type.tag}` : type.of ? ": " : "";
  return h(
    "h2",
    {},
    h("a.anchor", { href: `#${type.name}`, "aria-label": `Link to ${type.name}` }, "#"),
    h("span.kind", {}, type.kind),
    " ",
    type.name,
    declared || type.of
      ? h("span.of", {}, declared, type.of ? typeCode(type.of) : "")
      : null
  );
}

/** Size and alignment in every class, the chosen one marked. */
function sizes(type) {
  const items = type.layouts.map((layout, index) => {
    const text = [
      h("b", {}, `${plural(layout.size, "byte")}${type.prefix ? " described" : `, align ${layout.align}`}`),
      ` on ${type.labels[index]}`,
    ];
    if (type.layouts.length === 1) return h("li", {}, h("span.size", {}, text));
    const attributes = {
      type: "button",
      "aria-pressed": String(index === type.uses[state.class]),
      onclick: () => chooseClass(type.uses.indexOf(index)),
    };
    return h("li", {}, h("button.size", attributes, text));
  });
  return h("ul.sizes", { "aria-label": `Layouts of ${type.name}` }, items);
}

/** Who holds this type, points to it, or passes it. */
function usedBy(type) {
  const words = { holds: "held by", points: "pointed to by", calls: "passed by" };
  const lines = Object.entries(words).map(([how, text]) => {
    const found = type.references.filter((reference) => reference[2] === how);
    if (!found.length) return null;
    const links = found.map(([name, part]) => {
      const place = part ? `${name}.${part}` : name;
      return h("li", {}, h("a", { href: `#${place}` }, h("code", {}, place)));
    });
    const few = h("ul", {}, links);
    if (found.length <= 6) return h("div.used", {}, h("span", {}, text), few);
    return h("details.used", {}, h("summary", {}, `${text} ${found.length} others`), few);
  });
  return lines.filter(Boolean);
}

/** Whether a part isn't there on the targets of a layout. */
const isAbsent = (layout, index) => (layout.absent || []).includes(index);

/** A record's parts as pieces of a map that begins at byte `base`. */
function pieces(type, layout, base = 0) {
  const all = type.parts.map((part, index) => ({
    key: part.name,
    label: part.name,
    offset: base + layout.offsets[index],
    size: layout.sizes[index],
    look: part.look,
  }));
  return all.filter((_, index) => !isAbsent(layout, index));
}

function recordMap(type, layout) {
  const what = `Byte map of ${type.name}: ${plural(layout.size, "byte")}`;
  if (type.kind === "union") return lanes(pieces(type, layout), layout.size, what);
  const all = [...pieces(type, layout), ...holePieces(layout)].sort(byOffset);
  return folded(type.name, layout.size, () => byteMap(all, layout.size, what));
}

const number = (value) =>
  td("td.number", h("span.hex", {}, hex(value)), h("span.dec", {}, String(value)));

/* Roles are written out, as narrow screens show rows as grids, which would lose them. */
const tr = (what, attributes, ...cells) => h(what, { role: "row", ...attributes }, ...cells);
const td = (what, ...children) => h(what, { role: "cell" }, ...children);
const th = (...children) => h("th.what", { scope: "row", role: "rowheader" }, ...children);

function table(what, caption, names, rows) {
  const heads = names.map((name) => h("th", { scope: "col", role: "columnheader" }, name));
  return h(
    what,
    { role: "table" },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, tr("tr", {}, heads)),
    h("tbody", { role: "rowgroup" }, rows)
  );
}

/** A row that is one cell wide. */
function wide(what, depth, ...children) {
  const cell = td("td.whole", ...children);
  cell.colSpan = 5;
  return indented(tr(what, {}, cell), depth);
}

/** A row of a record inside another is drawn further in. */
function indented(row, depth) {
  if (!depth) return row;
  row.classList.add("inside");
  row.style.setProperty("--depth", depth);
  row.removeAttribute("data-part");
  return row;
}

/** Parts, padding and cache lines in the order of memory. `base` is an expression. */
function partRows(type, base, counts, path, depth = 0) {
  const layout = layoutOf(type);
  const union = type.kind === "union";
  const rows = [];
  let line = 0;
  type.parts.forEach((part, index) => {
    const at = { sum: [base, layout.offsets[index]] };
    const offset = evaluate(at, counts);
    const hole = layout.padding[index];
    const key = `${path}.${part.name}`;
    if (isAbsent(layout, index)) {
      rows.push(absentRow(part, key, depth));
      return;
    }
    if (!depth && !union) line = lineRow(rows, layout.offsets[index], line);
    rows.push(partRow(part, offset, layout.sizes[index], key, depth));
    if (isOpen(key)) rows.push(...insideRows(part, at, null, null, counts, key, depth + 1));
    if (hole) {
      const [start, size] = hole;
      const tail = start + size === layout.size;
      rows.push(holeRow(evaluate({ sum: [base, start] }, counts), size, tail, depth));
    }
  });
  return rows;
}

function lineRow(rows, offset, line) {
  const reached = Math.floor(offset / CACHE_LINE);
  if (reached > line)
    rows.push(wide("tr.line", 0, `cache line ${reached}, from byte ${reached * CACHE_LINE}`));
  return Math.max(line, reached);
}

function partRow(part, offset, size, key, depth) {
  const row = tr(
    "tr",
    { id: key, "data-part": part.name, "data-offset": offset, "data-bytes": size },
    number(offset),
    td("td.number", String(size)),
    th(part.holds ? opener(part.holds.type, key) : null, nameCode(part.name)),
    td("td.typed", part.type ? typeCode(part.type) : ""),
    td("td.about", prose(part.doc), notes(part))
  );
  return indented(row, depth);
}

/** The row of a part that isn't there on the target that is shown. */
function absentRow(part, key, depth) {
  const row = tr(
    "tr.absent",
    { id: key, "data-part": part.name },
    td("td.number", "–"),
    td("td.number", "–"),
    th(nameCode(part.name)),
    td("td.typed", part.type ? typeCode(part.type) : ""),
    td("td.about", prose(part.doc), notes(part))
  );
  return indented(row, depth);
}

function holeRow(offset, size, tail, depth, key = `hole${offset}`) {
  const text = `${plural(size, "byte")} of ${tail ? "padding at the end" : "padding"}`;
  const row = tr(
    "tr.padding",
    { "data-part": key },
    number(offset),
    td("td.number", String(size)),
    td("td.what", text),
    td("td.typed"),
    td("td.about")
  );
  return indented(row, depth);
}

/** The button that shows what a part holds, with offsets from the outermost record. */
function opener(held, key) {
  return h(
    "button.opener",
    {
      type: "button",
      "data-open": key,
      "aria-expanded": String(isOpen(key)),
      "aria-label": `Fields of ${held} in ${key}`,
      onclick: () => toggleOpen(key),
    },
    ""
  );
}

/** The rows of a record inside another; of an array's elements, the one asked for. */
function insideRows(part, at, stride, length, counts, key, depth) {
  const held = types.get(part.holds.type);
  const many = length === null ? part.holds.count : length;
  const step = stride === null ? layoutOf(held).size : stride;
  const index = many > 1 || stride !== null ? state.elements.get(key) || 0 : 0;
  const base = { sum: [at, { term: [step, index, null] }] };
  const rows = [];
  if (many > 1 || stride !== null) rows.push(elementRow(key, index, many, depth));
  rows.push(...partRows(held, base, counts, `${key}[]`, depth));
  return rows;
}

function elementRow(key, index, many, depth) {
  const input = h("input", {
    type: "number",
    min: 0,
    max: Math.max(0, many - 1),
    value: index,
    "data-element": key,
    "aria-label": `Element of ${key}`,
    oninput: (event) => chooseElement(key, event.target.value),
  });
  const beyond = index >= many ? h("span.fault", {}, " past the last one") : null;
  return wide("tr.element", depth, "element ", input, ` of ${many}`, beyond);
}

function variantTable(type) {
  const payloads = type.variants.some((variant) => variant.type);
  const rows = type.variants.map((variant) =>
    tr(
      "tr",
      { id: `${type.name}.${variant.name}` },
      td("td.number", variantValue(variant.value)),
      th(nameCode(variant.name)),
      payloads ? td("td.typed", variant.type ? typeCode(variant.type) : "") : null,
      td("td.about", prose(variant.doc), notes(variant))
    )
  );
  const names = ["Value", "Variant", ...(payloads ? ["Payload"] : []), "About"];
  return table("table.variants", `Values of ${type.name}`, names, rows);
}

/** Large values in hexadecimal too, where bits are easier to tell. */
function variantValue(text) {
  const value = Number(text);
  if (value < 4096 || !Number.isSafeInteger(value)) return text;
  return [h("span.hex", {}, hex(value)), h("span.dec", {}, text)];
}

/** Which other module declares a type, if one does. */
function declaredBy(type) {
  if (!type.declared_by) return [];
  return [h("p.facts", {}, "Declared by the module ", h("code", {}, type.declared_by))];
}

function drawRecord(section, type) {
  const layout = type.layouts ? layoutOf(type) : null;
  const body = [heading(type), ...prose(type.doc), ...declaredBy(type), ...notes(type)];
  if (layout) body.push(sizes(type));
  else body.push(h("p.facts", {}, "Known by its address only."));
  if (type.rust) body.push(h("p.facts", {}, "Defined in Rust as ", h("code", {}, type.rust)));
  if (type.parts.length) {
    body.push(recordMap(type, layout));
    const what = { union: "Members", functions: "Slots" }[type.kind] || "Fields";
    const names = ["Offset", "Bytes", what.slice(0, -1), "Type", "About"];
    const rows = partRows(type, 0, {}, type.name);
    body.push(table("table", `${what} of ${type.name}`, names, rows));
  }
  if (type.variants) body.push(variantTable(type));
  body.push(...usedBy(type));
  section.replaceChildren(...body);
}
