/* The section of a context: its counts, and everything that follows from them. */

const SLIDER_MAX = 16;

function countsOf(type) {
  if (!state.counts.has(type.name)) {
    const counts = Object.create(null);
    for (const count of type.counts) counts[count.name] = 0;
    state.counts.set(type.name, counts);
  }
  return state.counts.get(type.name);
}

function drawContext(section, type) {
  const names = ["Offset", "Bytes", "Region", "Count", "Where it begins"];
  const controls = new Map(type.counts.map((count) => [count.name, control(type, count)]));
  const rows = type.regions.map((region) => regionRow(type, region, controls));
  // What no region has taken by now decides nothing, but it is a count all the same.
  const left = [...controls].map(([name, inputs]) => counted(type, name, inputs));
  section.replaceChildren(
    heading(type),
    ...prose(type.doc),
    ...declaredBy(type),
    ...notes(type),
    h("div.outcome", {}, h("p.total", {}), presets(type)),
    ...left,
    h("div.strip", { "aria-hidden": "true" }),
    table("table.regions", `Regions of ${type.name}`, names, rows),
    h("div.rest", {})
  );
  follow(section, type);
}

function presets(type) {
  const choices = [
    ["All 0", () => 0],
    ["All 1", () => 1],
    ["Random", (count) => Math.floor(Math.random() * (count.flag ? 2 : 7))],
  ];
  const buttons = choices.map(([text, value]) => {
    const onclick = () =>
      setCounts(type, Object.fromEntries(type.counts.map((count) => [count.name, value(count)])));
    return h("button.quiet", { type: "button", onclick }, text);
  });
  return h("div.presets", { role: "group", "aria-label": `Counts of ${type.name}` }, buttons);
}

/** A slider and a field for a count, a box for a flag. */
function control(type, count) {
  const change = (event) => {
    const box = event.target.type === "checkbox";
    const value = box ? Number(event.target.checked) : event.target.value;
    setCounts(type, { [count.name]: value }, event.target);
  };
  const value = countsOf(type)[count.name];
  const shared = { "data-count": count.name, title: count.doc || null, oninput: change };
  const id = `${type.name}-${count.name}`;
  if (count.flag) {
    const box = h("input", { type: "checkbox", id, ...shared });
    box.checked = Boolean(value);
    return [box];
  }
  const limits = { min: 0, max: SLIDER_MAX, step: 1, value: Math.min(value, SLIDER_MAX) };
  return [
    h("input", { type: "range", "aria-label": `${count.name}, slider`, ...limits, ...shared }),
    h("input", {
      type: "number",
      id,
      min: 0,
      max: U32_MAX,
      step: 1,
      value,
      inputmode: "numeric",
      ...shared,
    }),
  ];
}

const counted = (type, name, inputs) =>
  h("div.count", {}, h("label", { for: `${type.name}-${name}` }, h("code", {}, name)), inputs);

/** Take new counts; everything but the control in hand follows. */
function setCounts(type, changed, hand = null) {
  const counts = countsOf(type);
  for (const count of type.counts) {
    if (!(count.name in changed)) continue;
    const wanted = Math.floor(Number(changed[count.name]));
    const most = count.flag ? 1 : U32_MAX;
    counts[count.name] = Number.isFinite(wanted) ? Math.min(Math.max(wanted, 0), most) : 0;
  }
  const section = document.getElementById(type.name);
  for (const input of section.querySelectorAll("[data-count]")) {
    if (input === hand) continue;
    const value = counts[input.dataset.count];
    if (input.type === "checkbox") input.checked = Boolean(value);
    else input.value = input.type === "range" ? Math.min(value, SLIDER_MAX) : value;
  }
  follow(section, type);
  remember(type.name);
}

/** A region's row. It stays while counts change, since a hand may be on its slider;
    the first region of a count takes the control. */
