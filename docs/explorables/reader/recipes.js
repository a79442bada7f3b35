// The lines that give the same answer on the command line and in Python.

const shell = (text) => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** An optimizer {name, beta} as lrsim writes it. */
const called = ({ name, beta = "" }) => `${name}(${name === "adam" ? `beta1=${beta}` : beta})`;

/** Of what is held; `against`: the name of the log that it is compared with. */
export function commandLine({ name, column, step, rate, every, optimizer }, against) {
  const options = Object.entries({ column, step, rate, every, optimizer: optimizer && called(optimizer), against });
  return ["lrsim diagnose", shell(name), ...options.filter(([, value]) => value).map(([key, value]) => `--${key} ${shell(String(value))}`)].join(" ");
}

export function python({ name, column, step, rate, every, optimizer }, against) {
  const read = Object.entries({ column, step, rate }).filter(([, value]) => value).map(([key, value]) => `, ${key}=${JSON.stringify(value)}`);
  const asked = [every && `, every=${every}`, optimizer && `, optimizer=optimizers.${called(optimizer)}`].filter(Boolean);
  const log = (file) => `logs.read(${JSON.stringify(file)}${read.join("")})`;
  return `from lrsim import logs${optimizer ? ", optimizers" : ""}
from lrsim.diagnosis import ${against ? "compare, " : ""}diagnose

log = ${log(name)}
found = diagnose(log${asked.join("")})
print(found${against ? `, compare(log, ${log(against)})` : ""})
found.plot()  # with matplotlib
`;
}
