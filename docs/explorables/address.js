// A state in the address: `?<id>.<name>=value` for what differs from the default, lrsim's own spelling.
import { parsed, written } from "./state.js";

const differs = (a, b) => JSON.stringify(a) !== JSON.stringify(b);

/** The part of a state that the address holds; `run1.eta` and `run2.eta` are those of the runs that are kept. */
export function fromAddress({ id, constructor: { id: own, defaults } }) {
  const found = {};
  for (const [key, text] of new URLSearchParams(location.search)) {
    const [whose, ...names] = key.split(".");
    const value = whose === (id || own) ? parsed(text) : undefined;
    if (value !== undefined) take(found, defaults, names, value);
  }
  return found;
}

function take(found, defaults, [first, second], value) {
  const numbered = /^run([12])$/.exec(first);
  if (first === "runs") {
    if (defaults.runs) found.runs = (found.runs ?? structuredClone(defaults.runs)).slice(0, value);
  } else if (!Object.hasOwn(defaults, second || first)) return;
  else if (numbered && second && defaults.runs) {
    found.runs ??= structuredClone(defaults.runs);
    while (found.runs.length < numbered[1]) found.runs.push({});
    found.runs[numbered[1] - 1][second] = value;
  } else if (!second) found[first] = Array.isArray(defaults[first]) ? [value].flat() : value;
}

/** The query of the present state, beside what is not ours. */
export function query(host) {
  const search = new URLSearchParams(location.search);
  for (const key of [...search.keys()]) if (key.startsWith(`${host.id}.`)) search.delete(key);
  const { defaults } = host.constructor;
  const { runs = [], ...rest } = host.state;
  for (const [name, value] of Object.entries(rest)) {
    if (differs(value, defaults[name])) search.set(`${host.id}.${name}`, written(value));
  }
  if (runs.length < (defaults.runs || []).length) search.set(`${host.id}.runs`, runs.length);
  runs.forEach((run, i) => {
    for (const [name, value] of Object.entries(run)) {
      if (differs(value, defaults.runs?.[i]?.[name])) search.set(`${host.id}.run${i + 1}.${name}`, written(value));
    }
  });
  const text = search.toString().replace(/%(2C|28|29|3D|5B|5D)/g, decodeURIComponent);
  return text && `?${text}`;
}

export function toAddress(host) {
  const text = query(host);
  if (location.pathname !== host.path || text === location.search) return;
  history.replaceState(history.state, "", location.pathname + text + location.hash);
}
