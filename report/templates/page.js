(() => {
  const root = document.documentElement;
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const box = (element) => element.getBoundingClientRect();
  const kept = (name, value) => {
    try {
      return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value);
    } catch { /* a browser that keeps nothing */ }
  };

  // Before anything is painted.
  const setTheme = (name) => (name ? (root.dataset.theme = name) : delete root.dataset.theme);
  setTheme(kept("theme"));
  root.dataset.script = "";
  const offerThemes = (button) => {
    const labels = { "": button.textContent, ...button.dataset };
    const label = () => (button.textContent = labels[root.dataset.theme || ""]);
    label();
    button.onclick = () => {
      const next = { "": "light", light: "dark", dark: "" }[root.dataset.theme || ""];
      setTheme(next);
      kept("theme", next);
      label();
    };
  };

  // What was read to its end, so that the front page can lead to the rest.
  const DAY = 864e5;
  const later = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
  const remember = ({ read, of }) => {
    if (read > (kept(`read ${of}`) || "")) kept(`read ${of}`, read);
  };
  const offerRest = (link) => {
    const { of, from, to, most, cut } = link.dataset;
    const read = kept(`read ${of}`);
    const next = read && later(read, 1);
    if (!next || next > to) return;
    const first = later(to, 1 - most);
    if (next < first) link.textContent = cut;
    link.href = from + (next === to ? to : `${next < first ? first : next}..${to}`);
    link.hidden = false;
  };

  // Where copying is not allowed, the Markdown is shown instead.
  const copy = async (button) => {
    const { dataset } = button;
    try {
      const answer = await fetch(dataset.copy);
      if (!answer.ok) throw answer;
      await navigator.clipboard.writeText(await answer.text());
      const label = button.textContent;
      button.textContent = dataset.done;
      setTimeout(() => (button.textContent = label), 2000);
    } catch {
      location.href = dataset.copy;
    }
  };

  const visit = (article) => {
    if (!article) return;
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
  };
  const near = () =>
    document.activeElement.closest("article") || all("article").findLast((each) => box(each).top < 20);
  const move = (step) => {
    const articles = all("article");
    const next = articles[articles.indexOf(near()) + step];
    visit(next);
    next?.scrollIntoView();
  };
  const fold = (around, open) => {
    const details = around && find("details", around);
    if (details) details.open = open || !details.open;
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => fold(near()),
    n: () => find("main [rel=next]")?.click(),
    p: () => find("main [rel=prev]")?.click(),
    "?": () => find("#keys").showModal(),
    "/": () => {
      fold(find(".filter"), true);
      (find("main [name=q]") || find("[name=q]"))?.focus();
    },
  };
  const press = (event) => {
    const { target, key } = event;
    const name = key === "Enter" && target.matches("article") ? "o" : key;
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, name)) return;
    if (kept("keys") === "off" || target.closest("input, dialog")) return;
    event.preventDefault();
    keys[name]();
  };

  // A day that changes is asked for again; the reader stays where he is.
  const place = (details) =>
    [details.closest("[id]").id, details.className, find("a", details.parentElement)?.href].join();
  const renew = (html) => {
    const main = find("main");
    const next = find("main", new DOMParser().parseFromString(html, "text/html"));
    if (!next) return;
    const open = all("details[open]", main).map(place);
    for (const each of all("details", next)) each.open ||= open.includes(place(each));
    const mark = scrollY && all("article", main).find((each) => box(each).bottom > 0);
    const top = mark && box(mark).top;
    const focused = document.activeElement.closest("article");
    main.replaceWith(next);
    const same = mark && document.getElementById(mark.id);
    same && scrollBy(0, box(same).top - top);
    visit(focused && document.getElementById(focused.id));
    find("#news").textContent = find(".progress, .status", next)?.textContent.trim();
  };
  const watch = (seen) => {
    const seconds = find("main").dataset.poll;
    if (!seconds) return;
    setTimeout(async () => {
      try {
        if (document.hidden || find("form:focus-within")) throw seen;
        const answer = await fetch("", { cache: "no-cache", headers: { Accept: "text/html" } });
        const tag = answer.headers.get("ETag");
        if (answer.ok && tag !== seen) renew(await answer.text());
        seen = tag;
      } catch { /* nobody looks, or the server is away */ }
      watch(seen);
    }, 1000 * seconds);
  };

  addEventListener("DOMContentLoaded", () => {
    offerThemes(find("#theme"));
    find("#help").onclick = keys["?"];
    const wanted = find("#keys-on");
    wanted.checked = kept("keys") !== "off";
    wanted.onchange = () => kept("keys", wanted.checked ? "on" : "off");
    const unfold = () => fold(document.getElementById(location.hash.slice(1))?.closest("article"), true);
    unfold();
    remember(find("main").dataset);
    find("#since") && offerRest(find("#since"));
    watch();
    addEventListener("hashchange", unfold);
    addEventListener("keydown", press);
    addEventListener("click", ({ target }) => target.dataset.copy && copy(target));
    addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) value || formData.delete(name);
    });
  });

  // For browsers whose style cannot print what is folded.
  let closed = [];
  addEventListener("beforeprint", () => (closed = all("details:not([open])")).forEach((each) => (each.open = true)));
  addEventListener("afterprint", () => closed.forEach((each) => (each.open = false)));
})();
