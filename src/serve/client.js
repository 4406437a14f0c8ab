(function () {
  "use strict";
  var script = document.currentScript, data = script.dataset, base = data.base;
  var key = "carafe-view:" + location.pathname, panel;

  // A reload keeps what the reader sees: the place, the open tabs and sections, each by its name.
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function sections(use) {
    var count = {};
    all("details").forEach(function (section) {
      var name = section.id || (section.querySelector("summary") || section).textContent.trim();
      count[name] = (count[name] || 0) + 1;
      use(section, name + " " + count[name]);
    });
  }
  function keep() {
    var tabs = all('[role="tab"][aria-selected="true"]').map(function (tab) { return tab.id; }), open = {};
    sections(function (section, name) { open[name] = section.open; });
    try { sessionStorage.setItem(key, JSON.stringify({ x: scrollX, y: scrollY, tabs: tabs, open: open })); } catch (e) { /* no storage */ }
  }
  function restore() {
    var view;
    try { view = JSON.parse(sessionStorage.getItem(key)); sessionStorage.removeItem(key); } catch (e) { /* no storage */ }
    if (!view) return;
    view.tabs.forEach(function (id) {
      var tab = id && document.getElementById(id);
      if (tab && tab.getAttribute("aria-selected") !== "true") tab.dispatchEvent(new Event("carafe-show"));
    });
    sections(function (section, name) { if (name in view.open) section.open = view.open[name]; });
    scrollTo({ left: view.x, top: view.y, behavior: "instant" });
  }
  function reload() { keep(); location.reload(); }

  function overlay(html) {
    if (!html) { if (panel) panel.remove(); panel = null; return; }
    if (!panel) {
      panel = document.createElement("div");
      panel.id = "carafe-overlay";
      panel.attachShadow({ mode: "open" });
      document.documentElement.appendChild(panel);
    }
    panel.shadowRoot.innerHTML = "<style>:host{all:initial}details{position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:60vh;overflow:auto;" +
      "background:#1d1b22;color:#f4f1fa;font:13px/1.5 ui-monospace,monospace;border-top:3px solid #c33}summary{padding:.6em 1em;cursor:pointer;font-weight:bold}" +
      "details:not([open]){right:auto;border-top:0;border-right:3px solid #c90;background:#3a2f10}pre,p{margin:0;padding:0 1em 1em;white-space:pre-wrap}a{color:inherit}</style>" + html;
  }

  // A style sheet is taken anew in place; the old one goes when the new one is there.
  function restyle(path) {
    var found = false;
    dispatchEvent(new CustomEvent("carafe-css"));
    all('link[rel~="stylesheet"]').forEach(function (link) {
      if (new URL(link.href).pathname !== encodeURI(base + "/" + path)) return;
      found = true;
      var next = link.cloneNode();
      next.href = link.href.split("?")[0] + "?" + Date.now();
      next.onload = next.onerror = function () { link.remove(); };
      link.after(next);
    });
    // It may be imported by another one.
    if (!found) all('link[rel~="stylesheet"]').forEach(function (link) { link.href = link.href.split("?")[0] + "?" + Date.now(); });
  }

  // Alt+I: where does this text come from? The server marks the page, and another script shows it.
  function asksForSources() { return /(^|;\s*)carafe-sources=1\s*(;|$)/.test(document.cookie); }
  function askForSources(wanted) {
    document.cookie = "carafe-sources=1; SameSite=Lax; path=" + encodeURI(base) + "/" + (wanted ? "" : "; max-age=0");
    reload();
  }
  addEventListener("keydown", function (event) {
    var plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.isComposing;
    if (event.code === "KeyI" && event.altKey && plain && !event.repeat) { event.preventDefault(); askForSources(!asksForSources()); }
  });
  if (asksForSources()) {
    var popup = document.createElement("script");
    popup.src = base + "/__carafe/sources.js";
    popup.onload = function () { window.carafeSources(function () { askForSources(false); }); };
    document.head.appendChild(popup);
  }

  if (document.readyState === "complete") restore(); else addEventListener("load", restore);

  // The server tells what has changed since it answered this page. When it has gone, it is asked again: it may come back.
  var socket, waiting;
  function follow() {
    clearTimeout(waiting);
    var query = "?page=" + encodeURIComponent(data.page) + "&seen=" + data.seen + "&state=" + data.state;
    socket = new WebSocket(location.origin.replace(/^http/, "ws") + base + "/__carafe/events" + query);
    socket.onopen = function () { document.documentElement.dataset.carafe = "following"; };
    socket.onmessage = function (event) {
      var told = JSON.parse(event.data);
      if (told.reload) reload();
      if (told.css) restyle(told.css);
      if (told.later) dispatchEvent(new CustomEvent("carafe-later", { detail: told.later }));
      if ("overlay" in told) overlay(told.overlay);
    };
    socket.onclose = function () {
      delete document.documentElement.dataset.carafe;
      waiting = setTimeout(follow, 1000);
    };
  }
  follow();
  addEventListener("pagehide", function () {
    clearTimeout(waiting);
    socket.onclose = null;
    socket.close();
  });
  // A page that the browser has kept while another was shown.
  addEventListener("pageshow", function (event) { if (event.persisted) follow(); });
})();
