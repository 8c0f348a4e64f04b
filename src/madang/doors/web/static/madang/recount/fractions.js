/* Exact fractions of whole numbers, [above, below] with below > 0, in lowest terms.
   1. Nothing here is rounded but what `near` gives, and that decides nothing. */

export const ZERO = [0n, 1n];

export const gcd = (a, b) => {
  a = a < 0n ? -a : a;
  b = b < 0n ? -b : b;
  while (b) [a, b] = [b, a % b];
  return a;
};

export const lcm = (a, b) => (a / gcd(a, b)) * b;

/* The fraction above ÷ below in lowest terms. */
export const ratio = (above, below = 1n) => {
  if (below < 0n) [above, below] = [-above, -below];
  const by = gcd(above, below);
  return by > 1n ? [above / by, below / by] : [above, below];
};

export const plus = (a, b) => ratio(a[0] * b[1] + b[0] * a[1], a[1] * b[1]);
export const minus = (a, b) => ratio(a[0] * b[1] - b[0] * a[1], a[1] * b[1]);
export const times = (a, b) => ratio(a[0] * b[0], a[1] * b[1]);
export const over = (a, b) => ratio(a[0] * b[1], a[1] * b[0]);

/* Below 0, 0 or above 0 as a is less than, equal to or more than b. */
export const order = (a, b) => {
  const difference = a[0] * b[1] - b[0] * a[1];
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/* "5", "5.25", "5/2" (spaces around it are let through); null for anything else. */
export const read = (text) => {
  const said = /^\s*(-?)([0-9]{1,4000})(?:\.([0-9]{1,12})|\/([0-9]{1,4000}))?\s*$/.exec(text);
  if (!said) return null;
  const [, sign, whole, part = "", below = "1"] = said;
  if (!BigInt(below)) return null;
  const found = ratio(BigInt(whole + part), 10n ** BigInt(part.length) * BigInt(below));
  return sign ? [-found[0], found[1]] : found;
};

/* As it stands in a result: 5 or "5/2". */
export const text = ([above, below]) => (below === 1n ? `${above}` : `${above}/${below}`);

const top = (whole) => {
  const size = whole.toString(16).length;
  const drop = size > 16 ? BigInt((size - 16) * 4) : 0n;
  return [Number(whole >> drop), Number(drop)];
};

/* The nearest float, within a few parts in 2⁵²; for fractions of any length. */
export const near = ([above, below]) => {
  const minusSign = above < 0n;
  const [high, up] = top(minusSign ? -above : above);
  const [low, down] = top(below);
  const value = (high / low) * 2 ** (up - down);
  return minusSign ? -value : value;
};
