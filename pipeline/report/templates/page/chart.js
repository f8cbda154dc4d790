// One metric over the weeks: value, interval, incomplete weeks, campaigns and unusual nights on the same axis of time.
const SUMS = new Set(["mentions", "reach"]);  // an incomplete week makes these smaller, and would look like a fall
let span = 104;

const cut = (series, from) => Object.fromEntries(Object.entries(series).map(([name, list]) => [name, list.slice(from)]));
const weekOf = (weeks, iso) => weeks.findLastIndex((week) => week <= iso);
const atWork = (brand, weeks) => brand.campaigns
  .filter((c) => c.start <= F.night && (!c.end || c.end >= weeks[0]))
  .map((c) => ({ name: c.name, row: 0, from: Math.max(weekOf(weeks, c.start), 0), to: c.end ? weekOf(weeks, c.end) : weeks.length - 1, began: c.start >= weeks[0] }));
const trend = (metric, series, weeks) => {
  const show = SHOW[metric], at = series.v.map((v, i) => [v, i]).filter(([v]) => is(v));
  if (!at.length) return fill(say.no_trend, { name: say[metric] });
  const [last, i] = at[at.length - 1], [peak, j] = at.reduce((a, b) => b[0] > a[0] ? b : a);
  const lost = series.c.filter((c) => !is(c) || c < 1).length;
  return fill(say.trend, { name: say[metric], last: show(last), week: day(weeks[i]), peak: show(peak), peakweek: day(weeks[j]) }) + (lost ? fill(say.trend_lost, { n: lost }) : "");
};

