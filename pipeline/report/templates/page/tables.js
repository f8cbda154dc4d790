// The peers and the sources, each a table whose pictures only repeat its words.
// A figure and its interval, each whole: in a narrow column the interval stands below.
const figure = (v, low, high) => make("span", null, { class: "figure" }, make("span", v), " ", make("span", `[${low} ; ${high}]`));
const withInterval = (metric, now) => {
  if (!now || !is(now.v)) return say.too_few_short;
  const show = SHOW[metric];
  return is(now.lo) && metric !== "mentions" ? figure(show(now.v), show(now.lo), show(now.hi)) : show(now.v);
};
const renderPeers = (slug, brand) => {
  const now = (p, metric) => (F.brands[p].now || {})[metric], voiceOf = (p) => (now(p, "share_of_voice") || {}).v ?? -1;
  const peers = [slug, ...brand.peers.filter((p) => p !== slug && F.brands[p])].sort((a, b) => voiceOf(b) - voiceOf(a));
  if (peers.length < 2) { $("peers").replaceChildren(make("p", say.peers_none)); return; }
  const most = Math.max(...peers.map((p) => (now(p, "share_of_voice") || {}).hi || 0));
  const rows = peers.map((p) => {
    const voice = now(p, "share_of_voice"), tone = now(p, "net_sentiment");
    return [F.brands[p].name, withInterval("mentions", now(p, "mentions")),
      make("span", null, { class: "pair" }, ...(voice && is(voice.v) ? [whisker(voice.v, voice.lo, voice.hi, 0, most, null)] : []), withInterval("share_of_voice", voice)),
      make("span", null, { class: "pair" }, ...(tone && is(tone.v) ? [whisker(tone.v, tone.lo, tone.hi, -1, 1, 0)] : []), withInterval("net_sentiment", tone)),
      withInterval("reach", now(p, "reach"))];
  });
  $("peers").replaceChildren(scroll(say.peers, table(say.peers, [say.brand, say.mentions, say.share_of_voice, say.net_sentiment, say.reach], rows, peers.indexOf(slug))));
};

const NIGHTS = { c: "full", p: "part", b: "part", f: "lost", o: "none", ".": "none" };
const strip = (nights) => {
  const node = make("span", null, { class: "nights", "aria-hidden": "true" });
  for (const letter of nights) node.append(make("i", null, { class: NIGHTS[letter] || "none" }));
  const full = [...nights].filter((letter) => letter === "c").length;
  return make("span", null, { class: "pair" }, node, fill(say.nights_full, { n: number(full), all: number(nights.length) }));
};
const renderSources = (brand) => {
  const rows = Object.entries(brand.sources || {}).map(([source, s]) => [named("source", source), number(s.mentions), is(s.tone) ? signed(s.tone) : say.too_few_short, strip(s.nights)]);
  const note = fill(say.sources_month, { month: day(F.night, { month: "long", year: "numeric" }) });
  $("sources").replaceChildren(make("p", note, { class: "soft" }), scroll(say.sources, table(say.sources, [say.source, say.mentions, say.net_sentiment, say.answered], rows)), key([["n-full", say.night_full], ["n-part", say.night_part], ["n-lost", say.night_lost], ["n-none", say.night_none]]));
};
