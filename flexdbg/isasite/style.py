"""The style sheet and the script of the site: no external resources, light and dark."""

__all__ = ["SCRIPT", "STYLE"]

STYLE = """
:root {
  --paper: #fbfaf7; --ink: #1d2230; --soft: #667; --line: #d9d6cd; --card: #ffffff; --code: #f3f1ea;
  --link: #1b5e9b; --fixed: #ece9e1; --accent: #b5532a;
  --a: #dcebf9; --b: #fbe7d3; --c: #dff0df; --d: #efe1f3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171d; --ink: #e3e5ea; --soft: #98a0ad; --line: #323844; --card: #1b2028; --code: #20262f;
  --link: #7db7ee; --fixed: #2a303a; --accent: #f0915f;
    --a: #1f3a53; --b: #533a21; --c: #24432c; --d: #432d4c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; align-items: baseline; padding-top: 1.1rem; }
header a { text-decoration: none; } header .home { font-weight: 700; color: var(--ink); }
footer { color: var(--soft); font-size: .85rem; padding: 2.5rem 1.25rem; }
a { color: var(--link); } a:hover { text-decoration: underline; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.4rem 0 .2rem; letter-spacing: -.01em; }
h1 code { font-size: 1em; background: none; padding: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; color: var(--accent); letter-spacing: .02em; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
.lead { font-size: 1.12rem; color: var(--soft); margin: 0 0 1rem; }
code, pre, .mono { font-family: ui-monospace, "Cascadia Code", "JetBrains Mono", Menlo, Consolas, monospace; }
code { font-size: .92em; background: var(--code); padding: .08em .35em; border-radius: 4px; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem;
  overflow-x: auto; font-size: .9rem; line-height: 1.5; margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .34rem .7rem .34rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; }
td:last-child, th:last-child { padding-right: 0; }
.scroll { overflow-x: auto; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .9rem; }
.card { display: block; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: .9rem 1.1rem; color: inherit; text-decoration: none; }
.card:hover { border-color: var(--link); text-decoration: none; }
.card b { color: var(--link); } .card span { display: block; color: var(--soft); font-size: .9rem; }
.chip { display: inline-block; border: 1px solid var(--line); border-radius: 99px; padding: 0 .6rem;
  margin-right: .3rem; font-size: .85rem; background: var(--card); }
.chip.off { color: var(--soft); text-decoration: line-through; opacity: .55; }
/* An encoding: one column a bit. */
.word { display: grid; min-width: 44rem; font-size: .82rem; text-align: center; margin: .5rem 0 .2rem; }
.word.short { min-width: 22rem; max-width: 32rem; }
.word .n { color: var(--soft); font-size: .68rem; display: flex; justify-content: space-between;
  padding: 0 .28rem; }
.word .n:not(:has(span)) { justify-content: center; }
.word .bit { border: solid var(--line); border-width: 1px 0 1px 1px; padding: .3rem 0;
  background: var(--card); }
.word .bit.fixed { background: var(--fixed); }
.word .last { border-right-width: 1px; }
.word .name { padding-top: .15rem; color: var(--soft); font-size: .78rem; overflow: hidden; }
.word .name.field { color: var(--ink); font-weight: 600; }
.f0 { background: var(--a) !important; } .f1 { background: var(--b) !important; }
.f2 { background: var(--c) !important; } .f3 { background: var(--d) !important; }
/* Lanes: widths in proportion to their bits. */
.lanes { display: grid; grid-template-columns: 6.5rem 1fr; gap: .3rem .8rem; align-items: center;
  min-width: 34rem; }
.lanes .row { display: flex; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.lanes .lane { flex: 1 1 0; text-align: center; padding: .22rem 0; font-size: .8rem;
  border-left: 1px solid var(--line); white-space: nowrap; overflow: hidden; }
.lanes .lane:first-child { border-left: 0; }
.lanes .lane.idle { color: var(--soft); background: var(--fixed); }
.lanes .label { text-align: right; color: var(--soft); font-size: .88rem; }
input[type=search] { width: 100%; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; padding: .55rem .8rem; margin: .8rem 0 .2rem; }
.hidden { display: none; }
"""

SCRIPT = """
const box = document.querySelector('input[type=search]');
const rows = [...document.querySelectorAll('[data-find]')];
const all = document.querySelector('#all');
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  all.classList.toggle('hidden', words.length === 0);
  for (const row of rows) row.classList.toggle('hidden', !words.every(w => row.dataset.find.includes(w)));
});
"""
