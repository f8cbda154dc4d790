// The image of the place: one score a theme, beside that of the peers, as a radar and as the table that says the same.
let month = null;

// The largest radius at which each name still stands inside the drawing.
const roomy = (rows, half, most) => Math.max(40, Math.min(most, ...rows.map((row, i) => {
  const aside = Math.abs(Math.cos(2 * Math.PI * i / rows.length - Math.PI / 2)), wide = Math.max(...halves(capital(named("theme", row[0]))).map(measure));
  return aside < 0.1 ? most : (half - wide) / aside - 13;
})));
const radar = (rows, width) => {
  const W = Math.min(Math.max(width, 280), 440), n = rows.length, r = roomy(rows, W / 2, W * 0.43 - 38), H = 2 * r + 76, cx = W / 2, cy = H / 2 + 4;
  const at = (i, score) => { const turn = 2 * Math.PI * i / n - Math.PI / 2, far = r * score / 100; return [cx + far * Math.cos(turn), cy + far * Math.sin(turn)]; };
  const ring = (of) => path(rows.map((row, i) => at(i, of(row)))) + "Z";
  const svg = sheet(W, H, { role: "img", "aria-label": fill(say.image_alt, { list: rows.map((row) => `${named("theme", row[0])} ${number(row[1])}`).join(", ") }) });
  [25, 50, 75, 100].forEach((score) => draw(svg, "path", { class: score === 50 ? "zero ring" : "axis ring", d: ring(() => score) }));
  rows.forEach((row, i) => {
    const [x, y] = at(i, 100), [tx, ty] = at(i, 100 + 1100 / r);
    draw(svg, "line", { class: "axis", x1: cx, y1: cy, x2: x, y2: y });
    const anchor = Math.abs(tx - cx) < 12 ? "middle" : tx > cx ? "start" : "end", words = halves(capital(named("theme", row[0])));
    const text = draw(svg, "text", { y: ty + 4 - 7 * (words.length - 1) - (ty < cy - r ? 6 : 0), "text-anchor": anchor });
    words.forEach((word, line) => draw(text, "tspan", { x: tx, dy: line * 14 }, word));
  });
  draw(svg, "path", { class: "band", "fill-rule": "evenodd", d: ring((row) => row[3]) + ring((row) => row[2]) });
  draw(svg, "path", { class: "peers", d: ring((row) => row[4]) });
  draw(svg, "path", { class: "line", d: ring((row) => row[1]) });
  rows.forEach((row, i) => { const [x, y] = at(i, row[1]); draw(svg, "circle", { class: "dot", r: 3.5, cx: x, cy: y }); });
  [50, 100].forEach((score) => { const [x, y] = at(0, score); draw(svg, "text", { class: "tick", x: x + 4, y: y + 12 }, number(score)); });
  return svg;
};
// A long name stands on two lines: on a telephone one line would leave the drawing.
const halves = (name) => { const at = name.lastIndexOf(" "); return name.length > 12 && at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name]; };
const chooseMonth = (months) => {
  const select = make("select", null, { id: "month" }, ...months.map((m) => make("option", day(m, { month: "long", year: "numeric" }), { value: m })));
  select.value = month;
  select.addEventListener("change", () => { month = select.value; renderImage(); $("month").focus(); });
  return make("div", null, { class: "controls" }, make("label", say.month, { for: "month" }), select);
};
const renderImage = (width = $("image").clientWidth) => {
  const brand = F.brands[$("brand").value], held = brand.image || {}, months = Object.keys(held).sort().reverse(), place = $("image");
  if (!months.length) { place.replaceChildren(make("p", say.image_none)); return; }
  if (!held[month]) month = months[0];
  const rows = held[month].slice().sort((a, b) => b[1] - a[1]);
  const cells = rows.map((row) => [capital(named("theme", row[0])), make("span", null, { class: "pair" }, whisker(row[1], row[2], row[3], 0, 100, 50), figure(number(row[1]), number(row[2]), number(row[3]))), number(row[4]), number(row[5])]);
  const list = table(say.image, [say.theme, say.score, say.peers_score, say.scored], cells);
  const wide = make("div", null, { class: "beside" });
  if (rows.length > 2) wide.append(make("figure", null, {}, radar(rows, width), key([["k-line", brand.name], ["k-band", say.key_band], ["k-peers", say.key_peers]])));
  wide.append(scroll(say.image, list));
  place.replaceChildren(chooseMonth(months), wide);
};
