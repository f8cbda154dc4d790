// Unusual nights: what was seen against what is usual, why, and the posts to open.
const link = (post, rank) => {
  const source = post.source ? named("source", post.source) : say.web, title = post.text ? fill(say.quote, { text: post.text }) : fill(say.open_post, { source, n: rank + 1 });
  const tone = post.toward === "positive" || post.toward === "negative" ? say[`toward_${post.toward}`] : "";
  // Addresses were checked when the page was made; one that is no web address would still be no link.
  const open = /^https?:\/\//.test(post.url) ? make("a", title, { href: post.url, rel: "noreferrer noopener" }) : make("span", title);
  return make("li", null, {}, open, make("span", ` ${[post.text ? source : "", tone].filter(Boolean).join(" · ")}`, { class: "soft" }));
};
const why = (a) => {
  const cause = a.cause === "volume" && !a.up ? "quiet" : a.cause;
  return fill(say[`cause_${cause}`] || say.cause_volume, { share: percent(a.viral), source: a.most ? named("source", a.most) : "", tone: signed(a.tone), usual: signed(a.usual_tone) });
};
const against = (a) => {
  const where = a.source === "*" ? say.all_sources : named("source", a.source);
  return fill(say[a.up ? "odd_up" : "odd_down"], { where, seen: count("seen", a.seen), usual: number(a.usual), high: number(a.high), authors: count("authors", a.authors) });
};
// A night is told once: all sources first, with the posts, then each source that was unusual by itself.
const oddNight = (all) => {
  const [a, ...others] = all, sign = make("span", a.up ? "\u25B2 " : "\u25BC ", { "aria-hidden": "true", class: "soft" });
  const node = make("li", null, {}, make("h3", null, {}, sign, capital(day(a.night, { weekday: "long", ...LONG }))), make("p", null, {}, make("strong", why(a)), ` ${against(a)}`));
  if (others.length) node.append(make("p", others.map(against).join(" "), { class: "soft" }));
  if (a.posts.length) node.append(make("ul", null, { class: "posts" }, ...a.posts.map(link)));
  return node;
};
let shownOdd = 8;
const renderAnomalies = (brand) => {
  const nights = new Map(), place = $("anomalies");
  brand.anomalies.forEach((a) => nights.set(a.night, [...(nights.get(a.night) || []), a]));
  const found = [...nights.values()];
  if (!found.length) { place.replaceChildren(make("p", say.odd_none)); return; }
  place.replaceChildren(make("ol", null, { class: "odds" }, ...found.slice(0, shownOdd).map(oddNight)));
  if (found.length <= shownOdd) return;
  const more = make("button", count("odd_more", found.length - shownOdd), { type: "button" });
  more.addEventListener("click", () => { const first = shownOdd; shownOdd += 20; renderAnomalies(brand); const next = place.querySelectorAll(".odds > li")[first]; next.tabIndex = -1; next.focus(); });
  place.append(more);
};
