/* Before the first paint: the theme that the reader chose last time. */
try {
  const chosen = localStorage.getItem("exitvoice-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch (problem) { /* private window: follow the system */ }
