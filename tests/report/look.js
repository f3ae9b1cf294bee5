/* SPDX-License-Identifier: Apache-2.0 */
/* What a test asks a page, inside it.  Each answers with a list of what is wrong. */
({
  /* Nothing is wider than the screen. */
  overflow() {
    const root = document.documentElement, bad = [];
    if (root.scrollWidth > innerWidth) bad.push("the page is " + root.scrollWidth + " wide, the screen " + innerWidth);
    for (const node of document.querySelectorAll("body *")) {
      const box = node.getBoundingClientRect();
      if (box.width && box.height && box.right > innerWidth + 1 && box.left >= 0 && !node.closest("svg"))
        bad.push(node.tagName + " ends at " + box.right + ": " + node.textContent.slice(0, 40));
    }
    return bad.slice(0, 5);
  },

  /* WCAG 2 AA: 4.5 to 1, of large text 3 to 1. */
  contrast() {
    const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (node) => {
      for (; node; node = node.parentElement) {
        const colour = numbers(getComputedStyle(node).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const bad = {};
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || /^(SCRIPT|STYLE|OPTION)$/.test(node.tagName) || !node.getClientRects().length) continue;
      const style = getComputedStyle(node), size = parseFloat(style.fontSize);
      const a = light(numbers(style.color)), b = light(behind(node));
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) bad[node.tagName + "." + node.className + " " + ratio.toFixed(2)] = 1;
    }
    return Object.keys(bad);
  },

  /* The parts of a bar stand out from the page, and no two of them differ by colour alone. */
  bars() {
    const bad = [], looks = {};
    for (const part of document.querySelectorAll(".whole rect")) {
      const fill = getComputedStyle(part).fill;
      looks[part.getAttribute("class")] = fill;
      if (!part.getBoundingClientRect().width) bad.push(part.outerHTML + " is not there");
    }
    if (new Set(Object.values(looks)).size !== 4) bad.push("not four looks: " + JSON.stringify(looks));
    if (Object.values(looks).filter((fill) => /url/.test(fill)).length !== 2) bad.push("no patterns: " + JSON.stringify(looks));
    return bad;
  },

  /* What a reader of screens needs. */
  structure() {
    const bad = [], count = (what) => document.querySelectorAll(what).length;
    for (const what of ["main", "body > header", "nav", "body > footer", "h1"])
      if (count(what) !== 1) bad.push(count(what) + " of " + what);
    if (document.documentElement.lang !== "en") bad.push("no language");
    let level = 0;
    for (const head of document.querySelectorAll("h1, h2, h3, h4")) {
      const now = Number(head.tagName[1]);
      if (now > level + 1) bad.push("from h" + level + " to h" + now + ": " + head.textContent.slice(0, 40));
      level = now;
    }
    for (const table of document.querySelectorAll("table"))
      if (!table.getAttribute("aria-label") || !table.tHead) bad.push("a table without a name or heads");
    for (const field of document.querySelectorAll("input, select"))
      if (!field.labels.length) bad.push("a field without a label: " + field.id);
    for (const link of document.querySelectorAll("a"))
      if (!document.querySelector(link.getAttribute("href"))) bad.push("a link to nowhere: " + link.getAttribute("href"));
    const ids = Array.from(document.querySelectorAll("[id]"), (node) => node.id);
    if (new Set(ids).size !== ids.length) bad.push("an id twice");
    return bad.slice(0, 5);
  },

  /* Every number that has lost its head on a small screen has its name before it. */
  names() {
    const bad = [];
    for (const cell of document.querySelectorAll(".mix tbody td:not(.wide)"))
      if (cell.getClientRects().length && /^(none|normal|"")$/.test(getComputedStyle(cell, "::before").content)) bad.push(cell.outerHTML);
    return bad.slice(0, 3);
  },

  closed() {
    const bad = [];
    for (const part of document.querySelectorAll("details"))
      if (!part.lastElementChild.getBoundingClientRect().height) bad.push(part.textContent.slice(0, 60));
    return bad;
  },
})
