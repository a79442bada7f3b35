// The lines that give the same answer on the command line and in Python.

const shell = (text) => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** An optimizer {name, beta} as lrsim writes it. */
const called = ({ name, beta }) => `${name}(${name === "adam" ? `beta1=${beta}` : beta})`;

export function commandLine({ name, column, step, rate, every, optimizer }) {
  const options = Object.entries({ column, step, rate, every, optimizer: optimizer && called(optimizer) });
  return ["lrsim diagnose", shell(name), ...options.filter(([, value]) => value).map(([key, value]) => `--${key} ${shell(String(value))}`)].join(" ");
}

export function python({ name, column, step, rate, every, optimizer }) {
  const read = Object.entries({ column, step, rate }).filter(([, value]) => value).map(([key, value]) => `, ${key}=${JSON.stringify(value)}`);
  const asked = [every && `, every=${every}`, optimizer && `, optimizer=optimizers.${called(optimizer)}`].filter(Boolean);
  return `from lrsim import logs${optimizer ? ", optimizers" : ""}
from lrsim.diagnosis import diagnose

found = diagnose(logs.read(${JSON.stringify(name)}${read.join("")})${asked.join("")})
print(found)
found.plot()  # with matplotlib
`;
}
