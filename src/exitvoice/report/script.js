/* Draws the figures of the page in the theme and width of the reader; fetches nothing. */
(function () {
  "use strict";
  const NARROW = 600;
  const SHEET = 880;
  const root = document.documentElement;
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const partners = JSON.parse(document.getElementById("dark-partners").textContent);
  const plots = Array.from(document.querySelectorAll(".plot"));
  const pen = document.createElement("canvas").getContext("2d");
  let isPrinting = false;

  function isDark() {
    if (isPrinting) return false;
    return root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches;
  }

  function read(plot) {
    let text = document.getElementById("figure-" + plot.dataset.figure).textContent;
    if (isDark()) text = text.replace(/#[0-9a-f]{6}\b/g, (colour) => partners[colour] || colour);
    return JSON.parse(text);
  }

  /* A narrow screen has no room for names at the right edge: they become a legend beneath. */
  function fit(figure, width) {
    const layout = figure.layout;
    layout.width = width;
    /* The name of the axis stands above the figure as text of the page, where it can wrap. */
    delete layout.title;
    layout.height -= layout.margin.t - 12;
    layout.margin.t = 12;
    layout.autosize = false;
    if (isPrinting && layout.height > SHEET) {
      layout.height = SHEET;
      layout.annotations.forEach((one) => { one.font.size = 10; });
    }
    if (width >= NARROW) return figure;
    const annotations = layout.annotations || [];
    const direct = annotations.filter((one) => one.name === "direct");
    layout.annotations = annotations.filter((one) => one.name !== "direct");
    layout.margin.r = 10;
    if (layout.xaxis.nticks) layout.xaxis.nticks = 6;
    layout.hovermode = layout.hovermode === "x unified" ? "x" : layout.hovermode;
    layout.font.size = 12;
    if (direct.length > 1) {
      const extra = 21 * Math.ceil(direct.length / (width < 460 ? 1 : 2)) + 12;
      layout.showlegend = true;
      layout.legend.y = -26 / (layout.height - layout.margin.t - layout.margin.b);
      layout.legend.entrywidthmode = "pixels";
      layout.legend.entrywidth = width < 460 ? width - 60 : width / 2 - 50;
      layout.margin.b += extra;
      layout.height += extra;
    }
    for (const one of layout.annotations) {
      if (one.name === "row") one.text = shorten(one.text, width - 12, one.font.size + "px " + layout.font.family);
    }
    return figure;
  }

  /* Names above a row end where the screen ends; a number in bold behind the name stays whole. */
  function shorten(text, room, font) {
    const at = text.indexOf("  <b>");
    const rest = at < 0 ? "" : text.slice(at);
    let name = at < 0 ? text : text.slice(0, at);
    pen.font = "bold " + font;
    const left = room - pen.measureText(rest.replace(/<[^>]*>/g, "")).width;
    pen.font = font;
    if (pen.measureText(name).width <= left) return text;
    while (name && pen.measureText(name + "\u2026").width > left) name = name.slice(0, -1);
    return name.trimEnd() + "\u2026" + rest;
  }

  function draw(plot) {
    /* In some browsers a figure in a closed box has no width; it is drawn when the box is opened. */
    if (!isPrinting && !plot.clientWidth) return Promise.resolve();
    const width = isPrinting ? Math.min(plot.clientWidth || 660, 660) : plot.clientWidth;
    const given = read(plot);
    if (!given.layout) return Promise.resolve(); /* nothing to draw yet */
    const figure = fit(given, width);
    plot.style.height = figure.layout.height + "px";
    plot.dataset.width = String(width);
    return Plotly.react(plot, figure.data, figure.layout, { displayModeBar: false, responsive: false, doubleClick: false });
  }

  function drawAll() {
    return Promise.all(plots.map(draw));
  }

  /* One figure after another, so that the first can be read while the last is drawn. */
  async function drawFirst() {
    for (const plot of plots) {
      await draw(plot);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    root.dataset.ready = "yes";
  }

  document.getElementById("theme").addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    root.dataset.theme = next;
    try { localStorage.setItem("exitvoice-theme", next); } catch (problem) { /* private window: forget it */ }
    drawAll();
  });
  prefersDark.addEventListener("change", drawAll);

  document.querySelectorAll("details").forEach((box) => box.addEventListener("toggle", () => {
    plots.filter((plot) => box.contains(plot) && plot.dataset.width !== String(plot.clientWidth)).forEach(draw);
  }));

  /* A figure whose numbers have changed says so with this event. */
  document.addEventListener("redraw", (event) => { draw(event.target); });

  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      plots.filter((plot) => plot.dataset.width !== String(plot.clientWidth)).forEach(draw);
    }, 120);
  });

  /* On paper nobody can open a box: open the claims and the assumptions, draw light, put it back afterwards. */
  let opened = [];
  window.addEventListener("beforeprint", () => {
    isPrinting = true;
    opened = Array.from(document.querySelectorAll(".claim:not([open]), .life:not([open]), .assumptions details:not([open])"));
    opened.forEach((box) => { box.open = true; });
    drawAll();
  });
  window.addEventListener("afterprint", () => {
    isPrinting = false;
    opened.forEach((box) => { box.open = false; });
    drawAll();
  });

  /* The box with the source: beside what the reader points at, on a telephone after a tap. */
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);

  function show(event) {
    const target = event.target.closest && event.target.closest("[data-tip]");
    tip.hidden = !target;
    if (!target) return;
    tip.textContent = target.dataset.tip;
    const box = target.getBoundingClientRect();
    const room = root.clientWidth - tip.offsetWidth - 10;
    const isBelow = box.top < tip.offsetHeight + 14;
    tip.style.left = Math.max(10, Math.min(box.left + window.scrollX, room)) + "px";
    tip.style.top = (isBelow ? box.bottom + 7 : box.top - tip.offsetHeight - 7) + window.scrollY + "px";
  }
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("click", show);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });

  const contents = document.querySelector("nav details");
  if (contents && window.innerWidth <= 900) contents.open = false;
  drawFirst();
})();
