"""Style and script of the projector's board: served as files of their own, for the page's policy forbids anything inline.

The script only ever sets ``textContent`` and attributes that it makes itself, so that a name typed by a pupil stays text.
"""

from __future__ import annotations

from typing import Final

BOARD_STYLE: Final = """
:root { color-scheme: dark; --ground: #0d1117; --panel: #151b23; --well: #1b232d; --line: #2a3441; --text: #e8edf2; --dim: #9aa7b8;
  --gold: #e6b450; --red: #f0796c; --green: #52d0a2; --blue: #7cb8ea }
:root[data-theme="day"] { color-scheme: light; --ground: #e9e4d8; --panel: #f7f3e9; --well: #eee8da; --line: #cfc6b2; --text: #1d2126;
  --dim: #4c535c; --gold: #805300; --red: #a92e15; --green: #11664a; --blue: #1d5890 }
* { box-sizing: border-box }
html, body { height: 100%; margin: 0 }
body { background: var(--ground); color: var(--text); overflow: hidden; font-size: clamp(12px, 1.55vmin + .25vw, 40px); line-height: 1.35;
  font-family: "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
  "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif }
body { display: grid; grid-template: auto 1fr auto / 1fr; gap: .8em; padding: 1em 1.4em }
[hidden] { display: none !important }
header, footer { display: flex; align-items: baseline; gap: 1.2em; min-width: 0 }
header b { color: var(--red); font-size: 1.3em; white-space: nowrap } header .where { font-size: 1.5em; font-weight: 600; flex: 1; min-width: 0 }
.phase { font-size: 1.5em; color: var(--gold); font-weight: 700; white-space: nowrap }
button { font: inherit; font-size: .8em; color: var(--dim); background: none; border: 1px solid var(--line); border-radius: .3em; padding: .15em .7em; cursor: pointer }
button:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px }
main { min-height: 0; display: grid; gap: 1em; grid-template-columns: minmax(0, 11fr) minmax(0, 9fr) }
.col { display: grid; gap: 1em; min-height: 0; min-width: 0 }
.left { grid-template-rows: auto minmax(0, 1fr) } .right { grid-template-rows: minmax(0, 1fr) auto }
section { background: var(--panel); border-radius: .5em; padding: .8em 1.1em; min-height: 0; min-width: 0; overflow: hidden }
h2 { margin: 0 0 .4em; font-size: .95em; font-weight: 600; color: var(--gold) } h2 span { color: var(--dim); font-weight: 400; margin-left: .8em }
.clock { text-align: center }
.time { font-size: min(13em, 24vw); line-height: 1.02; font-weight: 700; font-variant-numeric: tabular-nums; letter-spacing: -.01em; color: var(--gold) }
.time.long { font-size: min(10em, 19vw) } .time.urgent { color: var(--red) } .time.still { color: var(--dim) }
.about { font-size: 1.5em; color: var(--dim) } .urgent + .about { color: var(--red); font-weight: 700 }
.meter { height: .7em; background: var(--well); border-radius: .35em; margin-top: .6em; overflow: hidden }
.meter i { display: block; height: 100%; width: 0; background: var(--green); border-radius: .35em }
.join { display: flex; gap: 1.4em; align-items: center } .join img { width: 12em; height: 12em; background: #fff; border-radius: .3em; flex: none; image-rendering: pixelated }
.join p { margin: 0 0 .1em; color: var(--dim) } .join .address { color: var(--text); font-size: 1.5em; font-weight: 600; overflow-wrap: anywhere; margin-bottom: .4em }
.code { font-size: 3.1em; font-weight: 700; color: var(--gold); letter-spacing: .04em; line-height: 1.1; white-space: nowrap;
  font-family: "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace }
.lobby .join img { width: min(26em, 46vh); height: min(26em, 46vh) } .lobby .code { font-size: 4.2em }
.lobby .join { height: 100%; flex-direction: column; justify-content: center; text-align: center; gap: 1em }
.lobby .join .address { font-size: 2em } .lobby .right { grid-template-rows: minmax(0, 1fr) }
.teams ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .35em .9em; grid-template-columns: repeat(2, minmax(0, 1fr)); align-content: start }
.teams.few ol { grid-template-columns: minmax(0, 1fr) } .teams.many ol { grid-template-columns: repeat(3, minmax(0, 1fr)); font-size: .72em }
.teams.crowd ol { grid-template-columns: repeat(4, minmax(0, 1fr)); font-size: .66em; gap: .3em .5em } .teams.crowd .worth, .teams.crowd li:not(.gone) .is { display: none }
.teams li { display: flex; align-items: baseline; gap: .5em; padding: .25em .5em; border-radius: .3em; background: var(--well); font-size: 1.4em; min-width: 0 }
.teams .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600 }
.teams .mark { width: 1.1em; text-align: center; color: var(--dim) } .teams .is { color: var(--dim); font-size: .8em; white-space: nowrap }
.teams li.decided .mark, .teams li.decided .is { color: var(--green) } .teams li.gone .mark, .teams li.gone .is { color: var(--red) }
.teams li.gone .name { color: var(--dim); font-weight: 400 } .teams .rank { color: var(--gold); font-weight: 700; min-width: 1.4em; text-align: right; font-variant-numeric: tabular-nums }
.teams .worth { font-variant-numeric: tabular-nums; white-space: nowrap }
.news { max-height: 11em } .news p { margin: 0 0 .35em; font-size: 1.15em; overflow-wrap: anywhere } .news .told { font-size: 1.35em; font-weight: 600 }
.news .card { color: var(--blue) } .news .old { color: var(--dim); font-size: 1em; font-weight: 400 }
section.chart { display: flex; flex-direction: column } div.chart { flex: 1; min-height: 0; min-width: 0 } .chart svg { display: block; width: 100%; height: 100% }
svg text { fill: var(--dim); font-size: 1em } svg .grid { stroke: var(--line); fill: none } svg .line { stroke: var(--gold); stroke-width: 4; fill: none; stroke-linejoin: round }
svg .dot { fill: var(--gold) } svg .value { fill: var(--text); font-weight: 700; font-size: 1.25em } svg .alive { fill: var(--blue); font-weight: 600 }
svg .empty { stroke: var(--dim); stroke-dasharray: 3 7; fill: none }
.debrief { display: grid; min-height: 0; min-width: 0 } .debrief section { min-height: 0; display: flex; flex-direction: column }
.debrief .lead { font-size: 2.2em; font-weight: 600; margin: 0 0 .3em; line-height: 1.3 } .debrief .ask { font-size: 2.6em; line-height: 1.4; margin: auto 0; max-width: 34em; align-self: center }
.debrief .hint { color: var(--dim); margin: .4em 0 0 } .debrief .seed { color: var(--gold); font-size: 1.2em; margin: .4em 0 0; overflow-wrap: anywhere }
.steps { display: flex; gap: .6em; margin: 0 0 1em; padding: 0; list-style: none; flex-wrap: wrap } .steps button { font-size: 1.1em } .steps [aria-current] { color: var(--gold); border-color: var(--gold); font-weight: 700 }
footer { color: var(--dim); font-size: .85em } footer .lost { color: var(--red); font-weight: 700; font-size: 1.2em } footer .keys { flex: 1 }
@media (max-width: 60em) { main { grid-template-columns: 1fr; overflow: auto } body { overflow: auto } }
@media print { body { overflow: visible } }
"""

