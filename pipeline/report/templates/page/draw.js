// Nodes, shapes and tables: what the sections are made of.
const SVG = "http://www.w3.org/2000/svg";
const give = (node, attributes) => { for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value); return node; };
const make = (tag, text, attributes = {}, ...inside) => {
  const node = give(document.createElement(tag), attributes);
  if (text !== undefined && text !== null) node.textContent = text;
  node.append(...inside);
  return node;
};
const draw = (parent, tag, attributes, text) => {
  const node = give(document.createElementNS(SVG, tag), attributes);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
};
const sheet = (width, height, attributes) => give(document.createElementNS(SVG, "svg"), { viewBox: `0 0 ${width} ${height}`, width, height, ...attributes });
// How wide a word of a drawing is: the fonts of readers differ, a guess would let labels touch.
let pen;
const measure = (text) => {
  if (!pen) { pen = document.createElement("canvas").getContext("2d"); pen.font = `12.5px ${getComputedStyle(document.body).fontFamily}`; }
  return pen.measureText(text).width;
};
const path = (points) => "M" + points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L");
const known = (list) => list.filter(is);
const runs = (values) => {
  const found = [];
  values.forEach((v, i) => { if (!is(v)) return; const last = found[found.length - 1]; last && last[last.length - 1] === i - 1 ? last.push(i) : found.push([i]); });
  return found;
};
const steps = (low, high) => {
  const size = Math.pow(10, Math.floor(Math.log10((high - low) || 1))), span = (high - low) / size;
  const step = size * (span > 5 ? 2 : span > 2 ? 1 : 0.5), ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) ticks.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return ticks;
};

// A table: its caption is read first, cells are text or nodes, the first of each row is its heading.
const table = (caption, head, rows, self = -1) => {
  const top = make("tr", null, {}, ...head.map((title) => make("th", title, { scope: "col" })));
  const body = make("tbody");
  rows.forEach((cells, index) => {
    const row = make("tr", null, index === self ? { class: "self" } : {});
    cells.forEach((cell, at) => row.append(at ? make("td", null, {}, cell) : make("th", null, { scope: "row" }, cell)));
    body.append(row);
  });
  return make("table", null, {}, make("caption", caption, { class: "out" }), make("thead", null, {}, top), body);
};
// What is wider than a telephone scrolls by itself, with the keyboard too.
const scroll = (label, node) => make("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": fill(say.table_of, { name: label }) }, node);
const details = (label, build) => {
  const node = make("details", null, {}, make("summary", say.table, { "aria-label": `${say.table}${say.colon}${label}` }));
  // Filled when it is opened: closed tables of five years would be most of the page.
  node.addEventListener("toggle", () => { if (node.open && node.children.length === 1) node.append(scroll(label, build())); });
  return node;
};
const key = (entries) => make("p", null, { class: "key soft" }, ...entries.map(([name, text]) => make("span", null, {}, make("i", null, { class: name, "aria-hidden": "true" }), text)));

// A value with its interval as a small picture beside its number: decoration, for the cell says both.
const whisker = (v, lo, hi, least, most, zero) => {
  const W = 120, H = 16, x = (n) => 4 + (W - 8) * (Math.min(Math.max(n, least), most) - least) / ((most - least) || 1);
  const svg = sheet(W, H, { class: "whisker", "aria-hidden": "true" });
  if (is(zero)) draw(svg, "line", { class: "zero", x1: x(zero), x2: x(zero), y1: 0, y2: H });
  if (is(lo) && is(hi)) draw(svg, "line", { class: "reach", x1: x(lo), x2: x(hi), y1: H / 2, y2: H / 2 });
  if (is(v)) draw(svg, "circle", { class: "dot", r: 4, cx: x(v), cy: H / 2 });
  return svg;
};
const bar = (share, most, kind = "") => make("span", null, { class: "bar", "aria-hidden": "true" }, make("i", null, { class: kind, style: `width:${Math.max(100 * share / (most || 1), 1).toFixed(1)}%` }));
const spark = (values, width = 120, height = 28) => {
  const svg = sheet(width, height, { class: "spark", "aria-hidden": "true" }), held = known(values);
  const low = Math.min(0, ...held), high = Math.max(1e-9, ...held), x = (i) => 2 + (width - 6) * i / Math.max(values.length - 1, 1), y = (v) => height - 3 - (height - 6) * (v - low) / (high - low);
  runs(values).forEach((run) => draw(svg, "path", { class: "line", d: path(run.length > 1 ? run.map((i) => [x(i), y(values[i])]) : [[x(run[0]) - 1, y(values[run[0]])], [x(run[0]) + 1, y(values[run[0]])]]) }));
  const last = values.findLastIndex(is);
  if (last >= 0) draw(svg, "circle", { class: "dot", r: 2.5, cx: x(last), cy: y(values[last]) });
  return svg;
};