function regionRow(type, region, controls) {
  const key = `${type.name}.${region.name}`;
  const names = [region.when, region.count].filter((name) => typeof name === "string");
  const fields = names.map((name) => {
    const inputs = controls.get(name);
    controls.delete(name);
    return counted(type, name, inputs || [h("span.same", { "data-same": name })]);
  });
  return tr(
    "tr.region",
    { id: key, "data-part": region.name },
    td("td.number"),
    td("td.number"),
    th(
      h(
        "div.named",
        {},
        opener(region.type, key),
        nameCode(region.name),
        (region.notes || []).map((note) => h("span.note", {}, note))
      ),
      h("div.typed", {})
    ),
    td("td.counted", fields),
    td("td.about")
  );
}

/** Every region with these counts: begin, length, bytes, how far it is past its
    alignment, and how it is drawn. Neighbours differ in shade, as most hold records. */
function placed(type, layout, counts) {
  let other = false;
  return type.regions.map((region, index) => {
    const place = layout.regions[index];
    const begin = evaluate(place.offset, counts);
    const bytes = evaluate({ term: [place.stride, region.count, region.when] }, counts);
    const past = bytes ? begin % place.align : 0;
    if (bytes) other = !other;
    const look = `${region.look}${other ? ".other" : ""}${past ? ".bad" : ""}`;
    return { region, place, begin, bytes, length: bytes / place.stride, past, look };
  });
}

/** Draw what depends on the counts. */
function follow(section, type) {
  const layout = layoutOf(type);
  const counts = countsOf(type);
  const total = evaluate(layout.total, counts);
  const found = placed(type, layout, counts);
  const fits = total <= U32_MAX;
  section.querySelector(".total").replaceChildren(
    ...(fits
      ? [
          h("b", { "data-total": total }, plural(total, "byte")),
          ` in ${plural(Math.ceil(total / CACHE_LINE), "cache line")}, aligned to ${layout.align}`,
        ]
      : [h("span.fault", {}, "With these counts an offset is more than a u32 holds.")])
  );
  for (const same of section.querySelectorAll("[data-same]"))
    same.textContent = `= ${counts[same.dataset.same]}`;
  fillRegions(section.querySelector(".regions tbody"), type, layout, found, counts, total);
  section.querySelector(".strip").replaceChildren(...(fits ? strip(layout, found, total) : []));
  section
    .querySelector(".rest")
    .replaceChildren(...(fits ? fixedPart(type, layout, found, total) : []));
  say(`${type.name} has ${plural(total, "byte")}`);
}

function fillRegions(body, type, layout, found, counts, total) {
  const values = Object.assign(Object.create(null), counts);
  for (const one of found) values[one.region.name] = one.begin;
  for (const row of [...body.children]) if (!row.classList.contains("region")) row.remove();
  const start = tr(
    "tr.start",
    { "data-part": "fixed" },
    number(0),
    td("td.number", String(layout.size)),
    th("fixed fields, below"),
    td("td.counted"),
    td("td.about")
  );
  body.prepend(start);
  let end = layout.size;
  for (const one of found) {
    const key = `${type.name}.${one.region.name}`;
    const row = document.getElementById(key);
    if (one.begin > end)
      row.before(holeRow(end, one.begin - end, false, 0, `before-${one.region.name}`));
    fillRegion(row, one, values);
    row.after(...below(type, one, counts, key));
    end = one.begin + one.bytes;
  }
  body.append(
    tr(
      "tr.end",
      { "data-size": total },
      number(total),
      td("td.number"),
      th("size"),
      td("td.counted"),
      td("td.about", formula(layout.formula, values, total))
    )
  );
}

/** What stands below a region's row: what the rule says, and when it is open what the
    region is for and the fields of an element. */
function below(type, one, counts, key) {
  const { region, place, length, past } = one;
  const open = isOpen(key);
  const said = [...(open ? prose(region.doc) : []), ...fault(type, one, open)];
  const rows = said.length ? [wide(past ? "tr.detail.bad" : "tr.detail", 0, said)] : [];
  if (open && region.holds)
    rows.push(...insideRows(region, place.offset, place.stride, length, counts, key, 1));
  return rows;
}

function fillRegion(row, one, values) {
  const { region, place, begin, bytes, length, past } = one;
  const [offset, size, what, , about] = row.children;
  row.dataset.offset = begin;
  row.dataset.bytes = bytes;
  row.classList.toggle("bad", Boolean(past));
  offset.replaceWith(number(begin));
  size.textContent = String(bytes);
  const shown = region.single ? region.type : `[${region.type}; ${length}]`;
  what.querySelector(".typed").replaceChildren(typeCode(shown));
  about.replaceChildren(formula(place.formula, values, begin));
}

