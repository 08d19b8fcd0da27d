/* Search over types, parts, constants and targets; the index of types. */

const GROUPS = [
  ["Contexts", (type) => type.kind === "context"],
  ["Records", (type) => ["struct", "union"].includes(type.kind) || isTagged(type)],
  ["Function tables", (type) => type.kind === "functions"],
  ["Enums", (type) => type.kind === "enum" && !isTagged(type)],
  ["Newtypes", (type) => type.kind === "newtype"],
  ["Defined elsewhere", (type) => ["foreign", "opaque"].includes(type.kind)],
];

const isTagged = (type) => type.kind === "enum" && type.parts.length > 0;

/** Types by group, in the order of the page. */
function grouped() {
  return GROUPS.map(([title, fits]) => [title, data.types.filter(fits)]).filter(
    ([, members]) => members.length
  );
}

function drawIndex() {
  const index = document.getElementById("page-index");
  const groups = grouped().map(([title, members]) =>
    h(
      "section",
      {},
      h("h2", {}, title),
      h(
        "ul",
        {},
        members.map((type) =>
          h(
            changesOf(type).length ? "li.changed" : "li",
            {},
            h("a", { href: `#${type.name}` }, h("span", {}, type.name), sizeOf(type))
          )
        )
      )
    )
  );
  if (data.constants.length)
    groups.push(h("section", {}, h("h2", {}, h("a", { href: "#page-constants" }, "Constants"))));
  index.replaceChildren(...groups);
}

function sizeOf(type) {
  if (!type.layouts || type.kind === "context" || type.prefix) return "";
  return h("span.bytes", {}, String(layoutOf(type).size));
}

/** Everything that can be found: what it is called, what it is, where it is. */
function entries() {
  const found = [];
  for (const type of data.types) {
    found.push({ name: type.name, what: type.kind, href: `#${type.name}` });
    const add = (kind) => (part) =>
      found.push({ name: part.name, what: `${kind} ${type.name}`, href: `#${type.name}.${part.name}` });
    type.parts.forEach(add(type.kind === "functions" ? "slot of" : "field of"));
    (type.variants || []).forEach(add("variant of"));
    (type.regions || []).forEach(add("region of"));
    for (const count of type.counts || [])
      found.push({ name: count.name, what: `count of ${type.name}`, href: `#${type.name}`, focus: `${type.name}-${count.name}` });
  }
  for (const constant of data.constants)
    found.push({ name: constant.name, what: "constant", href: `#constant-${constant.name}` });
  data.classes.forEach((one) =>
    one.targets.forEach(([target]) => found.push({ name: target, what: "target", target }))
  );
  return found;
}

/** Matches, the best first: all words must be in the name or in what it is. */
function matches(query, all) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const ranked = [];
  for (const entry of all) {
    const name = entry.name.toLowerCase();
    const text = `${name} ${entry.what.toLowerCase()}`;
    if (!words.every((word) => text.includes(word))) continue;
    const rank = name === words[0] ? 0 : name.startsWith(words[0]) ? 1 : name.includes(words[0]) ? 2 : 3;
    ranked.push([rank, entry]);
  }
  return ranked.sort((one, other) => one[0] - other[0]).map(([, entry]) => entry);
}

const MOST_RESULTS = 40;

function setUpSearch() {
  const input = document.getElementById("page-search");
  const results = document.getElementById("page-results");
  const all = entries();
  const links = () => [...results.querySelectorAll("a")];
  const leave = () => {
    input.value = "";
    show();
  };
  function show() {
    const query = input.value.trim();
    const found = query ? matches(query, all) : [];
    document.body.classList.toggle("searching", Boolean(query));
    results.hidden = !query;
    document.getElementById("page-found").textContent = query ? plural(found.length, "result") : "";
    const items = found.slice(0, MOST_RESULTS).map((entry) => h("li", {}, resultLink(entry, leave)));
    const rest = found.length - items.length;
    results.replaceChildren(
      items.length ? h("ul", {}, items) : h("p", {}, "Nothing has that name."),
      rest > 0 ? h("p", {}, `and ${rest} more`) : ""
    );
  }
  input.addEventListener("input", show);
  const move = (event) => {
    const found = links();
    const at = found.indexOf(document.activeElement);
    if (event.key === "Escape") {
      leave();
      input.focus();
    } else if (event.key === "ArrowDown") (found[at + 1] || found[0] || input).focus();
    else if (event.key === "ArrowUp") (found[at - 1] || input).focus();
    else if (event.key === "Enter" && event.target === input && found.length) found[0].click();
    else return;
    event.preventDefault();
  };
  input.addEventListener("keydown", move);
  results.addEventListener("keydown", (event) => event.key !== "Enter" && move(event));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(input|select)$/i.test(event.target.tagName)) return;
    event.preventDefault();
    input.focus();
  });
}

function resultLink(entry, leave) {
  const go = (event) => {
    if (entry.target) {
      event.preventDefault();
      chooseTarget(entry.target);
    }
    leave();
    if (entry.focus) setTimeout(() => document.getElementById(entry.focus).focus());
  };
  return h(
    "a",
    { href: entry.href || "#page-top", onclick: go },
    h("code", {}, entry.name),
    h("span", {}, entry.what)
  );
}
