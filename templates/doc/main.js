/* What is chosen, and drawing it again when that changes. */

const types = new Map(data.types.map((type) => [type.name, type]));

const state = {
  class: 0,
  target: "",
  counts: new Map(),
  open: new Set(),
  elements: new Map(),
};

const isOpen = (key) => state.open.has(key);

/** The section of the type that a place such as `VMContext.func_refs` is in. */
function typeOf(place) {
  return types.get(place.split(/[.?]/)[0]);
}

function redraw(name) {
  const section = document.getElementById(name);
  if (section && section.dataset.drawn) draw(section);
}

function toggleOpen(key) {
  if (!state.open.delete(key)) state.open.add(key);
  redraw(typeOf(key).name);
  document.querySelector(`[data-open="${CSS.escape(key)}"]`).focus();
}

function chooseElement(key, value) {
  state.elements.set(key, Math.max(0, Math.floor(Number(value)) || 0));
  redraw(typeOf(key).name);
  const input = document.querySelector(`[data-element="${CSS.escape(key)}"]`);
  input.focus();
}

function draw(section) {
  const type = types.get(section.id);
  section.dataset.drawn = "yes";
  (type.kind === "context" ? drawContext : drawRecord)(section, type);
  const changes = changeList(type);
  if (changes) section.querySelector("h2").after(changes);
}

function chooseTarget(target) {
  const index = data.classes.findIndex((one) => one.targets.some(([name]) => name === target));
  if (index < 0) return;
  state.class = index;
  state.target = target;
  drawChosen();
  for (const section of document.querySelectorAll("section[data-drawn]")) draw(section);
  const place = location.hash.slice(1).split("?")[0];
  remember(types.has(place.split(".")[0]) ? place : "page-top");
  say(`Layouts for ${target}: ${data.classes[index].words}`);
}

const chooseClass = (index) => chooseTarget(data.classes[index].targets[0][0]);

/** Everything outside the sections that says which target is chosen. */
function drawChosen() {
  const one = data.classes[state.class];
  document.getElementById("page-target").value = state.target;
  for (const radio of document.querySelectorAll("#page-classes input"))
    radio.checked = Number(radio.value) === state.class;
  const [, endian, fingerprint] = one.targets.find(([name]) => name === state.target);
  const others = one.targets.map(([name]) => name).join(", ");
  document.getElementById("about-class").replaceChildren(
    h("summary", {}, "Shown for ", h("code", {}, state.target), `: ${one.words}, ${endian}-endian`),
    h("p", {}, `Alignments in bytes: ${one.alignments}.`),
    h("p", {}, "Fingerprint of all layouts here: ", h("code", {}, fingerprint), "."),
    h("p", {}, `Laid out alike: ${others}.`)
  );
  drawVersionFacts();
  drawIndex();
}

function drawTargets() {
  const fieldset = document.getElementById("page-classes");
  data.classes.forEach((one, index) => {
    const shown = one.summary.slice(0, 3).join(", ");
    const more = one.summary.length > 3 ? ` and ${one.summary.length - 3} more` : "";
    fieldset.append(
      h(
        "label",
        { title: one.targets.map(([name]) => name).join("\n") },
        h("input", { type: "radio", name: "class", value: index, onchange: () => chooseClass(index) }),
        h("span", {}, h("b", {}, one.words), h("small", {}, shown + more))
      )
    );
  });
  const select = document.getElementById("page-target");
  select.append(
    ...data.classes.map((one) =>
      h("optgroup", { label: one.words }, one.targets.map(([name]) => h("option", {}, name)))
    )
  );
  select.addEventListener("change", () => chooseTarget(select.value));
}

/** Keep what is chosen in the address, so that an answer can be linked to. Not at
    once: browsers refuse addresses that change as fast as a slider moves. */
let remembering = 0;
function remember(place) {
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(null, "", address(place)), 150);
}

function address(place) {
  const type = typeOf(place);
  const words = new URLSearchParams();
  if (state.target !== data.first_target) words.set("target", state.target);
  if (versioned && versionIndex !== embedded.shown) words.set("version", data.version);
  const counts = type && type.kind === "context" ? countsOf(type) : {};
  for (const [name, value] of Object.entries(counts)) if (value) words.set(name, value);
  const query = words.toString();
  return `#${place}${query ? `?${query}` : ""}`;
}

/** Show what the address asks for. */
function recall() {
  const [place, query] = location.hash.slice(1).split("?");
  const words = new URLSearchParams(query || "");
  const type = typeOf(place);
  if (words.has("target") && words.get("target") !== state.target) chooseTarget(words.get("target"));
  if (type) {
    const section = document.getElementById(type.name);
    if (!section.dataset.drawn) draw(section);
    words.delete("target");
    words.delete("version");
    if (type.kind === "context" && [...words].length) setCounts(type, Object.fromEntries(words));
  }
  const target = document.getElementById(place);
  for (const lit of document.querySelectorAll(".here")) lit.classList.remove("here");
  if (!target) return;
  if (target.closest("#page-sections")) target.classList.add("here");
  target.scrollIntoView();
  remember(place);
}

let saying = 0;
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => (document.getElementById("page-said").textContent = text), 400);
}

/** Light up a part wherever it is shown in its section. */
function setUpHover() {
  document.getElementById("page-sections").addEventListener("pointerover", (event) => {
    const part = event.target.closest("[data-part]");
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!part) return;
    const same = `[data-part="${CSS.escape(part.dataset.part)}"]`;
    for (const found of part.closest("section").querySelectorAll(same)) found.classList.add("lit");
  });
}

function drawConstants() {
  const rows = data.constants.map((one) =>
    tr(
      "tr",
      { id: `constant-${one.name}` },
      td("td.number", variantValue(one.value)),
      th(nameCode(one.name)),
      td("td.typed", h("code.type", {}, one.type)),
      td(
        "td.about",
        one.ascii ? h("p.notes", {}, h("span.note", {}, `"${one.ascii}" in ASCII`)) : null,
        prose(one.doc)
      )
    )
  );
  const anchor = { href: "#page-constants", "aria-label": "Link to the constants" };
  return h(
    "section.type",
    { id: "page-constants" },
    h("h2", {}, h("a.anchor", anchor, "#"), "Constants"),
    table("table.variants", "Constants", ["Value", "Name", "Type", "About"], rows)
  );
}

/** Sections are drawn as they come into view, and all of them soon if they are few. */
function setUpSections() {
  const sections = grouped().flatMap(([, members]) =>
    members.map((type) => h("section.type", { id: type.name }))
  );
  const all = document.getElementById("page-sections");
  all.append(...sections);
  if (data.constants.length) all.append(drawConstants());
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting && !target.dataset.drawn) draw(target);
    },
    { rootMargin: "600px" }
  );
  for (const section of sections) {
    if (sections.length <= 300) draw(section);
    else seen.observe(section);
  }
}

function drawFacts() {
  const targets = data.classes.reduce((total, one) => total + one.targets.length, 0);
  document.getElementById("page-facts").textContent = [
    plural(data.types.length, "type"),
    `${plural(targets, "target")} in ${plural(data.classes.length, "layout class", "layout classes")}`,
  ].join(", ");
}

setUpTheme();
setUpVersions();
drawTargets();
drawFacts();
state.target = data.first_target;
state.class = data.classes.findIndex((one) => one.targets.some(([name]) => name === state.target));
drawChosen();
setUpSections();
setUpSearch();
setUpHover();
narrow.addEventListener("change", () => {
  for (const section of document.querySelectorAll("section[data-drawn]")) draw(section);
});
window.addEventListener("hashchange", recall);
if (location.hash) recall();
