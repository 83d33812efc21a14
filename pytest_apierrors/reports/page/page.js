"use strict";
(() => {
  const STEP = 50;
  const SEVERITIES = ["error", "warning", "note"];
  const FILTERS = ["provider", "evidence", "outcome", "severity", "rule", "entry"];
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  // Everything that is shown passes here: text becomes text nodes, never markup.
  const el = (name, attributes, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) {
        node.setAttribute(key, value === true ? "" : value);
      }
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined) node.append(child);
    }
    return node;
  };

  const entries = new Map();
  for (const provider of data.providers) {
    entries.set(provider.name, new Map(provider.entries.map((entry) => [entry.key, entry])));
  }
  const entryOf = (provider, key) => (entries.get(provider) || new Map()).get(key) || null;
  for (const record of data.records) {
    record.found = record.violations.map((number) => {
      const [rule, severity, where, documented, found, accepted] = data.findings[number];
      return { rule, severity, where, documented, found, accepted };
    });
    record.worst = SEVERITIES.find((one) => record.found.some((v) => v.severity === one)) || "fine";
  }
  const positions = new Map(data.records.map((record, number) => [record.id, number]));

  // ---- what is chosen, and its place in the address ----
  const empty = () => ({ q: "", untested: false, finding: "",
    ...Object.fromEntries(FILTERS.map((name) => [name, ""])) });
  let state = empty();
  let limit = STEP;

  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const next = empty();
    for (const name of [...FILTERS, "q", "finding"]) next[name] = given.get(name) || "";
    next.untested = given.get("untested") === "1";
    return next;
  };
  const hashOf = (of) => {
    const told = new URLSearchParams();
    for (const name of [...FILTERS, "q", "finding"]) if (of[name]) told.set(name, of[name]);
    if (of.untested) told.set("untested", "1");
    return told.toString();
  };
  const write = () => {
    const hash = hashOf(state);
    // Where a page may not touch its history, the filters work all the same.
    try {
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    } catch { /* as said */ }
  };

  // ---- which responses fit ----
  const haystack = (record) => {
    if (record.text === undefined) {
      const shown = record.exchange === null ? null : data.exchanges[record.exchange];
      const parts = [record.provider, record.status, record.says, record.entry, record.code,
        record.place, record.test, record.method, record.url, record.outcome, record.evidence];
      for (const one of record.found) {
        parts.push(one.rule, one.where, one.documented, one.found, one.accepted);
      }
      if (shown !== null) parts.push(...shown.body, ...(shown.headers || []).flat());
      record.text = parts.filter((part) => part !== null).join("\n").toLowerCase();
    }
    return record.text;
  };
  const fits = (record, words) => {
    for (const name of ["provider", "evidence", "outcome", "entry"]) {
      if (state[name] && record[name] !== state[name]) return false;
    }
    if (state.severity === "fine" ? record.found.length : state.severity || state.rule) {
      const held = record.found.some((one) =>
        (!state.severity || one.severity === state.severity) &&
        (!state.rule || one.rule === state.rule));
      if (!held) return false;
    }
    if (state.severity === "fine" && state.rule) return false;
    return words.every((word) => haystack(record).includes(word));
  };

  // ---- one response ----
  const badge = (severity, text) => el("span", { class: `badge ${severity}` }, text || severity);
  const sourceLine = (source) => {
    const parts = [el("b", null, source.id)];
    if (source.about) parts.push(` ${source.about} `);
    if (source.url) {
      const safe = source.link && /^https?:\/\//i.test(source.url);
      parts.push(safe ? el("a", { href: source.url, rel: "noopener noreferrer" }, source.url)
        : el("span", null, source.url));
    }
    if (source.note) parts.push(el("small", null, ` ${source.note}`));
    return parts;
  };
  const entryParts = (entry) => {
    const facts = el("dl", { class: "facts" });
    for (const [label, text] of entry.facts) facts.append(el("dt", null, label), el("dd", null, text));
    const parts = [facts, el("h4", null, `Example (${entry.example.kind})`)];
    if (entry.example.lines.length) parts.push(el("pre", null, entry.example.lines.join("\n")));
    parts.push(el("h4", null, "Sources"), el("ul", { class: "sources" },
      entry.sources.map((source) => el("li", null, sourceLine(source)))));
    if (entry.claims.length) {
      parts.push(el("h4", null, "Claims"), el("ul", { class: "claims" },
        entry.claims.map((claim) => el("li", { class: claim.rejected ? "rejected" : null },
          `${claim.fact}: `, el("code", null, claim.value), " ",
          el("span", { class: "state" }, claim.state), " ",
          el("small", null, `${claim.source.id}${claim.source.about ? `, ${claim.source.about}` : ""}`)))));
    }
    return parts;
  };
  const exchange = (record) => {
    const pre = el("pre", { class: "exchange" });
    const asked = [record.method, record.url].filter((one) => one !== null).join(" ");
    if (asked) pre.append(el("span", { class: "line" }, asked));
    pre.append(el("span", { class: "line" }, `HTTP ${record.status}`));
    const shown = record.exchange === null ? null : data.exchanges[record.exchange];
    if (shown === null) {
      pre.append("headers and body were not kept");
      return pre;
    }
    if (shown.headers === null) pre.append("headers are not known\n");
    for (const [name, value] of shown.headers || []) {
      pre.append(el("span", { class: "name" }, `${name}: `), `${value}\n`);
    }
    pre.append("\n", shown.body.join("\n"));
    return pre;
  };
  const later = (title, make) => {
    const details = el("details", null, el("summary", null, title));
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(make());
    });
    return details;
  };
  const violation = (one) => el("li", { class: `violation ${one.severity}` },
    el("p", null, badge(one.severity), " ", el("code", null, one.rule), " ",
      el("code", { class: "where" }, one.where)),
    el("dl", { class: "diff" },
      el("div", null, el("dt", null, "documented"), el("dd", null, one.documented)),
      el("div", null, el("dt", null, "found"), el("dd", null, one.found))),
    one.accepted === null ? null : el("p", { class: "accepted" }, one.accepted));
  const card = (record) => {
    const entry = record.entry === null ? null : entryOf(record.provider, record.entry);
    const asked = record.url === null && record.method === null ? null
      : el("p", { class: "url" }, el("b", null, record.method || ""), ` ${record.url || ""}`);
    const test = record.evidence === "recorded" ? null : record.test;
    const more = el("div", { class: "more" }, later("Exchange", () => exchange(record)));
    if (entry !== null) {
      more.append(later(`What ${record.provider} documents for ${record.entry}`,
        () => el("div", { class: "said" }, entryParts(entry))));
    }
    return el("article", { class: `finding ${record.worst}`, id: `f-${record.id}`,
      "aria-labelledby": `t-${record.id}` },
      el("header", null, badge(record.worst, record.worst === "fine" ? "as documented" : null),
        el("h3", { id: `t-${record.id}`, tabindex: "-1" },
          `${record.provider} ${record.status}: ${record.says}`)),
      asked,
      el("p", { class: "place" }, `${record.evidence} \u00b7 ${record.place}`,
        test === null ? null : ` \u00b7 ${test}`,
        el("a", { class: "permalink", href: `#finding=${record.id}`,
          "aria-label": `link to this response, ${record.place}` }, "link")),
      record.found.length ? el("ol", null, record.found.map(violation)) : null,
      more);
  };

  // ---- the list ----
  const list = byId("list");
  const cards = el("div", null);
  const status = el("p", { class: "count", role: "status" });
  const paging = el("div", { class: "paging" });
  let fitting = [];

  const button = (text, act, attributes) => {
    const node = el("button", { type: "button", ...attributes }, text);
    node.addEventListener("click", act);
    return node;
  };
  const extend = (to) => {
    const first = cards.children.length;
    limit = Math.min(to, fitting.length);
    const more = document.createDocumentFragment();
    for (const record of fitting.slice(first, limit)) more.append(card(record));
    cards.append(more);
    const left = fitting.length - limit;
    const next = Math.min(STEP, left);
    paging.replaceChildren(...left <= 0 ? [] : [button(`Show ${next} more of ${left}`, () => {
      const from = cards.children.length;
      extend(from + STEP);
      cards.children[from].querySelector("h3").focus();
    }, { id: "more" })]);
  };
  const show = () => {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    fitting = data.records.filter((record) => fits(record, words));
    cards.replaceChildren();
    extend(STEP);
    const total = data.records.length;
    status.textContent = fitting.length === total ? count(total, "response")
      : `${fitting.length} of ${count(total, "response")}`;
    if (!fitting.length) {
      cards.append(el("p", { class: "empty" },
        "No response fits these filters. ", button("Clear filters", clear)));
    }
  };

  // ---- the matrix ----
  const rows = [...document.querySelectorAll(".matrix tbody tr")].map((node) => ({ node,
    section: node.closest(".provider"), provider: node.closest(".provider").dataset.provider,
    entry: node.dataset.entry, untested: node.classList.contains("untested") }));
  const showRows = () => {
    const left = new Map();
    for (const row of rows) {
      row.node.hidden = state.untested && !row.untested;
      if (row.about) row.about.hidden = row.node.hidden || !row.open;
      left.set(row.section, (left.get(row.section) || 0) + !row.node.hidden);
    }
    for (const [section, number] of left) {
      section.hidden = Boolean(state.provider) && section.dataset.provider !== state.provider;
      section.querySelector(".tested").hidden = number > 0;
      section.querySelector("table").hidden = number === 0;
    }
  };
  const toggled = (row, opener, entry) => {
    row.open = !row.open;
    opener.setAttribute("aria-expanded", String(row.open));
    if (!row.about) {
      row.about = el("tr", null, el("td", { class: "about", colspan: data.evidence.length + 1 },
        entryParts(entry)));
      row.node.after(row.about);
    }
    row.about.hidden = !row.open;
  };
  const dress = () => {
    const kept = new Map();
    for (const record of data.records) {
      const key = JSON.stringify([record.provider, record.entry, record.evidence]);
      kept.set(key, (kept.get(key) || 0) + 1);
    }
    for (const section of new Set(rows.map((row) => row.section))) {
      section.append(el("p", { class: "empty tested", hidden: true },
        "Every documented error was exercised."));
    }
    for (const row of rows) {
      const entry = entryOf(row.provider, row.entry);
      if (entry !== null) {
        const key = row.node.querySelector(".key");
        const opener = el("button", { type: "button", "aria-expanded": "false", class: "key" },
          row.entry);
        opener.addEventListener("click", () => toggled(row, opener, entry));
        key.replaceWith(opener);
      }
      for (const cell of row.node.querySelectorAll("td[data-kind]")) {
        const kind = cell.dataset.kind;
        const number = kept.get(JSON.stringify([row.provider, row.entry, kind]));
        if (!number) continue;
        const label = `${row.entry}: ${cell.textContent} ${kind}, show them`;
        cell.replaceChildren(button(cell.textContent, () => choose({ ...empty(),
          untested: state.untested, provider: row.provider, entry: row.entry, evidence: kind },
        true), { "aria-label": label }));
      }
    }
  };

  // ---- the controls ----
  const controls = new Map();
  const options = (name) => {
    const numbers = new Map();
    const add = (value) => value && numbers.set(value, (numbers.get(value) || 0) + 1);
    for (const record of data.records) {
      if (name === "rule" || name === "severity") {
        for (const value of new Set(record.found.map((one) => one[name]))) add(value);
        if (name === "severity" && !record.found.length) add("fine");
      } else {
        add(record[name]);
      }
    }
    if (name === "provider") for (const row of rows) if (!numbers.has(row.provider)) numbers.set(row.provider, 0);
    const order = name === "severity" ? [...SEVERITIES, "fine"]
      : name === "evidence" ? data.evidence : [...numbers.keys()].sort();
    return order.filter((value) => numbers.has(value)).map((value) => [value,
      `${value === "fine" ? "none" : value} (${numbers.get(value)})`]);
  };
  const control = (name) => {
    const known = options(name);
    const select = el("select", { id: `filter-${name}`, name },
      el("option", { value: "" }, name === "severity" ? "any" : "all"),
      known.map(([value, label]) => el("option", { value }, label)));
    select.addEventListener("change", () => choose({ ...state, finding: "", [name]: select.value }));
    controls.set(name, select);
    return el("label", known.length < 2 && name !== "entry" ? { hidden: true } : null, name, select);
  };
  const search = el("input", { type: "search", id: "filter-q", placeholder: "place, code, text",
    autocomplete: "off", spellcheck: "false" });
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => choose({ ...state, finding: "", q: search.value }), 120);
  });
  const untested = el("input", { type: "checkbox", id: "filter-untested" });
  untested.addEventListener("change", () => choose({ ...state, untested: untested.checked }));
  const clearing = button("Clear filters", () => clear());
  const clear = () => {
    choose(empty());
    search.focus();
  };
  const showControls = () => {
    for (const [name, select] of controls) {
      select.value = state[name];
      if (select.value !== state[name]) {  // an address may name what this run does not have
        select.append(el("option", { value: state[name] }, `${state[name]} (0)`));
        select.value = state[name];
      }
      select.classList.toggle("set", Boolean(state[name]));
      if (state[name]) select.parentElement.hidden = false;
    }
    if (search.value !== state.q) search.value = state.q;
    search.classList.toggle("set", Boolean(state.q));
    untested.checked = state.untested;
    clearing.hidden = !(state.q || state.untested || FILTERS.some((name) => state[name]));
  };

  // ---- changes ----
  const reveal = (id) => {
    byId(id).scrollIntoView({ block: "start" });
    byId(`${id}-title`).focus({ preventScroll: true });
  };
  const update = () => {
    showControls();
    showRows();
    if (data.records.length) show();
  };
  const choose = (next, jump) => {
    clearTimeout(waiting);
    state = next;
    write();
    update();
    if (jump) reveal("findings");
  };
  const target = () => {
    const number = positions.get(state.finding);
    const at = number === undefined ? -1 : fitting.indexOf(data.records[number]);
    if (at < 0) return;
    extend(Math.max(limit, at + STEP));
    const found = byId(`f-${state.finding}`);
    found.classList.add("target");
    for (const details of found.querySelectorAll("details")) details.open = true;
    found.scrollIntoView({ block: "start" });
    found.querySelector("h3").focus({ preventScroll: true });
  };
  const follow = () => {
    if (location.hash && !location.hash.includes("=")) return;  // an ordinary place of the page
    state = read();
    update();
    if (state.finding) target();
    else if (state.untested && !FILTERS.some((name) => state[name])) reveal("errors");
    else if (location.hash) reveal("findings");
  };
  addEventListener("hashchange", follow);
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
  });

  if (rows.length) {
    dress();
    byId("errors-title").after(el("div", { class: "bar" }, el("label", { class: "check" },
      untested, "only untested errors")));
  }
  if (data.records.length) {
    for (const name of [byId("findings-title"), document.querySelector('nav [href="#findings"]')]) {
      name.textContent = "Responses";
    }
    byId("findings-title").after(el("form", { class: "bar", role: "search",
      "aria-label": "filters" }, el("label", { class: "search" }, "search", search),
    FILTERS.map(control), clearing));
    document.querySelector("form.bar").addEventListener("submit", (event) => event.preventDefault());
    list.replaceChildren(status, cards, paging);
  }
  follow();
})();
