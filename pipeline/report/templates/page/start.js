// The page of the chosen brand, drawn again when the brand, the language, the span or the width changes.
const period = (now) => now && now.grain === "month" ? fill(say.this_month, { month: day(F.night, { month: "long", year: "numeric" }) }) : say.last_days;
const between = (metric, now) => {
  if (!now || !is(now.v)) return say.too_few;
  if (metric === "mentions") return period(now);
  return !is(now.lo) ? fill(say.on_n, { seen: count(`counted_${metric}`, now.n) }) : fill(say.between, { low: SHOW[metric](now.lo), high: SHOW[metric](now.hi), seen: count(`counted_${metric}`, now.n) });
};
const tile = (metric, brand) => {
  const now = (brand.now || {})[metric], series = brand.series[metric], there = now && is(now.v);
  const whole = series ? series.v.map((v, i) => !SUMS.has(metric) || series.c[i] === 1 ? v : null).slice(-26) : [];
  return make("li", null, {}, make("span", say[metric], { class: "what" }), make("strong", there ? SHOW[metric](now.v) : "\u2013"), make("span", between(metric, now), { class: "soft" }), ...(known(whole).length > 3 ? [spark(whole, 220, 36)] : []));
};
const lead = (brand) => {
  const now = brand.now || {}, tone = now.net_sentiment, mentions = now.mentions;
  if (!mentions || !is(mentions.v)) return say.lead_none;
  const feel = tone && is(tone.v) ? fill(say.lead_tone, { tone: signed(tone.v), low: signed(tone.lo), high: signed(tone.hi) }) : say.lead_no_tone;
  const since = new Date(Date.parse(F.night) - 27 * 864e5).toISOString().slice(0, 10), odd = new Set(brand.anomalies.filter((a) => a.night >= since).map((a) => a.night)).size;
  return fill(say.lead, { period: period(mentions), seen: count("seen", mentions.v), tone: feel }) + (odd ? count("lead_odd", odd) : say.lead_no_odd);
};

// What each figure is, in the reader's words where the version has some, else in those of the published file.
const define = (metric, [version, unit, definition, least, source]) => [
  make("dt", fill(say.definition, { name: say[metric], version })),
  make("dd", say[`def_${metric}_${version}`] || fill(say.definition_of, { definition, unit, least, source })),
];
const renderMethod = () => $("definitions").replaceChildren(
  ...Object.entries(F.definitions || {}).flatMap(([metric, told]) => define(metric, told)),
  ...["image", "anomalies"].flatMap((part) => [make("dt", say[part]), make("dd", say[`def_${part}`])]),
);

let drawnAt = 0;
const renderCharts = (brand, width) => {
  drawnAt = width;
  const inner = width - 40;  // the padding of a section
  $("charts").replaceChildren(...METRICS.filter((m) => brand.series[m]).map((m) => block(m, brand, inner)));
};
const render = () => {
  const slug = $("brand").value, brand = F.brands[slug];
  brand.anomalies = brand.anomalies || [];
  document.title = `${brand.name} \u00B7 Rayonner`;
  $("title").textContent = brand.name;
  $("subtitle").textContent = fill(say.subtitle, { territory: brand.territory, night: day(F.night) });
  $("live").textContent = lead(brand);
  $("tiles").replaceChildren(...METRICS.map((metric) => tile(metric, brand)));
  renderCharts(brand, $("charts").clientWidth);
  renderImage();
  renderTags(brand);
  renderAnomalies(brand);
  renderPeers(slug, brand);
  renderSources(brand);
  renderMethod();
  const feed = (F.feeds || []).find((name) => name === (lang === "fr" ? `${slug}.atom.xml` : `${slug}.${lang}.atom.xml`)) || (F.feeds || []).find((name) => name === `${slug}.atom.xml`);
  $("feed").hidden = !feed;
  if (feed) give($("feed").firstChild, { href: encodeURIComponent(feed) }).textContent = fill(say.feed, { brand: brand.name });
  $("built").textContent = fill(say.built, { night: day(F.night) });
};

const choose = () => {
  speak($("language").value);
  shownOdd = 8;
  $("astray").hidden = true;
  history.replaceState(null, "", `#${$("brand").value}/${lang}`);
  render();
};
// A link of the contents moves the reader, not the address: that one names the brand and the language.
const go = (event) => {
  const target = event.target.closest("a[data-to]");
  if (!target) return;
  event.preventDefault();
  const head = $(target.dataset.to);
  head.scrollIntoView();
  head.focus({ preventScroll: true });
};
// An address is typed and pasted: one that cannot be read names nothing.
const asked = () => {
  try { return decodeURIComponent(location.hash.slice(1)).split("/"); } catch { return ["?"]; }
};
const begin = () => {
  const names = Object.entries(F.brands).sort((a, b) => a[1].name.localeCompare(b[1].name, "fr"));
  $("brand").append(...names.map(([slug, brand]) => make("option", brand.name, { value: slug })));
  $("language").value = (navigator.language || "fr").startsWith("fr") ? "fr" : "en";
  if (names.length) $("brand").value = Object.keys(F.brands)[0];
  arrive();
};
// Where an address leads: a brand, a language, a part of the page; a brand that is not here is said to be missing.
const arrive = () => {
  const [wanted, tongue, part] = asked(), there = Object.hasOwn(F.brands, wanted), head = $(part || wanted);
  if (there) $("brand").value = wanted;
  if (tongue === "en" || tongue === "fr") $("language").value = tongue;
  speak($("language").value);
  if (!$("brand").value) { $("live").textContent = say.lead_none; return; }
  render();
  $("astray").hidden = there || !wanted || Boolean(head);
  $("astray").textContent = $("astray").hidden ? "" : fill(say.astray, { brand: F.brands[$("brand").value].name });
  if (head && head.matches("h2")) head.scrollIntoView();
};
for (const id of ["brand", "language"]) $(id).addEventListener("change", choose);
$("spans").addEventListener("change", (event) => { span = +event.target.value; renderCharts(F.brands[$("brand").value], drawnAt); });
$("contents").addEventListener("click", go);
begin();
if (Object.keys(F.brands).length) {
  const again = () => { const width = $("charts").clientWidth; if (Math.abs(width - drawnAt) > 8) { renderCharts(F.brands[$("brand").value], width); renderImage(); } };
  window.addEventListener("resize", again);
  window.addEventListener("hashchange", arrive);
  // A4 less its margins is 690 points wide: drawn for it, the letters keep their size on paper.
  window.addEventListener("beforeprint", () => { renderCharts(F.brands[$("brand").value], 690); renderImage(400); });
  window.addEventListener("afterprint", again);
}
