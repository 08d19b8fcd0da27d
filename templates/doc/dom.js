/* Elements, numbers and type names as text. */

/** An element: `h("td.number", {title: "…"}, child, …)`; null children are left out. */
function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

const hex = (value) => "0x" + value.toString(16);
const plural = (number, what, many = `${what}s`) => `${number} ${number === 1 ? what : many}`;

/** A type as code, with a link on every declared name in it. */
function typeCode(text) {
  const parts = text.split(/([A-Za-z_][A-Za-z0-9_]*)/);
  return h(
    "code.type",
    {},
    parts.flatMap((part) => {
      if (types.has(part)) return h("a", { href: `#${part}` }, part);
      return part.split(/(?<=[<(])/).flatMap((piece) => (/[<(]$/.test(piece) ? [piece, h("wbr")] : piece));
    })
  );
}

/** A name in code, which may be broken after an underscore. */
const nameCode = (name) =>
  h("code.name", {}, name.split(/(?<=_)(?=[A-Za-z0-9])/).flatMap((word) => [word, h("wbr")]));

/** Prose of the schema, its paragraphs as elements. */
function prose(text, what = "p.doc") {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) => h(what, {}, paragraph.trim()));
}

/** What a schema says of a part besides its type: access, byte order, rules that it may break. */
function notes(part) {
  const words = (part.notes || []).flatMap((note) => [h("span.note", {}, note), " "]);
  const allowed = (part.allow || []).map((allow) =>
    h("p.allowed", {}, h("span.rule", {}, allow.rule), ` allowed: ${allow.reason}`)
  );
  return words.length ? [h("p.notes", {}, words), ...allowed] : allowed;
}
