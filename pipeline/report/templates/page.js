"use strict";
// Everything shown comes from the JSON beside this script; text is set with textContent, never as HTML.
(() => {
  const F = JSON.parse(document.getElementById("figures").textContent);
  const $ = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  let lang = "fr", say, number, percent, compact, day;

  const speak = (chosen) => {
    lang = chosen;
    say = F.messages[lang];
    document.documentElement.lang = lang;
    number = (v, digits = 0) => v === null ? say.unknown : new Intl.NumberFormat(lang, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(v);
    percent = (v) => v === null ? say.unknown : new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 }).format(v);
    compact = (v) => v === null ? say.unknown : new Intl.NumberFormat(lang, { notation: "compact", maximumSignificantDigits: 3 }).format(v);
    day = (iso, options = { day: "numeric", month: "long", year: "numeric" }) => new Intl.DateTimeFormat(lang, { ...options, timeZone: "UTC" }).format(new Date(iso + "T00:00:00Z"));
    for (const node of document.querySelectorAll("[data-say]")) node.textContent = say[node.dataset.say];
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say[node.dataset.label]);
  };
  const signed = (v) => { if (v === null) return say.unknown; const r = Math.round(v * 100); return (r > 0 ? "+" : r < 0 ? "\u2212" : "") + number(Math.abs(r) / 100, 2); };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const make = (tag, text, attributes = {}) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const draw = (parent, tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  };
  const table = (node, head, rows, self) => {
    const top = make("tr");
    head.forEach((title) => top.append(make("th", title, { scope: "col" })));
    const body = make("tbody");
    rows.forEach((cells, index) => {
      const row = make("tr", undefined, index === self ? { class: "self" } : {});
      cells.forEach((cell, at) => row.append(make(at ? "td" : "th", cell, at ? {} : { scope: "row" })));
      body.append(row);
    });
    const thead = make("thead");
    thead.append(top);
    node.replaceChildren(thead, body);
  };
  const known = (list) => list.filter((v) => v !== null);
  const steps = (low, high) => {
    const size = Math.pow(10, Math.floor(Math.log10((high - low) || 1))), span = (high - low) / size;
    const step = size * (span > 5 ? 2 : span > 2 ? 1 : 0.5), ticks = [];
    for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) ticks.push(Math.abs(v) < step / 1e6 ? 0 : v);
    return ticks;
  };
  const runs = (values) => {
    const found = [];
    values.forEach((v, i) => { if (v === null) return; const last = found[found.length - 1]; last && last[last.length - 1] === i - 1 ? last.push(i) : found.push([i]); });
    return found;
  };

  const chart = (metric, series, brand, show) => {
    const W = 920, H = 250, L = 56, R = 14, T = 20, B = 30, weeks = F.weeks;
    const every = known([...series.v, ...(series.lo || []), ...(series.hi || [])]);
    const low = Math.min(0, ...every), high = Math.max(metric === "net_sentiment" ? 0 : 1e-9, ...every);
    const x = (i) => L + (W - L - R) * (weeks.length < 2 ? 0.5 : i / (weeks.length - 1)), y = (v) => H - B - (H - T - B) * (v - low) / ((high - low) || 1);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", trend(metric, series, show));
    const half = weeks.length < 2 ? 20 : (x(1) - x(0)) / 2;
    series.c.forEach((c, i) => { if (c === null || c < 1) draw(svg, "rect", { class: "gap", x: x(i) - half, y: T, width: 2 * half, height: H - T - B }); });
    steps(low, high).forEach((v) => { draw(svg, "line", { class: v === 0 && low < 0 ? "zero" : "axis", x1: L, x2: W - R, y1: y(v), y2: y(v) }); draw(svg, "text", { x: L - 8, y: y(v) + 4, "text-anchor": "end" }, show(v)); });
    const jump = Math.max(1, Math.ceil(weeks.length / 8));
    weeks.forEach((week, i) => { if (i % jump === 0) draw(svg, "text", { x: x(i), y: H - 8, "text-anchor": i ? "middle" : "start" }, day(week, weeks.length > 110 ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" })); });
    started(brand).forEach((c) => { const i = c.at; draw(svg, "line", { class: "campaign", x1: x(i), x2: x(i), y1: T - 6, y2: H - B }); draw(svg, "text", { class: "campaign", x: x(i) + (i > weeks.length / 2 ? -5 : 5), y: T - 7, "text-anchor": i > weeks.length / 2 ? "end" : "start" }, c.name); });
    if (series.lo) runs(series.lo).forEach((run) => draw(svg, "path", { class: "band", d: "M" + run.map((i) => `${x(i)},${y(series.hi[i])}`).join("L") + "L" + run.slice().reverse().map((i) => `${x(i)},${y(series.lo[i])}`).join("L") + "Z" }));
    runs(series.v).forEach((run) => run.length > 1 ? draw(svg, "polyline", { class: "line", points: run.map((i) => `${x(i)},${y(series.v[i])}`).join(" ") }) : draw(svg, "circle", { class: "dot", r: 3.5, cx: x(run[0]), cy: y(series.v[run[0]]) }));
    return svg;
  };
  const started = (brand) => brand.campaigns.map((c) => ({ ...c, at: F.weeks.findLastIndex((w) => w <= c.start) })).filter((c) => c.at >= 0 && c.start <= F.night);
  const trend = (metric, series, show) => {
    const at = series.v.map((v, i) => [v, i]).filter(([v]) => v !== null);
    if (!at.length) return fill(say.no_trend, { name: say[metric] });
    const [last, i] = at[at.length - 1], [peak, j] = at.reduce((a, b) => b[0] > a[0] ? b : a);
    return fill(say.trend, { name: say[metric], last: show(last), week: day(F.weeks[i]), peak: show(peak), peakweek: day(F.weeks[j]) });
  };
  const key = (series, brand) => {
    const node = make("p", undefined, { class: "soft key" });
    const entry = (name, text) => { const span = make("span"); span.append(make("i", undefined, { class: name, "aria-hidden": "true" }), text); node.append(span); };
    entry("k-line", say.key_line);
    if (series.lo) entry("k-band", say.key_band);
    if (series.c.some((c) => c === null || c < 1)) entry("k-gap", say.key_gap);
    if (started(brand).length) entry("k-campaign", say.key_campaign);
    return node;
  };
  const block = (metric, series, brand, show) => {
    const section = make("section"), id = "h-" + metric;
    section.setAttribute("aria-labelledby", id);
    section.append(make("h2", say[metric], { id }), make("p", say[metric + "_note"], { class: "soft" }));
    if (!known(series.v).length) { section.append(make("p", say.too_few)); return section; }
    section.append(chart(metric, series, brand, show), key(series, brand));
    const details = make("details"), rows = make("table"), scroll = make("div", undefined, { class: "scroll", tabindex: "0", role: "region", "aria-label": say[metric] });
    table(rows, [say.week_of, say.value, say.low, say.high, "n", say.coverage],
      F.weeks.map((week, i) => [day(week), show(series.v[i]), series.lo ? show(series.lo[i]) : "", series.hi ? show(series.hi[i]) : "", number(series.n[i]), percent(series.c[i])]).reverse());
    scroll.append(rows);
    details.append(make("summary", say.table), scroll);
    section.append(details);
    return section;
  };
  const tile = (title, value, note) => {
    const node = make("li");
    node.append(make("span", title), make("strong", value), make("span", note, { class: "soft" }));
    return node;
  };
  const between = (now, show) => !now || now.v === null ? say.too_few : now.lo === null ? fill(say.on_n, { n: number(now.n) }) : fill(say.between, { low: show(now.lo), high: show(now.hi), n: number(now.n) });
  const SHOW = { mentions: (v) => number(v), net_sentiment: signed0(), reach: (v) => compact(v), share_of_voice: (v) => percent(v) };
  function signed0() { return (v) => signed(v); }

  const render = () => {
    const slug = $("brand").value, brand = F.brands[slug];
    $("title").textContent = brand.name;
    document.title = `${brand.name} · Rayonner`;
    $("subtitle").textContent = fill(say.subtitle, { territory: brand.territory, night: day(F.night) });
    $("tiles").replaceChildren(...Object.keys(SHOW).map((metric) => tile(say[metric], brand.now[metric] ? SHOW[metric](brand.now[metric].v) : say.unknown, metric === "mentions" ? say.last_days : between(brand.now[metric], SHOW[metric]))));
    $("charts").replaceChildren(...Object.keys(SHOW).filter((m) => brand.series[m]).map((m) => block(m, brand.series[m], brand, SHOW[m])));
    const peers = [slug, ...brand.peers.filter((p) => F.brands[p])];
    table($("peers"), [say.brand, ...Object.keys(SHOW).map((m) => say[m])], peers.map((p) => [F.brands[p].name, ...Object.keys(SHOW).map((m) => { const now = F.brands[p].now[m]; return now ? SHOW[m](now.v) + (now.lo !== null && m !== "mentions" && now.v !== null ? ` [${SHOW[m](now.lo)} ; ${SHOW[m](now.hi)}]` : "") : say.unknown; })]), 0);
    table($("sources"), [say.source, say.mentions, say.net_sentiment], brand.sources.map((s) => [s.source, number(s.mentions), signed(s.net_sentiment)]));
    $("built").textContent = fill(say.built, { night: day(F.night) });
    $("live").textContent = brand.series.mentions ? trend("mentions", brand.series.mentions, SHOW.mentions) : say.too_few;
  };

  for (const [slug, brand] of Object.entries(F.brands)) $("brand").append(make("option", brand.name, { value: slug }));
  const [wanted, tongue] = location.hash.slice(1).split("/");
  if (F.brands[wanted]) $("brand").value = wanted;
  const chosen = tongue === "en" || tongue === "fr" ? tongue : (navigator.language || "fr").startsWith("fr") ? "fr" : "en";
  $("language").value = chosen;
  speak(chosen);
  const change = () => { speak($("language").value); history.replaceState(null, "", `#${$("brand").value}/${lang}`); render(); };
  $("brand").addEventListener("change", change);
  $("language").addEventListener("change", change);
  if (Object.keys(F.brands).length) render();
})();
