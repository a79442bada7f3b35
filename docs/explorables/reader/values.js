// JSON with NaN and Infinity, and Python's literals, as Maps: an object would put keys that are numbers first.

const SPACE = { json: /[ \t\n\r]*/y, python: /(?:[ \t\f\n\r]|#[^\n]*)*/y };
const NUMBER = { json: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y, python: /(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+(?:_\d+)*)?/y };
const WORD = { json: /-?[A-Za-z]+/y, python: /[A-Za-z]+/y };
const WORDS = {
  json: { null: null, true: true, false: false, NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity },
  python: { None: null, True: true, False: false },
};
const ESCAPES = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "/": "/", '"': '"', "\\": "\\", "'": "'", "\n": "" };

/** What a text says; throws a SyntaxError if that is neither JSON nor, if asked for, Python's literals. */
export function parse(text, kind = "json") {
  let at = 0;

  const fail = () => {
    throw new SyntaxError(`at ${at}`);
  };
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return null;
    at = pattern.lastIndex;
    return found[0];
  };
  const blank = () => take(SPACE[kind]);
  const next = (sign) => text[at] === sign && (at++, true);

  function value() {
    const c = text[at];
    if (c === "{") return dictionary();
    if (c === "[") return list("]");
    if (c === '"' || (kind === "python" && c === "'")) return string(c);
    if (kind === "python") {
      if (c === "(") return tuple();
      if (next("-")) return (blank(), -numeric(value()));
      if (next("+")) return (blank(), numeric(value()));
    }
    const digits = take(NUMBER[kind]);
    if (digits) return kind === "python" && /^0[\d_]*[1-9][\d_]*$/.test(digits) ? fail() : Number(digits.replaceAll("_", ""));
    const word = take(WORD[kind]);
    return word !== null && Object.hasOwn(WORDS[kind], word) ? WORDS[kind][word] : fail();
  }

  const numeric = (found) => (typeof found === "number" ? found : fail());

  function dictionary() {
    const found = new Map();
    at++;
    blank();
    if (next("}")) return found;
    for (;;) {
      const key = kind === "json" ? (text[at] === '"' ? string('"') : fail()) : value();
      blank();
      if (!next(":")) fail();
      blank();
      found.set(key, value());
      blank();
      if (next("}")) return found;
      if (!next(",")) fail();
      blank();
      if (kind === "python" && next("}")) return found;
    }
  }

  function list(end) {
    const found = [];
    at++;
    blank();
    if (next(end)) return found;
    for (;;) {
      found.push(value());
      blank();
      if (next(end)) return found;
      if (!next(",")) fail();
      found.comma = true;
      blank();
      if (kind === "python" && next(end)) return found;
    }
  }

  function tuple() {
    const found = list(")");
    return found.length === 1 && !found.comma ? found[0] : found;
  }

  function string(quote) {
    let [found, from] = ["", ++at];
    for (; ; at++) {
      const c = text[at];
      if (c === quote) {
        found += text.slice(from, at++);
        return found;
      }
      if (c === undefined || c < " ") if (c === undefined || kind === "json" || c === "\n") fail();
      if (c !== "\\") continue;
      found += text.slice(from, at++);
      found += escape();
      from = at + 1;
    }
  }

  function escape() {
    const c = text[at];
    const size = { u: 4, x: kind === "python" ? 2 : 0 }[c];
    if (size) {
      const code = text.slice(at + 1, at + 1 + size);
      if (code.length < size || /[^0-9a-fA-F]/.test(code)) fail();
      at += size;
      return String.fromCharCode(parseInt(code, 16));
    }
    if (c in ESCAPES && (kind === "python" || !"'\n".includes(c))) return ESCAPES[c];
    return kind === "python" && c !== undefined ? `\\${c}` : fail();
  }

  blank();
  const found = value();
  blank();
  return at === text.length ? found : fail();
}

/** `parse`, or undefined. */
export function parsed(text, kind) {
  try {
    return parse(text, kind);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
