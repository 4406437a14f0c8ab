// Shows which file and line wrote the block under the mouse. `end` leaves the mode.
window.carafeSources = function (end) {
  "use strict";
  var mark = "data-carafe-source", places = [], mouse = null, shown = null;
  var data = document.getElementById("carafe-places");
  try { places = JSON.parse(data.textContent); } catch (e) { /* nothing is marked */ }

  // Apart from the page: its styles do not reach in, and ours not out.
  var host = document.createElement("div");
  host.id = "carafe-sources";
  var root = host.attachShadow({ mode: "open" });
  root.innerHTML = "<style>:host{all:initial}" +
    "#frame,#popup,#mode{position:fixed;z-index:2147483646;pointer-events:none;box-sizing:border-box}" +
    "#frame{border:2px solid #d6336c;border-radius:4px;background:rgb(214 51 108/.06)}" +
    "#popup,#mode{background:#1d1b22;color:#f4f1fa;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;" +
    "border:1px solid #5b5566;border-radius:6px;box-shadow:0 4px 16px rgb(0 0 0/.3);overflow-wrap:anywhere}" +
    "#popup{padding:6px 10px;max-width:min(44em,100vw - 16px)}#popup div+div.at{margin-top:4px;padding-top:4px;border-top:1px solid #5b5566}" +
    ".at{font-weight:bold}.call{color:#c9c2d6;padding-left:1em}" +
    "#mode{left:8px;bottom:8px;padding:4px 10px;color:#c9c2d6}kbd{font:inherit;color:#f4f1fa;font-weight:bold}" +
    "[hidden]{display:none}@media print{:host{display:none}}</style>" +
    "<div id=frame hidden></div><div id=popup role=status hidden></div><div id=mode></div>";
  var frame = root.getElementById("frame"), popup = root.getElementById("popup"), mode = root.getElementById("mode");
  mode.innerHTML = data ? "Sources: point at a text, or <kbd>Alt+\u2193</kbd> <kbd>Alt+\u2191</kbd>. <kbd>Esc</kbd> ends."
    : "Nothing on this page tells its source now. <kbd>Esc</kbd> ends.";
  document.documentElement.appendChild(host);

  function line(className, text) {
    var div = document.createElement("div");
    div.className = className;
    div.textContent = text;
    popup.appendChild(div);
  }
  function fill(block) {
    popup.textContent = "";
    (places[block.getAttribute(mark)] || []).forEach(function (place) {
      line("at", place.at);
      place.calls.forEach(function (call) { line("call", "included at " + call); });
    });
  }
  // Above the block, so that its text stays readable; below it where there is no room; else in its upper corner.
  function put() {
    var box = shown && shown.getBoundingClientRect();
    frame.hidden = popup.hidden = !box || !popup.firstChild || box.bottom < 0 || box.top > innerHeight || !box.width;
    if (frame.hidden) return;
    frame.style.cssText = "left:" + (box.left - 4) + "px;top:" + (box.top - 4) + "px;width:" + (box.width + 8) + "px;height:" + (box.height + 8) + "px";
    var own = popup.getBoundingClientRect(), gap = 8;
    var top = box.top - own.height - gap;
    if (top < 4) top = box.bottom + gap;
    if (top + own.height > innerHeight - 4) top = Math.max(4, box.top + gap);
    var left = Math.max(8, Math.min(box.left - 4, innerWidth - own.width - 8));
    popup.style.cssText = "left:" + left + "px;top:" + top + "px";
  }
  function show(block) {
    if (block !== shown) { shown = block; if (block) fill(block); }
    // Who has found a block knows how; what is left of the hint covers less of the page.
    if (block) mode.innerHTML = "Sources <kbd>Esc</kbd>";
    put();
  }
  function under(element) { return element && element.closest ? element.closest("[" + mark + "]") : null; }
  function step(by) {
    var all = Array.prototype.filter.call(document.querySelectorAll("[" + mark + "]"), function (block) {
      return block.checkVisibility ? block.checkVisibility({ contentVisibilityAuto: true }) && block.offsetHeight : block.offsetHeight;
    });
    var at = all.indexOf(shown);
    var next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (!next) return;
    mouse = null;
    next.scrollIntoView({ block: "nearest" });
    show(next);
  }

  addEventListener("mousemove", function (event) { mouse = event; show(under(event.target)); });
  addEventListener("focusin", function (event) { if (under(event.target)) { mouse = null; show(under(event.target)); } });
  addEventListener("scroll", function () {
    if (mouse) show(under(document.elementFromPoint(mouse.clientX, mouse.clientY))); else put();
  }, { capture: true, passive: true });
  addEventListener("resize", put);
  addEventListener("keydown", function (event) {
    var arrow = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    // Escape closes what is open above the page first.
    if (event.key === "Escape") { if (!document.querySelector("dialog[open]")) end(); }
    else if (arrow && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); step(arrow); }
  }, true);
  host.dataset.ready = "";
};