const chart = (metric, series, brand, weeks, width) => {
  const W = Math.max(width, 280), narrow = W < 560, L = 60, R = narrow ? 12 : 76, B = 28, show = SHOW[metric];
  const x = (i) => L + (W - L - R) * (weeks.length < 2 ? 0.5 : i / (weeks.length - 1));
  const campaigns = lanes(atWork(brand, weeks), x, W), T = 24 + 20 * Math.max(0, ...campaigns.map((c) => c.row + 1));
  const H = T + (narrow ? 180 : 220);
  const every = known([...series.v, ...(series.lo || []), ...(series.hi || [])]);
  const low = Math.min(0, ...every), high = Math.max(metric === "net_sentiment" ? 0 : 1e-9, ...every);
  const y = (v) => H - B - (H - T - B) * (v - low) / ((high - low) || 1);
  const svg = sheet(W, H, { role: "img", "aria-label": trend(metric, series, weeks) });
  const half = weeks.length < 2 ? 20 : (x(1) - x(0)) / 2;
  series.c.forEach((c, i) => { if (!is(c) || c < 1) draw(svg, "rect", { class: "gap", x: Math.max(x(i) - half, L).toFixed(1), y: T, width: (2 * half).toFixed(1), height: H - T - B }); });
  steps(low, high).forEach((v) => { draw(svg, "line", { class: v === 0 ? "zero" : "axis", x1: L, x2: W - R, y1: y(v), y2: y(v) }); draw(svg, "text", { x: L - 8, y: y(v) + 4, "text-anchor": "end" }, show(v)); });
  times(svg, weeks, x, H, W);
  campaigns.forEach((c) => campaign(svg, c, H - B));
  curves(svg, metric, series, x, y);
  if (metric === "mentions") brand.anomalies.forEach((a) => { const i = weekOf(weeks, a.night); if (i >= 0 && is(series.v[i]) && a.source === "*") draw(svg, "path", { class: "odd", d: `M${x(i) - 5},${y(series.v[i]) - 15}h10l-5,8z` }); });
  const last = series.v.findLastIndex(is);
  if (last >= 0) { draw(svg, "circle", { class: "dot", r: 4, cx: x(last), cy: y(series.v[last]) }); if (!narrow) draw(svg, "text", { class: "last", x: x(last) + 9, y: y(series.v[last]) + 5 }, show(series.v[last])); }
  return { svg, x, y, cursor: draw(svg, "g", { class: "cursor", visibility: "hidden" }), top: T, bottom: H - B, left: L, right: W - R };
};
// As many dates as stand apart from one another, eight at most.
const times = (svg, weeks, x, H, W) => {
  const names = weeks.map((week) => day(week, weeks.length > 60 ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" }));
  const widest = Math.max(...names.map(measure)), step = weeks.length < 2 ? W : x(1) - x(0), jump = Math.max(1, Math.ceil(weeks.length / 8), Math.ceil((widest + 16) / step));
  names.forEach((name, i) => { if (i % jump === 0 && x(i) + measure(name) / 2 <= W) draw(svg, "text", { x: x(i), y: H - 8, "text-anchor": "middle" }, name); });
};
// Campaigns whose names would touch stand on lanes above one another; no name leaves the drawing.
const lanes = (campaigns, x, W) => {
  const held = [];
  campaigns.forEach((c) => {
    c.left = x(c.from);
    c.right = Math.max(x(c.to), c.left + 3);
    c.short = fitted(c.name, W);
    c.at = Math.max(Math.min(c.left, W - measure(c.short)), 0);
    const low = Math.min(c.left, c.at), high = Math.max(c.right, c.at + measure(c.short)) + 12;
    const free = held.findIndex((lane) => lane.every(([from, to]) => high < from || low > to));
    c.row = free < 0 ? held.length : free;
    held[c.row] = [...(held[c.row] || []), [low, high]];
  });
  return campaigns;
};
const fitted = (text, width) => { let kept = text; while (kept.length > 2 && measure(kept) > width) kept = `${kept.slice(0, -2)}\u2026`; return kept; };
const campaign = (svg, c, bottom) => {
  const y = 14 + 20 * c.row;
  draw(svg, "rect", { class: "campaign", x: c.left, y, width: c.right - c.left, height: 4, rx: 2 });
  if (c.began) draw(svg, "line", { class: "campaign", x1: c.left, x2: c.left, y1: y, y2: bottom });
  draw(svg, "text", { class: "campaign", x: c.at, y: y - 5 }, c.short);
};
const curves = (svg, metric, series, x, y) => {
  const whole = SUMS.has(metric) ? series.v.map((v, i) => series.c[i] === 1 ? v : null) : series.v;
  if (series.lo) runs(series.lo).forEach((run) => draw(svg, "path", { class: "band", d: path([...run.map((i) => [x(i), y(series.hi[i])]), ...run.slice().reverse().map((i) => [x(i), y(series.lo[i])])]) + "Z" }));
  if (!series.lo) runs(whole).forEach((run) => draw(svg, "path", { class: "area", d: path([[x(run[0]), y(0)], ...run.map((i) => [x(i), y(whole[i])]), [x(run[run.length - 1]), y(0)]]) + "Z" }));
  runs(whole).forEach((run) => run.length > 1 ? draw(svg, "path", { class: "line", d: path(run.map((i) => [x(i), y(whole[i])])) }) : draw(svg, "circle", { class: "dot", r: 2.5, cx: x(run[0]), cy: y(whole[run[0]]) }));
  series.v.forEach((v, i) => { if (is(v) && !is(whole[i])) draw(svg, "circle", { class: "partial", r: 3, cx: x(i), cy: y(v) }); });
};

const told = (metric, series, weeks, i) => {
  const show = SHOW[metric], week = day(weeks[i]);
  if (!is(series.v[i])) return fill(say.read_unknown, { week });
  const between = series.lo && is(series.lo[i]) ? fill(say.read_between, { low: show(series.lo[i]), high: show(series.hi[i]) }) : "";
  return fill(say.read, { week, value: show(series.v[i]), between }) + (series.c[i] === 1 ? "" : fill(say.read_partial, { share: percent(series.c[i] || 0) }));
};
// A slider under each chart reads it week by week: the same by mouse, finger, keyboard and screen reader.
const reader = (metric, series, weeks, drawn) => {
  const slider = make("input", null, { type: "range", min: 0, max: weeks.length - 1, value: weeks.length - 1, "aria-label": fill(say.reader, { name: say[metric] }) });
  const out = make("p", told(metric, series, weeks, weeks.length - 1), { class: "soft read", "aria-hidden": "true" });
  const move = (i, visible) => {
    const text = told(metric, series, weeks, i), x = drawn.x(i);
    out.textContent = text;
    give(slider, { "aria-valuetext": text });
    drawn.cursor.replaceChildren();
    drawn.cursor.setAttribute("visibility", visible ? "visible" : "hidden");
    draw(drawn.cursor, "line", { x1: x, x2: x, y1: drawn.top, y2: drawn.bottom });
    if (is(series.v[i])) draw(drawn.cursor, "circle", { r: 5, cx: x, cy: drawn.y(series.v[i]) });
  };
  slider.addEventListener("input", () => move(+slider.value, true));
  drawn.svg.addEventListener("pointermove", (event) => {
    const box = drawn.svg.getBoundingClientRect(), at = (event.clientX - box.left) * drawn.svg.viewBox.baseVal.width / box.width;
    slider.value = Math.round((at - drawn.left) / ((drawn.right - drawn.left) || 1) * (weeks.length - 1));
    move(+slider.value, true);
  });
  move(weeks.length - 1, false);
  return [slider, out];
};

const block = (metric, brand, width) => {
  const id = `h-${metric}`, section = make("section", null, { "aria-labelledby": id }), from = Math.max(F.weeks.length - span, 0);
  section.append(make("h3", say[metric], { id }), make("p", say[`${metric}_note`], { class: "soft" }));
  const series = brand.series[metric] && cut(brand.series[metric], from), weeks = F.weeks.slice(from);
  if (!series || !known(series.v).length) { section.append(make("p", say.too_few)); return section; }
  const drawn = chart(metric, series, brand, weeks, width), lost = series.c.some((c) => !is(c) || c < 1);
  const signs = [["k-line", say.key_line], ...(series.lo ? [["k-band", say[metric === "reach" ? "key_range" : "key_band"]]] : []), ...(lost ? [["k-gap", say.key_gap]] : []), ...(lost && SUMS.has(metric) ? [["k-partial", say.key_partial]] : [])];
  if (atWork(brand, weeks).length) signs.push(["k-campaign", say.key_campaign]);
  if (metric === "mentions" && brand.anomalies.some((a) => a.source === "*" && a.night >= weeks[0])) signs.push(["k-odd", say.key_odd]);
  const show = SHOW[metric], rows = () => weeks.map((week, i) => [day(week), show(series.v[i]), ...(series.lo ? [show(series.lo[i]), show(series.hi[i])] : []), number(series.n[i]), percent(series.c[i])]).reverse();
  section.append(drawn.svg, ...reader(metric, series, weeks, drawn), key(signs));
  section.append(details(say[metric], () => table(say[metric], [say.week_of, say.value, ...(series.lo ? [say.low, say.high] : []), say[`n_${metric}`], say.coverage], rows())));
  return section;
};
