/**
 * What makes the pages live: on each event, and every ten seconds, the page is asked for again and its content put in place of
 * what is there. All that is shown is written, and escaped, by the server.
 */
export const SCRIPT = `"use strict";
(() => {
  const EVERY = 10000, LEAST = 1500, PATIENCE = 15000;
  const root = document.documentElement.dataset.root;
  const live = document.getElementById("live");
  let answered = new Date(), timer, due = 0, busy = false, began = 0;

  const say = (state, text) => {
    live.dataset.state = state;
    if (live.textContent !== text) live.textContent = text;
  };

  const reading = () => {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && selection.toString() !== "";
  };

  const show = (fresh) => {
    const main = document.getElementById("main");
    const next = fresh.getElementById("main");
    if (next === null) throw new Error("no content");
    if (main.innerHTML === next.innerHTML) return;
    const focused = main.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const scrolled = [scrollX, scrollY];
    main.replaceChildren(...document.importNode(next, true).childNodes);
    scrollTo(...scrolled);
    if (focused !== null) main.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus({ preventScroll: true });
    document.title = fresh.title;
  };

  const refresh = async () => {
    if (busy || document.hidden) return plan(EVERY);
    busy = true;
    began = Date.now();
    try {
      const response = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const text = await response.text();
      if (!reading()) show(new DOMParser().parseFromString(text, "text/html"));
      answered = new Date();
      say("live", "Live");
    } catch {
      say("stale", "Not live: no answer since " + answered.toLocaleTimeString());
    }
    busy = false;
    plan(EVERY);
  };

  // Never later than planned before: events that keep coming must not put the page off for ever.
  const plan = (delay) => {
    if (timer !== undefined && Date.now() + delay >= due) return;
    clearTimeout(timer);
    due = Date.now() + delay;
    timer = setTimeout(() => {
      timer = undefined;
      refresh();
    }, delay);
  };

  const soon = () => plan(Math.max(200, began + LEAST - Date.now()));

  const events = new EventSource(root + "api/v1/stream");
  for (const kind of ["model", "alert", "target", "announcement", "feedback", "reload", "error"]) events.addEventListener(kind, soon);
  events.addEventListener("open", soon);
  document.addEventListener("visibilitychange", soon);
  say("live", "Live");
  plan(EVERY);
})();
`;
