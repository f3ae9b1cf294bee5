/* SPDX-License-Identifier: Apache-2.0 */
"use strict";
/* Everything here is for convenience: the page says the same without it. */
(function () {
  var each = function (root, what, run) {
    Array.prototype.forEach.call(root.querySelectorAll(what), run);
  };
  var plain = function (node) {
    return node.textContent.replace(/\s+/g, " ").trim().toLowerCase();
  };

  /* tables */
  var keyOf = function (row, column) {
    var cell = row.cells[column], key = cell ? cell.getAttribute("data-k") : "";
    if (key === null) key = plain(cell);
    var number = key === "" ? NaN : Number(key.replace(/,/g, ""));
    return isNaN(number) ? key : number;
  };
  var compare = function (a, b) {
    if (typeof a !== typeof b) return typeof a === "number" ? 1 : -1;
    return a < b ? -1 : a > b ? 1 : 0;
  };
  var sort = function (head) {
    var table = head.closest("table"), body = table.tBodies[0], column = head.cellIndex;
    var was = head.getAttribute("aria-sort");
    var down = was ? was === "ascending" : head.classList.contains("num");
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, key: keyOf(row, column), place: place };
    });
    rows.sort(function (a, b) {
      return (down ? compare(b.key, a.key) : compare(a.key, b.key)) || a.place - b.place;
    });
    rows.forEach(function (item) {
      body.appendChild(item.row);
    });
    each(table, "thead th", function (other) {
      other.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  };
  each(document, "table.sort thead th", function (head) {
    var button = document.createElement("button");
    button.type = "button";
    while (head.firstChild) button.appendChild(head.firstChild);
    head.appendChild(button);
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("thead button");
    if (button) sort(button.parentNode);
  });

  /* links to what is folded */
  var unfold = function () {
    var target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (!target || target.tagName !== "DETAILS") return;
    target.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#p']");
    if (link && link.hash === location.hash) unfold();
  });
  unfold();

  /* paper shows everything */
  var folded = [];
  window.addEventListener("beforeprint", function () {
    each(document, "details:not([open])", function (part) {
      folded.push(part);
      part.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (part) {
      part.open = false;
    });
    folded = [];
  });

  /* filter */
  var tools = document.querySelector(".tools");
  if (!tools) return;
  var text = document.getElementById("find"), rule = document.getElementById("rule");
  var said = document.getElementById("shown"), fold = document.getElementById("fold");
  var sections = [], lines = {}, total = 0, timer = 0, most = 60;
  each(document, ".people tbody a", function (link) {
    lines[link.hash.slice(1)] = link.closest("tr");
  });
  each(document, "details.who", function (part) {
    var rows = [];
    each(part, "table.finding > tbody > tr", function (row) {
      rows.push({ row: row, text: null, rule: row.getAttribute("data-r") });
    });
    total += rows.length;
    sections.push({ part: part, name: plain(part.querySelector("h3")), rows: rows, row: lines[part.id] });
  });
  var show = function (node, is) {
    if (node && node.hidden === is) node.hidden = !is;
  };
  var filter = function () {
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean), wanted = rule.value, left = 0, people = 0;
    var shown = [];
    sections.forEach(function (section) {
      var kept = 0;
      section.rows.forEach(function (item) {
        var fits = !wanted || item.rule === wanted;
        if (fits && words.length) {
          if (item.text === null) item.text = section.name + " " + item.rule + " " + plain(item.row);
          fits = words.every(function (word) {
            return item.text.indexOf(word) >= 0;
          });
        }
        show(item.row, fits);
        kept += fits;
      });
      var named = !wanted && words.every(function (word) {
        return section.name.indexOf(word) >= 0;
      });
      show(section.part, kept > 0 || named);
      show(section.row, kept > 0 || named);
      if (kept) shown.push(section.part);
      left += kept;
      people += kept > 0 || named;
    });
    if ((words.length || wanted) && shown.length <= most)
      shown.forEach(function (part) {
        part.open = true;
      });
    said.textContent = left + " of " + total + " findings shown, " + people + " of " + sections.length + " sections";
  };
  var later = function () {
    clearTimeout(timer);
    timer = setTimeout(filter, 120);
  };
  text.addEventListener("input", later);
  rule.addEventListener("change", filter);
  fold.addEventListener("click", function () {
    var open = fold.getAttribute("aria-pressed") !== "true";
    sections.forEach(function (section) {
      section.part.open = open;
    });
    fold.setAttribute("aria-pressed", String(open));
    fold.textContent = open ? "Close all" : "Open all";
  });
  tools.hidden = false;
  filter();
})();
