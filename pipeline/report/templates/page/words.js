"use strict";
// Everything shown comes from the JSON beside this script; text is set with textContent, never as HTML.
const F = JSON.parse(document.getElementById("figures").textContent);
const $ = (id) => document.getElementById(id);
let lang = "fr", say, formats;

const speak = (chosen) => {
  lang = chosen;
  say = F.messages[lang];
  formats = new Map();
  document.documentElement.lang = lang;
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say[node.dataset.say];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say[node.dataset.label]);
};
// Making a format takes longer than using it, and a page holds thousands of numbers.
const format = (kind, options) => {
  const key = kind.name + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new kind(lang === "fr" ? "fr-FR" : "en-GB", options));
  return formats.get(key);
};
const is = (v) => v !== null && v !== undefined;
const number = (v, digits = 0) => is(v) ? format(Intl.NumberFormat, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(v) : say.unknown;
const percent = (v) => is(v) ? format(Intl.NumberFormat, { style: "percent", maximumFractionDigits: v < 0.01 ? 1 : 0 }).format(v) : say.unknown;
// An estimate, as the mail writes it: two significant digits, millions in short.
const rough = (v) => {
  if (!is(v)) return say.unknown;
  const size = v >= 1 ? Math.pow(10, Math.max(Math.floor(Math.log10(v)) - 1, 0)) : 1, near = Math.round(v / size) * size;
  return near < 1e6 ? number(near) : format(Intl.NumberFormat, { notation: "compact", maximumFractionDigits: 1 }).format(near);
};
const signed = (v) => { if (!is(v)) return say.unknown; const r = Math.round(v * 100); return (r > 0 ? "+" : r < 0 ? "\u2212" : "") + number(Math.abs(r) / 100, 2); };
const LONG = { day: "numeric", month: "long", year: "numeric" };
const day = (iso, options = LONG) => format(Intl.DateTimeFormat, { ...options, timeZone: "UTC" }).format(new Date(iso + "T00:00:00Z")).replace(/(?<=^|\s)1(?=\s\p{L})/u, lang === "fr" ? "1er" : "1");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const capital = (text) => text.charAt(0).toLocaleUpperCase(lang) + text.slice(1);
// "1 mention", "12 mentions": the sentence of the number.
const count = (key, n) => fill(say[`${key}_${format(Intl.PluralRules, {}).select(n) === "one" ? "one" : "other"}`], { n: number(n) });
const named = (kind, name) => say[`${kind}_${name}`] || name;

const SHOW = { mentions: (v) => number(v), net_sentiment: signed, reach: rough, share_of_voice: percent };
const METRICS = Object.keys(SHOW);