/** A formula, and the same with numbers. */
const formula = (text, values, result) =>
  h(
    "p.formula",
    {},
    h("code", {}, `= ${text}`),
    /[a-z]/.test(text) ? h("code.worked", {}, `= ${worked(text, values)} = ${result}`) : null
  );

/** What the rule says of a region that these or other counts misalign. */
function fault(type, { region, place, begin, past }, open) {
  if (!place.misaligned) return [];
  const found = [];
  if (past) {
    const text = `${region.name} begins at ${begin}, ${past} mod ${place.align}`;
    found.push(h("p.fault", {}, h("b", {}, "Misaligned: "), text));
  } else {
    const onclick = () => setCounts(type, exampleOf(type, region, place));
    const button = h("button.quiet", { type: "button", onclick }, "Show it");
    found.push(h("p.caution", {}, `Can be ${place.misaligned.text}. `, button));
  }
  if (!past && !open) return found;
  const { code, name, summary, reason } = data.rule;
  const rule = h("summary", {}, h("span.rule", {}, `${code} ${name}`), ` ${summary}`);
  return [...found, h("details.why", {}, rule, prose(reason, "p")), ...notes({ allow: region.allow })];
}

/** The smallest counts that misalign a region, and one element to be misaligned. */
function exampleOf(type, region, place) {
  const counts = Object.fromEntries(type.counts.map((count) => [count.name, 0]));
  Object.assign(counts, place.misaligned.counts);
  if (region.when) counts[region.when] = 1;
  if (typeof region.count === "string" && !counts[region.count]) counts[region.count] = 1;
  return counts;
}

/** The whole context on one line, to scale. */
function strip(layout, found, total) {
  const cells = [];
  const add = (size, look, label, key) => {
    if (!size) return;
    const title = `${label}: ${plural(size, "byte")}`;
    const cell = h(`span.cell.${look}`, { title, "data-part": key });
    cell.style.width = `${(100 * size) / total}%`;
    if (size / total > 0.06) cell.append(h("span.label", {}, label));
    cells.push(cell);
  };
  add(layout.size, "fixed", "fixed fields", "fixed");
  let end = layout.size;
  for (const { region, begin, bytes, look } of found) {
    add(begin - end, "hole", "rounding", `before-${region.name}`);
    add(bytes, look, region.name, region.name);
    end = begin + bytes;
  }
  return cells;
}

/** The byte map of the whole, and the fixed fields. */
function fixedPart(type, layout, found, total) {
  const what = `Byte map of ${type.name}: ${plural(total, "byte")}`;
  const all = [...pieces(type, layout), ...holePieces(layout)];
  let end = layout.size;
  for (const one of found) {
    const rounding = { key: `before-${one.region.name}`, label: "rounding", look: "hole" };
    if (one.begin > end) all.push({ ...rounding, offset: end, size: one.begin - end });
    all.push(...elementPieces(one));
    end = one.begin + one.bytes;
  }
  const names = ["Offset", "Bytes", "Field", "Type", "About"];
  return [
    h("h3", {}, "Every byte, with these counts"),
    folded(type.name, total, () => byteMap(all.sort(byOffset), total, what)),
    h("h3", {}, "Fixed fields"),
    table("table", `Fixed fields of ${type.name}`, names, partRows(type, 0, {}, type.name)),
    ...usedBy(type),
  ];
}

/** A region's elements as pieces; many elements after the first few are one piece. */
function elementPieces({ region, place, begin, length, look }) {
  const shown = length > 8 ? 3 : length;
  const piece = (label, index, count) => ({
    key: region.name,
    label,
    offset: begin + index * place.stride,
    size: count * place.stride,
    look,
  });
  const found = [];
  for (let index = 0; index < shown; index++)
    found.push(piece(region.single ? region.name : `${region.name}[${index}]`, index, 1));
  if (length > shown)
    found.push(piece(`${region.name}[${shown}…${length - 1}]`, shown, length - shown));
  return found;
}
