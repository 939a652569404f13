/* The little that a page does by itself: a day that follows a slider, a job that grows. All of it works without. */
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const words = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

  function amount(count) {
    if (count < 0.5) return "none";
    if (count < 10) return "fewer than 10";
    if (count >= 999500) return words.format(count / 1e6) + " million";
    return words.format(count);
  }

  /* A world: the day moves with the slider; the server says who is held. */
  const form = document.querySelector("form[data-day]");
  if (form) {
    const reach = byId("reach"), date = byId("date"), on = byId("on");
    const start = Date.parse(reach.dataset.start + "T00:00Z");
    let asked = 0, busy = false, wanted = "";
    reach.hidden = false;
    form.querySelector("button").hidden = true;

    async function show() {
      if (busy || !wanted) return;
      busy = true;
      const day = wanted, number = ++asked;
      wanted = "";
      try {
        const answer = await fetch(form.dataset.day + "?on=" + day, { headers: { accept: "text/html" } });
        if (answer.ok && number === asked) {
          on.innerHTML = await answer.text();
          on.dataset.day = day;
          byId("aloud").textContent = on.querySelector(".huge").textContent + ". " + byId("day-says").textContent;
        }
      } finally {
        busy = false;
        if (wanted) show();
      }
    }
    reach.addEventListener("input", () => {
      date.value = new Date(start + reach.value * 864e5).toISOString().slice(0, 10);
      wanted = date.value;
      show();
    });
    date.addEventListener("input", () => {
      if (!date.value) return;
      reach.value = Math.round((Date.parse(date.value + "T00:00Z") - start) / 864e5);
      wanted = date.value;
      show();
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); wanted = date.value; show(); });
  }

  /* A run: its sliders say their value; its size is told in persons. */
  document.querySelectorAll(".assumption input").forEach((input) => {
    const output = input.closest(".assumption").querySelector("output");
    const step = Number(input.dataset.step);
    input.addEventListener("input", () => {
      const value = Math.round(input.value / step) * step;
      output.textContent = Number(value.toPrecision(4)).toString();
      input.closest(".assumption").classList.toggle("changed", Math.abs(input.value - input.dataset.default) > step / 2);
    });
  });
  const scale = byId("scale");
  if (scale && scale.dataset.persons) {
    scale.addEventListener("input", () => {
      byId("crowd").textContent = "about " + amount(scale.value * scale.dataset.persons) + " simulated persons; at most " + Number(scale.max).toPrecision(3) + " here";
    });
  }

  /* A finished run: who was held in one week, from numbers that lie in the page. */
  const week = byId("week");
  if (week) {
    const data = JSON.parse(byId("week-data").textContent);
    const rows = Array.from(document.querySelectorAll("#weeks tbody tr"));
    const largest = Math.max(...data.persons);
    function draw() {
      const at = Number(week.value);
      let held = 0, all = 0;
      rows.forEach((row, sector) => {
        const bound = data.bound[sector][at], persons = data.persons[sector];
        held += bound;
        all += persons;
        row.querySelector(".back").setAttribute("width", (100 * persons / largest).toFixed(2));
        row.querySelector(".front").setAttribute("width", (100 * bound / largest).toFixed(2));
        row.querySelector("[data-held]").textContent = amount(bound);
        row.querySelector("[data-of]").textContent = amount(persons);
      });
      byId("week-day").textContent = data.days[at];
      byId("week-says").textContent = amount(held) + " of " + amount(all) + " persons may leave only with permission (" + words.format(100 * held / all) + " %).";
    }
    week.addEventListener("input", draw);
    draw();
  }

  /* A job under way: the server tells how it stands; at the end the page is asked for anew. */
  const growing = document.querySelector("[data-events]");
  if (growing) {
    const source = new EventSource(growing.dataset.events);
    source.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      byId("says").textContent = told.says;
      byId("progress").value = told.share;
      if (told.total) { byId("total").textContent = told.total; byId("unit").textContent = told.unit; }
      for (const key of Object.keys(told.plots)) {
        const place = byId("figure-" + key), plot = document.querySelector('[data-figure="' + key + '"]');
        if (!place || !plot) continue;
        place.textContent = told.plots[key];
        document.querySelector('[data-reading="' + key + '"]').textContent = told.readings[key];
        document.querySelector('[data-axis="' + key + '"]').textContent = told.axes[key];
        plot.dispatchEvent(new Event("redraw", { bubbles: true }));
      }
      if (["done", "stopped", "failed"].includes(told.state)) { source.close(); location.reload(); }
    });
  }
})();
