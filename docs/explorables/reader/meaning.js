// Question 4: what a factor of the loss says of ηλ, and by what to divide η.

const heavyBall = (b) => (rho) => ((1 + rho) * (rho + b)) / rho;

/**
 * {etaLambda of ρ, the growth of the weights an update; limit; curvature; name; beta} under an optimizer {name, beta}, of which null
 * is plain gradient descent. A growing weight has z = -ρ as root of its recursion.
 */
export function meaning(optimizer) {
  const { name = "gradient_descent", beta: b } = optimizer ?? {};
  const known = {
    gradient_descent: { etaLambda: (rho) => 1 + rho, limit: 2, curvature: "curvature" },
    heavy_ball: { etaLambda: heavyBall(b), limit: 2 * (1 + b), curvature: "curvature" },
    nesterov: { etaLambda: (rho) => 1 + rho ** 2 / ((1 + b) * rho + b), limit: (2 * (1 + b)) / (1 + 2 * b), curvature: "curvature" },
    adam: { etaLambda: (rho) => heavyBall(b)(rho) / (1 - b), limit: (2 * (1 + b)) / (1 - b), curvature: "preconditioned curvature" },
  }[name];
  return { ...known, name, beta: b };
}
