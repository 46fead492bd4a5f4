// The status page. Whatever the API tells comes to the page as text, never as HTML: routes are named by users.
"use strict";
(() => {
  const PACE_MILLIS = 2000;        // one poll, while the tab is to be seen
  const SLOW_POLLS = 5;            // routes and sockets by route are asked for with each fifth
  const LIMIT_MILLIS = 15000;      // for one answer
  const POINTS = 150;              // five minutes
  const FEWEST_POINTS = 30;        // what a chart is wide at the beginning
  const MOST_ROWS = 200;
  const KEY = "jove-token";
  const SVG = "http://www.w3.org/2000/svg";

  const $ = (id) => document.getElementById(id);
  let token = sessionStorage.getItem(KEY) || "";
  let timer = 0;
  let isPolling = false;
  let polls = 0;
  let before = null;               // the status of the last poll
  let routes = [];                 // {route, target, activity, text}
  let sockets = new Map();         // by route

  // ---- the API ----

  class Refused extends Error {}

  async function ask(path) {
    const headers = {Accept: "application/json"};
    if (token) headers.Authorization = "token " + token;
    const answer = await fetch(path, {
      headers, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(LIMIT_MILLIS),
    });
    if (answer.status === 401 || answer.status === 403) throw new Refused();
    if (!answer.ok) throw new Error(path + " answers " + answer.status);
    return answer.json();
  }

  async function poll() {
    clearTimeout(timer);
    if (isPolling || document.hidden) return;
    isPolling = true;
    try {
      const status = await ask("api/status");
      if (polls % SLOW_POLLS === 0) {
        // With this parameter a listing does not count as the hub's, which would confirm restored routes.
        const table = await ask("api/routes?state");
        const summary = await ask("api/connections?summary=json");
        sockets = new Map(Object.entries(summary.routes));
        takeRoutes(table);
      }
      polls++;
      $("sign-in").hidden = true;
      $("content").hidden = false;
      $("forget").hidden = !token;
      show(status);
      tell("Updated " + clock(status.time), false);
      timer = setTimeout(poll, PACE_MILLIS);
    } catch (problem) {
      if (problem instanceof Refused) {
        askForToken(token ? "This token is not valid." : "A token is needed.");
      } else {
        tell("No answer: " + problem.message, true);
        timer = setTimeout(poll, PACE_MILLIS);
      }
    } finally {
      isPolling = false;
    }
  }

  function askForToken(why) {
    clearTimeout(timer);
    token = "";
    sessionStorage.removeItem(KEY);
    before = null;
    polls = 0;
    charts.forEach((chart) => chart.clear());
    routes = [];
    showRoutes();
    $("content").hidden = true;
    $("forget").hidden = true;
    $("sign-in").hidden = false;
    tell(why, false);
    $("token").focus();
  }

  function tell(text, isBad) {
    // A reader should not hear of each poll: only what is new is said.
    $("state").setAttribute("aria-live", isBad ? "polite" : "off");
    $("state").classList.toggle("bad", isBad);
    $("state").textContent = text;
  }

  // ---- words and numbers ----

  const words = (label) => label.replaceAll("_", " ");
  const whole = (number) => Math.round(number).toLocaleString("en");
  const clock = (time) => new Date(time).toLocaleTimeString();

  function bytes(number) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let left = number, unit = 0;
    while (left >= 1024 && unit < units.length - 1) { left /= 1024; unit++; }
    return (unit > 0 && left < 10 ? left.toFixed(1) : Math.round(left)) + " " + units[unit];
  }

  function rate(number) {
    return number > 0 && number < 10 ? number.toFixed(1) : whole(number);
  }

  function duration(millis) {
    const seconds = Math.max(0, Math.floor(millis / 1000));
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min";
    if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + Math.floor(seconds / 60) % 60 + " min";
    return Math.floor(seconds / 86400) + " d " + Math.floor(seconds / 3600) % 24 + " h";
  }

  // ---- elements ----

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function row(heading, ...cells) {
    const made = element("tr");
    const first = element("th", heading);
    first.scope = "row";
    made.append(first, ...cells);
    return made;
  }

  const number = (text) => element("td", text, "number");

  class Chart {
    constructor(name, keys, format) {
      this.name = name;
      this.format = format;
      this.values = keys.map(() => []);
      this.now = element("strong");
      const caption = element("figcaption", name);
      keys.forEach((key, i) => {
        if (keys.length > 1) caption.append(i ? ", " : ": ", element("span", key, i ? "key-two" : "key-one"));
      });
      caption.append(this.now);
      this.svg = document.createElementNS(SVG, "svg");
      this.svg.setAttribute("viewBox", "0 0 " + (POINTS - 1) + " 40");
      this.svg.setAttribute("preserveAspectRatio", "none");
      this.svg.setAttribute("role", "img");
      const axis = document.createElementNS(SVG, "line");
      for (const [key, value] of [["x1", 0], ["y1", 39.5], ["x2", POINTS - 1], ["y2", 39.5], ["class", "axis"]]) axis.setAttribute(key, value);
      this.svg.append(axis);
      this.lines = keys.map((_, i) => {
        const line = document.createElementNS(SVG, "polyline");
        line.setAttribute("class", i ? "two" : "one");
        this.svg.append(line);
        return line;
      });
      const figure = element("figure");
      figure.append(caption, this.svg);
      $("charts").append(figure);
    }

    add(...values) {
      values.forEach((value, i) => {
        this.values[i].push(value);
        if (this.values[i].length > POINTS) this.values[i].shift();
      });
      const most = Math.max(1, ...this.values.flat());
      this.lines.forEach((line, i) => {
        const count = this.values[i].length;
        const step = (POINTS - 1) / (Math.max(FEWEST_POINTS, count) - 1);
        line.setAttribute("points", this.values[i].map(
          (v, at) => (POINTS - 1 - (count - 1 - at) * step).toFixed(1) + "," + (39 - 37 * v / most).toFixed(1)).join(" "));
      });
      const text = values.map(this.format).join(" / ");
      this.now.textContent = text;
      this.svg.setAttribute("aria-label", this.name + ": now " + text + ", at most " + this.format(most) + " in up to five minutes");
    }

    clear() {
      this.values = this.values.map(() => []);
      this.lines.forEach((line) => line.removeAttribute("points"));
      this.now.textContent = "";
    }
  }

  const perSecond = (format) => (value) => format(value) + "/s";
  const charts = [
    new Chart("To clients", ["sent", "received"], perSecond(bytes)),
    new Chart("Sockets", ["clients", "targets"], whole),
    new Chart("New sockets", ["clients", "targets"], perSecond(rate)),
    new Chart("Memory", ["resident", "heap"], bytes),
  ];

  // ---- what is shown ----

  function show(status) {
    $("facts").textContent = status.version + ", up for " + duration(status.uptime_ms) + ", " + status.event_loops + " event loops";
    // After a restart counters begin anew: there is no rate across it.
    const last = before && before.started === status.started ? before : null;
    const seconds = last ? Math.max(0.001, (status.uptime_ms - last.uptime_ms) / 1000) : 1;
    const roles = status.totals.by_role;
    const change = (role, field) => last ? Math.max(0, roles[role][field] - last.totals.by_role[role][field]) / seconds : 0;
    charts[0].add(change("client", "bytes_out"), change("client", "bytes_in"));
    charts[1].add(roles.client.open, roles.upstream.open);
    charts[2].add(change("client", "opened"), change("upstream", "opened"));
    charts[3].add(status.memory.resident || 0, status.memory.heap_used);
    showLimits(status);
    showHealth(status);
    showSockets(status);
    showEnds(status, last, seconds);
    showReplicas(status.replicas);
    before = status;
  }

  function showLimits(status) {
    const limits = Object.entries(status.bounds).map(([label, bound]) => [words(label), bound, label.includes("bytes") ? bytes : whole]);
    limits.push(["heap", {used: status.memory.heap_used, limit: status.memory.heap_limit}, bytes]);
    $("limits").replaceChildren(...limits.map(([label, bound, format]) => {
      const meter = element("meter");
      meter.max = Math.max(1, bound.limit);
      meter.high = meter.max * 0.8;
      meter.optimum = 0;
      meter.value = bound.used;
      meter.setAttribute("aria-label", label);
      const share = element("td");
      share.append(meter);
      return row(label, number(format(bound.used)), number(format(bound.limit)), share);
    }));
  }

  function showHealth(status) {
    const store = status.store;
    const parts = [
      ["Routes", whole(status.routes.count) + (status.routes.unconfirmed ? ", " + whole(status.routes.unconfirmed) + " not confirmed by the hub" : ""), ""],
      ["Kept in", store.kind + ", " + (store.working ? "working" : "not working: " + store.detail) + (store.has_routes ? "" : ", has not all routes yet"), store.working && store.has_routes ? "good" : "bad"],
      ["Hub", status.routes.table_read ? "read the routes " + duration(Date.parse(status.time) - Date.parse(status.routes.table_read)) + " ago" : "has not read the routes yet", ""],
      ["Left alone", status.targets_left_alone ? whole(status.targets_left_alone) + " targets accept no connections" : "no target", status.targets_left_alone ? "bad" : ""],
    ];
    if (store.silence_ms !== null) parts.push(["Store heard of", duration(store.silence_ms) + " ago", ""]);
    $("health").replaceChildren(...parts.flatMap(([name, text, className]) => [element("dt", name), element("dd", text, className)]));
  }

  function showSockets(status) {
    const roles = Object.keys(status.open).filter((role) => Object.keys(status.open[role]).length);
    const phases = Object.keys(status.totals.open_by_phase).filter((phase) => roles.some((role) => status.open[role][phase]));
    const head = element("tr");
    for (const [text, className] of [["Phase", ""], ...roles.map((role) => [words(role), "number"])]) {
      const cell = element("th", text, className);
      cell.scope = "col";
      head.append(cell);
    }
    $("phases-head").replaceChildren(head);
    $("phases").replaceChildren(
      ...phases.map((phase) => row(words(phase), ...roles.map((role) => number(whole(status.open[role][phase] || 0))))),
      row("all", ...roles.map((role) => number(whole(status.totals.by_role[role].open)))));
  }

  function showEnds(status, last, seconds) {
    const ends = Object.entries(status.totals.closed_by_reason).filter(([, count]) => count);
    $("ends").replaceChildren(...ends.map(([reason, count]) => {
      const change = last ? (count - last.totals.closed_by_reason[reason]) / seconds : 0;
      return row(words(reason), number(whole(count)), number(rate(Math.max(0, change))));
    }));
  }

  function showReplicas(replicas) {
    $("replicas-section").hidden = replicas.length === 0;
    $("replicas").replaceChildren(...replicas.map((replica) => row(
      replica.address + (replica.self ? " (this one)" : ""),
      element("td", replica.ready ? "yes" : "no", replica.ready ? "" : "bad"),
      number(whole(replica.lag)),
      element("td", replica.version))));
  }

  // ---- routes ----

  function takeRoutes(table) {
    routes = Object.entries(table).map(([route, data]) => ({
      route,
      target: String(data.target),
      activity: Date.parse(data.last_activity),
      text: (route + " " + data.target).toLowerCase(),
    }));
    showRoutes();
  }

  const ORDERS = {
    route: (a, b) => a.route < b.route ? -1 : 1,
    sockets: (a, b) => (sockets.get(b.route) || 0) - (sockets.get(a.route) || 0),
    newest: (a, b) => b.activity - a.activity,
    oldest: (a, b) => a.activity - b.activity,
  };

  function showRoutes() {
    const wanted = $("search").value.trim().toLowerCase();
    const found = wanted ? routes.filter((route) => route.text.includes(wanted)) : routes.slice();
    found.sort(ORDERS[$("order").value]);
    const shown = found.slice(0, MOST_ROWS);
    const now = Date.now();
    $("routes").replaceChildren(...shown.map((route) => row(
      route.route,
      element("td", route.target),
      number(duration(now - route.activity) + " ago"),
      number(whole(sockets.get(route.route) || 0)))));
    $("routes-count").textContent = whole(found.length) + " of " + whole(routes.length) + " routes"
      + (found.length > shown.length ? ", the first " + whole(shown.length) + " are shown" : "");
  }

  // ---- what people do ----

  $("search").addEventListener("input", showRoutes);
  $("order").addEventListener("change", showRoutes);
  $("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    token = $("token").value.trim();
    $("token").value = "";
    if (!/^[\x21-\x7e]+$/.test(token)) {
      askForToken("A token has no spaces, and no letters but those of ASCII.");
      return;
    }
    sessionStorage.setItem(KEY, token);
    tell("Loading …", false);
    poll();
  });
  $("forget").addEventListener("click", () => askForToken("The token is forgotten."));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if ($("sign-in").hidden) poll();
  });
  poll();
})();
