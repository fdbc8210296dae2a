(() => {
  const page = document.documentElement, all = (s, from = document) => [...from.querySelectorAll(s)];
  page.classList.add("js");
  const links = (id, on) => all(`a[href="#${id}"]`).forEach((a) => {
    a.classList.toggle("shown", on);
    a.setAttribute("aria-expanded", on);
  });
  let asked = null;
  const hide = (why) => { why.classList.remove("open"); links(why.id, false); };
  const show = (why) => {
    all(".why.open", why.closest("article")).forEach(hide);
    why.classList.add("open");
    links(why.id, true);
    why.scrollIntoView({ block: "nearest" });
  };
  all('.picture a, details a').forEach((a) => a.setAttribute("aria-expanded", false));
  all(".why").forEach((why) => {
    why.tabIndex = -1;
    const close = document.createElement("button");
    close.className = "close";
    close.textContent = "Close";
    why.append(close);
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest(".picture a, details a"), close = event.target.closest(".close");
    if (!link && !close) return;
    event.preventDefault();
    const why = close ? close.closest(".why") : document.getElementById(link.getAttribute("href").slice(1));
    if (why.classList.contains("open")) { hide(why); if (close && asked) asked.focus(); return; }
    asked = link;
    show(why);
    if (event.detail === 0) why.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement, step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") {
      const why = at.closest(".why.open") || at.closest("article")?.querySelector(".why.open");
      if (why) { hide(why); if (asked) asked.focus(); }
    } else if (step && at.closest(".picture")) {
      const near = all("a", at.closest("svg")), next = near[near.indexOf(at) + step];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  const named = () => {
    const why = /^#[cn][\d-]+$/.test(location.hash) && document.querySelector(`.why${location.hash}`);
    if (why) show(why);
  };
  addEventListener("hashchange", named);
  named();
  const box = document.querySelector("input[type=search]");
  if (!box) return;
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const rows = all(".customer").map((card) => ({
    card, entry: document.querySelector(`nav a[href="#${card.id}"]`).parentNode,
    text: plain(all("h2, .tag, h3, .facts", card).map((part) => part.textContent).join(" ")),
  }));
  const found = document.querySelector(".found"), filter = () => {
    const words = plain(box.value).split(/\s+/);
    const shown = rows.filter((row) => {
      const fits = words.every((word) => row.text.includes(word));
      row.card.hidden = row.entry.hidden = !fits;
      return fits;
    });
    found.textContent = `${shown.length} of ${rows.length} customers`;
  };
  box.addEventListener("input", filter);
  filter();
})();
