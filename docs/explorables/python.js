// A run as a program for lrsim; it comes when somebody asks for it. No DOM.

/** The same run with lrsim, which prints the same final loss; `written` is given, not imported, so that this file comes alone. */
export function python(state, written) {
  const list = (values) => `[${values.join(", ")}]`;
  const made = (eta) => (typeof eta === "number" ? String(eta) : pythonCall(eta));
  const rule = state.optimizer ? `, optimizer=optimizers.${written(state.optimizer)}` : "";
  const turned = state.angle ? `, angle=${state.angle}` : "";
  const noisy = state.noise ? `, noise=${state.noise}, rng=${state.seed}` : "";
  const plain = !state.optimizer && !state.noise ? ', method="auto"' : "";
  const names = ["descend", "landscapes"];
  if (state.optimizer) names.push("optimizers");
  if (typeof state.eta === "object") names.push("schedules");
  return [
    `from lrsim import ${names.join(", ")}`,
    "",
    `bowl = landscapes.bowl(${list(state.curvatures)}${turned})`,
    `run = descend(bowl, start=${list(state.start)}, eta=${made(state.eta)}, steps=${state.steps}${rule}${noisy}${plain})`,
    "print(run.final_loss)",
    "",
  ].join("\n");
}

function pythonCall({ schedule, ...rest }) {
  const parts = Object.entries(rest).map(([key, v]) => `${key}=${typeof v === "object" && !Array.isArray(v) ? pythonCall(v) : Array.isArray(v) ? `[${v.join(", ")}]` : v}`);
  return `schedules.${schedule}(${parts.join(", ")})`;
}
