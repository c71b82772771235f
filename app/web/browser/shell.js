// Runs beside every page, whether or not the application itself has started:
// the document's title in the chosen language, the service worker, and the offer of a new version.
(() => {
  const root = document.documentElement;

  // ---- title -------------------------------------------------------------------------------
  // Pages are prerendered in Chinese and carry their English title in <meta name="title-en">.
  let chinese = "";
  const showTitle = () => {
    const meta = document.querySelector('meta[name="title-en"]');
    const english = meta ? meta.content : "";
    if (document.title !== english) chinese = document.title;
    const wanted = root.lang === "en" ? english : chinese;
    if (wanted && document.title !== wanted) document.title = wanted;
  };
  new MutationObserver(showTitle).observe(document.head, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["content"],
  });
  new MutationObserver(showTitle).observe(root, { attributeFilter: ["lang"] });
  showTitle();

  // ---- no network ----------------------------------------------------------------------------
  // Some browsers forget to say that the line is back; while it is gone, they are asked.
  let asking = 0;
  const showLine = () => {
    root.toggleAttribute("data-offline", !navigator.onLine);
    clearTimeout(asking);
    if (!navigator.onLine) asking = setTimeout(showLine, 2000);
  };
  window.addEventListener("offline", showLine);
  window.addEventListener("online", showLine);
  showLine();

  // ---- early presses ------------------------------------------------------------------------
  // Until the application has taken a page over, a browser would send a form to its own address,
  // with what was typed in it for everybody to read. Such a press waits for the next one.
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.hasAttribute("action")) event.preventDefault();
    },
    true,
  );

  // ---- new version -------------------------------------------------------------------------
  const isTyping = () =>
    [...document.querySelectorAll("input, textarea, select")].some(
      (field) => !["hidden", "search"].includes(field.type) && isChanged(field),
    );
  const isChanged = (field) => {
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked !== field.defaultChecked;
    }
    if (field.tagName === "SELECT") {
      return [...field.options].some((option) => option.selected !== option.defaultSelected);
    }
    return field.value !== "";
  };
  const two = (zh, en) =>
    [
      ["zh", "zh-CN", zh],
      ["en", "en", en],
    ].map(([name, lang, text]) =>
      Object.assign(document.createElement("span"), { className: name, lang, textContent: text }),
    );
  const offerNewVersion = (takeOver) => {
    if (document.getElementById("new-version")) return;
    const bar = Object.assign(document.createElement("div"), {
      id: "new-version",
      className: "notice amber new-version",
    });
    bar.setAttribute("role", "status");
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "button quiet",
      onclick: takeOver,
    });
    button.append(...two("有新版本，点一下更新", "New version: tap to update"));
    bar.append(button);
    document.body.append(bar);
  };

  // The server runs a newer version than this page. Nothing typed is thrown away: then the page
  // only offers; otherwise it reloads, once in ten minutes at most.
  const RELOADED_AT = "onetrip-reloaded-at";
  const reload = () => {
    sessionStorage.setItem(RELOADED_AT, String(Date.now()));
    location.reload();
  };
  window.addEventListener("onetrip:new-version", () => {
    const isRecent = Date.now() - Number(sessionStorage.getItem(RELOADED_AT) ?? 0) < 600_000;
    if (isTyping() || isRecent) offerNewVersion(reload);
    else reload();
  });

  // ---- service worker ----------------------------------------------------------------------
  if (!("serviceWorker" in navigator)) return;
  const wasControlled = Boolean(navigator.serviceWorker.controller);
  let isAsked = false;
  const offerWaiting = (registration) => {
    const waiting = registration.waiting;
    if (!waiting || !wasControlled) return;
    offerNewVersion(() => {
      isAsked = true;
      waiting.postMessage("take-over");
    });
  };
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isAsked) location.reload();
  });
  window.addEventListener("load", async () => {
    try {
      const registration = await navigator.serviceWorker.register("/sw.js");
      offerWaiting(registration);
      registration.addEventListener("updatefound", () => {
        const worker = registration.installing;
        worker?.addEventListener("statechange", () => {
          if (worker.state === "installed") offerWaiting(registration);
        });
      });
      // A page that stays open for days asks now and then.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") registration.update().catch(() => {});
      });
    } catch {
      // Private windows refuse service workers; the pages work without.
    }
  });
})();
