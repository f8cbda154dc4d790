// What the posts are about and what they feel, week by week: shares of the mentions read, never of people.
const lastWeek = (tags) => Math.max(...Object.values(tags).map((t) => t.s.findLastIndex(is)));
const tagTable = (kind, tags) => {
  const at = lastWeek(tags), offset = F.weeks.length - Object.values(tags)[0].s.length;
  const said = Object.entries(tags).filter(([, t]) => is(t.s[at])).sort((a, b) => b[1].s[at] - a[1].s[at]);
  const most = Math.max(...said.map(([, t]) => t.s[at])), before = (t) => at && is(t.s[at - 1]) ? percent(t.s[at - 1]) : "\u2013";
  const rows = said.map(([tag, t]) => [capital(named(kind, tag)), make("span", null, { class: "pair" }, bar(t.s[at], most), percent(t.s[at])), before(t), make("span", null, { class: "pair" }, is(t.t[at]) ? signed(t.t[at]) : say.too_few_short), number(t.n[at]), spark(t.s)]);
  // Too few for a while: the last week that had enough is shown, and said to be that.
  const latest = F.weeks.length - 1, shown = offset + at;
  const note = (shown < latest ? `${fill(say.tags_old, { latest: day(F.weeks[latest]) })} ` : "") + fill(say.tags_week, { week: day(F.weeks[shown]) });
  return [make("p", note, { class: "soft" }), scroll(say[`${kind}s`], table(`${say[`${kind}s`]}. ${note}`, [say[kind], say.share, say.before, say.net_sentiment, say.mentions, say.year], rows))];
};
const renderTags = (brand) => ["theme", "emotion", "audience"].forEach((kind) => {
  const tags = brand.tags && brand.tags[kind];
  $(`${kind}s`).replaceChildren(...(tags && Object.keys(tags).length ? tagTable(kind, tags) : [make("p", say.tags_none)]));
});