BOARD_SCRIPT: Final = r"""
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const root = document.documentElement, $ = id => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  let lang = root.dataset.lang, board = null, at = 0, lost = false, step = 0, question = 0, revealed = false, wait = 500;
  const STEPS = ["feelings", "draw", "facts", "transfer"];

  const say = (key, args = {}) =>
    words[lang].texts[key].replace(/\{(\w+)\}/g, (_, name) => name in args ? String(args[name]) : "");
  const put = (id, text) => { const e = $(id); if (e.textContent !== text) e.textContent = text; };
  const show = (id, yes) => { $(id).hidden = !yes; };
  const make = (kind, name, text, ns) => {
    const e = ns ? document.createElementNS(ns, kind) : document.createElement(kind);
    if (name) e.setAttribute("class", name);
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const quarter = q => (2023 + Math.floor(q / 4)) + " Q" + (((q % 4) + 4) % 4 + 1);
  const short = q => String(23 + Math.floor(q / 4)) + "Q" + (((q % 4) + 4) % 4 + 1);
  const price = v => !(v >= 0) ? "--" : "¥" + (v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2));
  const money = v => {
    if (typeof v !== "number" || !isFinite(v)) return "--";
    for (const [size, name] of words[lang].units) if (Math.abs(v) >= size) {
      const x = v / size;
      return (x < 0 ? "-¥" : "¥") + (Math.abs(x) >= 100 ? Math.abs(x).toFixed(0) : Math.abs(x) >= 10 ? Math.abs(x).toFixed(1) : Math.abs(x).toFixed(2)) + name;
    }
    return "¥" + v.toFixed(0);
  };
  const left = () => board.left === null || board.phase !== "open" ? null
    : Math.max(0, board.left - (board.paused ? 0 : (performance.now() - at) / 1000));
  const clock = s => { const n = Math.ceil(s - 1e-6); return Math.floor(n / 60) + ":" + String(n % 60).padStart(2, "0"); };
  const named = t => /^\d+$/.test(t.name) ? say("numbered", { number: t.name }) : t.name;
  const asked = () => board.teams.filter(t => t.status === "active" && (t.here > 0 || t.decided));

  function tick() {
    if (!board) return;
    const face = $("time"), seconds = left(), done = board.quarter - board.first_quarter;
    const ready = asked().filter(t => t.decided).length, all = asked().length;
    let text, about;
    if (board.phase === "open" && seconds !== null) {
      text = clock(seconds);
      about = board.paused ? say("paused") : seconds <= 30 ? say("urgent") : say("left");
    } else if (board.phase === "open") { text = ready + "/" + all; about = board.paused ? say("paused") : say("no-clock"); }
    else if (board.phase === "lobby") { text = String(board.teams.reduce((n, t) => n + t.here, 0)); about = say("joined"); }
    else { text = Math.min(done + (board.phase === "closing" ? 1 : 0), board.quarters) + "/" + board.quarters; about = say(board.phase === "closing" ? "closing" : "played"); }
    put("time", text); put("about", about);
    face.setAttribute("class", "time" + (text.length > 4 ? " long" : "") + (board.paused ? " still" : seconds !== null && seconds <= 30 ? " urgent" : ""));
    const meter = board.phase === "open" || board.phase === "closing";
    show("meter", meter && all > 0);
    $("bar").style.width = (all ? 100 * ready / all : 0) + "%";
  }

  function teams() {
    const list = $("list"), ranked = board.ranking && board.teams.some(t => t.rank !== null);
    const rows = ranked ? [...board.teams].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99)) : board.teams;
    $("teams").setAttribute("class", "teams" + (rows.length <= 6 ? " few" : rows.length > 28 ? " crowd" : rows.length > 20 ? " many" : ""));
    list.replaceChildren(...rows.map(t => {
      const gone = t.status !== "active", open = board.phase === "open" || board.phase === "closing";
      const item = make("li", gone ? "gone" : t.decided && open ? "decided" : "");
      if (ranked) item.append(make("span", "rank", t.rank === null ? "–" : String(t.rank)));
      item.append(make("span", "mark", gone ? "×" : t.decided && open ? "●" : "○"), make("span", "name", named(t)));
      if (ranked && t.value !== null) item.append(make("span", "worth", money(t.value)));
      item.append(make("span", "is", gone ? say("receiver") : t.decided && open ? say("decided") : say("here", { count: t.here })));
      return item;
    }));
    put("teams-note", ranked ? say("ranked") : "");
  }

  function chart(id, full) {
    const box = $(id), em = parseFloat(getComputedStyle(document.body).fontSize);
    box.replaceChildren();
    const W = Math.max(200, box.clientWidth), H = Math.max(120, box.clientHeight);
    const L = 6 * em, R = 2.2 * em, T = 2.2 * em, B = 4.2 * em;
    const rows = board.history, svg = make("svg", "", undefined, SVG);
    svg.setAttribute("viewBox", "0 0 " + W + " " + H);
    svg.setAttribute("role", "img"); svg.setAttribute("aria-label", say("price"));
    const todo = Math.max(0, board.quarters - (board.quarter - board.first_quarter));
    const n = Math.max(2, rows.length + (id === "truth" ? 0 : todo));
    const top = Math.max(1e-9, ...rows.map(r => r.token_price)) * 1.08, unit = 10 ** Math.floor(Math.log10(top / 4));
    const each = unit * [1, 2, 2.5, 5, 10].find(m => unit * m * 4 >= top * .999), high = each * Math.ceil(top / each - 1e-9);
    const x = i => L + (W - L - R) * i / Math.max(1, n - 1), y = v => T + (H - T - B) * (1 - v / high);
    const node = (kind, name, attributes, text) => {
      const e = make(kind, name, text, SVG);
      for (const k in attributes) e.setAttribute(k, attributes[k]);
      svg.append(e);
    };
    for (let v = 0; v <= high * 1.001; v += each) {
      node("path", "grid", { d: "M" + L + " " + y(v) + "H" + (W - R) });
      node("text", "", { x: L - .7 * em, y: y(v) + .35 * em, "text-anchor": "end" }, v === 0 ? "0" : price(v));
    }
    const first = rows.length ? rows[0].quarter : board.first_quarter - 1, skip = Math.max(1, Math.ceil(n * 4.2 * em / (W - L - R)));
    const seen = full ? rows : rows.slice(0, 1);
    for (let i = 0; i < n; i += skip) {
      node("text", "", { x: x(i), y: H - B + 1.5 * em, "text-anchor": "middle" }, i === 0 ? say("start") : short(first + i));
      if (i < seen.length) node("text", "alive", { x: x(i), y: H - .7 * em, "text-anchor": "middle" }, String(seen[i].survivors));
    }
    node("text", "alive", { x: L - 1.8 * em, y: H - .7 * em, "text-anchor": "end" }, say("alive"));
    if (seen.length > 1) node("path", "line", { d: seen.map((r, i) => (i ? "L" : "M") + x(i).toFixed(1) + " " + y(r.token_price).toFixed(1)).join("") });
    seen.forEach((r, i) => node("circle", "dot", { cx: x(i), cy: y(r.token_price), r: .38 * em }));
    if (seen.length) {
      const i = seen.length - 1;
      node("text", "value", { x: x(i) + (i === 0 ? .6 * em : 0), y: y(seen[i].token_price) - .8 * em, "text-anchor": i === 0 ? "start" : i > n * .85 ? "end" : "middle" }, price(seen[i].token_price));
    }
    box.append(svg);
  }

  function news() {
    const told = board.told.slice(-3).reverse();
    const rows = board.dealt.map(id => make("p", "card", say("card", { title: (words[lang].cards[id] || [id, ""])[0], headline: (words[lang].cards[id] || [id, ""])[1] })));
    told.forEach((t, i) => rows.push(make("p", i ? "old" : "told", t.text)));
    $("items").replaceChildren(...rows);
    show("news", rows.length > 0);
  }

  function debrief() {
    const name = STEPS[step], asks = words[lang].questions[name] || [];
    [...$("steps").children].forEach((li, i) => {
      const b = li.firstChild; b.textContent = (i + 1) + " " + say("step-" + STEPS[i]);
      if (i === step) b.setAttribute("aria-current", "step"); else b.removeAttribute("aria-current");
    });
    put("lead", say("lead-" + name));
    question = Math.min(question, Math.max(0, asks.length - 1));
    put("ask", name === "draw" ? "" : asks[question] || "");
    show("ask", name !== "draw"); show("truth", name === "draw");
    if (name === "draw") chart("truth", revealed);
    put("hint", name === "draw" ? say(revealed ? "revealed" : "reveal") : asks.length > 1 ? say("question", { number: question + 1, count: asks.length }) : "");
    const luck = name === "draw" && revealed && board.seed !== "";
    show("seed", luck); put("seed", luck ? say("seed", { seed: board.seed }) : "");
  }

  function draw() {
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    put("name", say("name")); put("keys", say("keys")); put("lost", say("lost")); show("lost", lost);
    put("turn", say("other")); document.title = say("title");
    for (const e of document.querySelectorAll("[data-say]")) e.textContent = say(e.dataset.say);
    if (!board) return;
    const done = board.quarter - board.first_quarter, scenario = words[lang].scenarios[board.scenario] || board.scenario;
    let where = done >= board.quarters ? say("all", { count: board.quarters })
      : say("turn", { quarter: quarter(board.quarter), turn: done + 1, quarters: board.quarters });
    if (board.round > 1) where = say("round", { round: board.round }) + " · " + where;
    put("where", scenario + " · " + where);
    put("phase", say("phase-" + (board.phase === "open" && board.paused ? "paused" : board.phase)));
    const told = board.phase === "debrief" || board.phase === "over";
    document.body.className = board.phase === "lobby" ? "lobby" : "";
    show("play", !told); show("debrief", told);
    show("join", board.code !== ""); put("code", board.code);
    if (told) debrief();
    else { tick(); teams(); news(); show("chart", board.phase !== "lobby"); if (board.phase !== "lobby") chart("curve", true); }
  }

  function next(by) {
    const asks = words[lang].questions[STEPS[step]] || [];
    if (by > 0 && STEPS[step] === "draw" && !revealed) revealed = true;
    else if (by > 0 && STEPS[step] !== "draw" && question + 1 < asks.length) question++;
    else if (by < 0 && STEPS[step] !== "draw" && question > 0) question--;
    else if (step + by >= 0 && step + by < STEPS.length) { step += by; question = 0; }
    draw();
  }
  function speak() { lang = lang === "zh" ? "en" : "zh"; draw(); }
  function wear() { root.dataset.theme = root.dataset.theme === "day" ? "night" : "day"; }

  $("turn").addEventListener("click", speak);
  $("light").addEventListener("click", wear);
  $("debrief").addEventListener("click", e => { if (!e.target.closest("button")) next(1); });
  STEPS.forEach((name, i) => {
    const b = make("button"); b.type = "button";
    b.addEventListener("click", () => { step = i; question = 0; draw(); });
    const li = make("li"); li.append(b); $("steps").append(li);
  });
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const k = e.key;
    if (k === "l" || k === "L" || k === "F7") speak();
    else if (k === "t" || k === "T" || k === "F10") wear();
    else if (!$("debrief").hidden && (k === " " || k === "ArrowRight" || k === "PageDown" || k === "Enter")) {
      if (document.activeElement && document.activeElement.tagName === "BUTTON" && (k === " " || k === "Enter")) return;
      next(1);
    } else if (!$("debrief").hidden && (k === "ArrowLeft" || k === "PageUp")) next(-1);
    else if (!$("debrief").hidden && "1234".includes(k)) { step = Number(k) - 1; question = 0; draw(); }
    else return;
    e.preventDefault();
  });

  function take(text) {
    let fresh;
    try { fresh = JSON.parse(text); } catch { return; }
    if (!fresh || typeof fresh !== "object" || !Array.isArray(fresh.teams)) return;
    board = { history: [], told: [], dealt: [], ranking: false, seed: "", ...fresh };
    at = performance.now();
    draw();
  }
  function connect() {
    const socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/board/ws");
    socket.onopen = () => { wait = 500; lost = false; draw(); };
    socket.onmessage = e => { if (typeof e.data === "string") take(e.data); };
    socket.onclose = () => {
      lost = board === null || board.phase !== "over";
      draw(); setTimeout(connect, wait); wait = Math.min(wait * 2, 5000);
    };
  }
  const first = $("first").textContent.trim();
  if (first) take(first); else draw();
  if (root.dataset.live === "yes") connect();
  setInterval(tick, 200);
  addEventListener("resize", draw);
})();
"""
