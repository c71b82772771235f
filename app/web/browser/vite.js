// The part of the bundler that is ours: leaves out what no page uses, and mends two lines of the
// runtime. Every rule must find its place, so that an update of a library cannot pass unnoticed.
import { fileURLToPath } from "url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

// Whole libraries that a few lines replace; each file says why.
const REPLACED = new Map([
  ["@emotion/react", here("./jsx.js")],
  ["universal-cookie", here("./cookies.js")],
  ["mergician", here("./merge.js")],
  ["$/utils/react-theme", here("./theme.js")],
]);

const RULES = [
  {
    // The socket speaks websocket only; long polling and WebTransport stay at home.
    file: /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    find: /^[^]*$/,
    put: `import { WS } from "./websocket.js"; export const transports = { websocket: WS };`,
  },
  {
    // Libraries offered to components that arrive as code; none does.
    file: /\/app\/root\.jsx$/,
    find: /\n\s*window\.__reflex = \{[^]*?\n\s*\};/,
    put: "",
  },
  {
    // The same: without this the only `eval` of the bundle would stay in it.
    file: /\/utils\/state\.js$/,
    find: /const module = await eval\(`import\(dataUri\)`\);\s*return module\.default;/,
    put: `throw new Error("components do not arrive as code");`,
  },
  {
    // A page has one theme. Asking for the saved one before the first paint opens a storage on
    // disk, and setting it has every element's style computed again.
    file: /\/app\/_document\.js$/,
    find: /jsx\("script",\{\},"\\n\/\/ Only run in browser environment(?:[^"\\]|\\[^])*"\),/,
    put: "",
  },
  {
    // What the server says is drawn in slices, so that a long form never keeps a finger waiting.
    // All that it says at once is one transition, and appears at once.
    file: /\/utils\/state\.js$/,
    find: /for \(const substate in delta\) \{\s*dispatch\[substate\]\(delta\[substate\]\);\s*\}/,
    put: `startTransition(() => {
          $&
        });`,
  },
  {
    file: /\/utils\/state\.js$/,
    find: /^/,
    put: `import { startTransition } from "react";\n`,
  },
  {
    // A store outside React is always drawn in one piece, transition or not; its values kept as
    // state of React's own are not.
    file: /\/utils\/context-registry\.js$/,
    find: /return useSyncExternalStore\(subscribe, getSnapshot, getSnapshot\);/,
    put: `const [shown, show] = useState(getSnapshot);
  useEffect(() => {
    const update = () => show(getSnapshot());
    update();
    return subscribe(update);
  }, [subscribe, getSnapshot]);
  return shown;`,
  },
  {
    file: /\/utils\/context-registry\.js$/,
    find: /useSyncExternalStore,\n/,
    put: "useEffect,\n  useState,\n",
  },
  {
    // Nor does any event: the policy of the pages forbids it. Without `eval` in the file the
    // bundler may shorten its names, too.
    file: /\/utils\/state\.js$/,
    find: /\bev[a]l\(event\.payload[^]*$/,
    put: (rest) =>
      `${rest.replace(/\bev[a]l\(event/g, "refuseCode(event")}
function refuseCode() {
  throw new Error("events do not arrive as code");
}`,
  },
  {
    // Pages speak to the server they came from, whatever it is called: one build serves every
    // address, port and proxy.
    file: /\/utils\/state\.js$/,
    find: /export const getBackendURL = \(url_str\) => \{/,
    put: `$&
  if (typeof window !== "undefined") {
    return new URL(new URL(url_str ?? env.PING).pathname, window.location.origin);
  }`,
  },
  {
    // A page of an older build is offered the new one, and not reloaded under the person's hands.
    file: /\/utils\/state\.js$/,
    find: /const handleStateMismatch = \(info\) => \{/,
    put: `$&\n  window.dispatchEvent(new Event("onetrip:new-version"));\n  return;`,
  },
];

export default function onetrip() {
  const unused = new Set(RULES);
  return {
    name: "onetrip",
    enforce: "pre",
    apply: "build",
    resolveId(id) {
      return REPLACED.get(id) ?? null;
    },
    transform(code, id) {
      const path = id.split("?")[0];
      let changed = code;
      for (const rule of RULES) {
        if (!rule.file.test(path)) continue;
        if (!rule.find.test(changed)) throw new Error(`nothing to mend in ${path}: ${rule.find}`);
        changed = changed.replace(rule.find, rule.put);
        unused.delete(rule);
      }
      return changed === code ? null : { code: changed, map: null };
    },
    buildEnd(error) {
      if (error || this.environment?.name === "ssr") return;
      for (const rule of unused) throw new Error(`nothing matched ${rule.file}`);
    },
  };
}
