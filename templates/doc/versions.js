/* Which version is shown, and what changed in it from the one before. */

const embedded = JSON.parse(document.getElementById("page-data").textContent);

/** The index of the version that the address names, or else of the one to begin with. */
function chosenVersion() {
  const words = new URLSearchParams(location.hash.split("?")[1] || "");
  const index = embedded.versions.findIndex((one) => one.version === words.get("version"));
  return index < 0 ? embedded.shown : index;
}

/** The data of one version; types that several have stand in the page once. */
function dataOf(index) {
  const one = embedded.versions[index];
  return { ...one, types: one.types.map((number) => embedded.types[number]) };
}

const versioned = Boolean(embedded.versions);
const versionIndex = versioned ? chosenVersion() : 0;
const data = versioned ? dataOf(versionIndex) : embedded;

/** Everything on the page is of one version: another is another page. */
function setUpVersions() {
  const select = document.getElementById("page-version");
  if (!versioned) return;
  select.hidden = false;
  embedded.versions.forEach((one, index) =>
    select.append(h("option", { value: index, selected: index === versionIndex }, one.version))
  );
  select.addEventListener("change", () => chooseVersion(Number(select.value)));
}

function chooseVersion(index) {
  const [place, query] = location.hash.slice(1).split("?");
  const words = new URLSearchParams(query || "");
  if (state.target !== data.first_target) words.set("target", state.target);
  words.delete("version");
  if (index !== embedded.shown) words.set("version", embedded.versions[index].version);
  const named = words.toString();
  history.replaceState(null, "", `#${place || "page-top"}${named ? `?${named}` : ""}`);
  location.reload();
}

/** What changed in a type, on the chosen target. */
const changesOf = (type) => (data.changes && data.changes[type.name] ? data.changes[type.name][state.class] : []);

/** Text with code between backticks. */
const coded = (text) => text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));

function changeList(type) {
  const texts = changesOf(type);
  if (!texts.length) return null;
  const title = h("h3", {}, `Changed since ${data.before}`);
  return h("div.changes", {}, title, h("ul", {}, texts.map((text) => h("li", {}, coded(text)))));
}

function drawVersionFacts() {
  if (!data.before) return;
  const changed = data.types.filter((type) => changesOf(type).length);
  const links = changed.flatMap((type) => [h("a", { href: `#${type.name}` }, type.name), ", "]).slice(0, -1);
  const gone = (data.changes[""] || []).join(", ");
  document.getElementById("page-changes").replaceChildren(
    `Changed since ${data.before}: `,
    ...(links.length ? links : ["nothing on this target"]),
    gone ? `. Gone: ${gone}.` : "."
  );
}
