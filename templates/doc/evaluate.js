/* Evaluates the offsets that the layout engine exported. Nothing else on this page
   computes one: sums, strides times counts, and roundings are all there is. */

const U32_MAX = 0xffffffff;

/** The value of an expression, in bytes; `counts` maps names to numbers. */
function evaluate(expr, counts) {
  if (typeof expr === "number") return expr;
  if (expr.sum) return expr.sum.reduce((total, part) => total + evaluate(part, counts), 0);
  if (expr.term) {
    const [stride, count, when] = expr.term;
    if (when !== null && !counts[when]) return 0;
    return stride * (typeof count === "number" ? count : counts[count] || 0);
  }
  const [inner, to] = expr.align_up;
  return Math.ceil(evaluate(inner, counts) / to) * to;
}

/** A formula with every name replaced by its value. */
function worked(formula, values) {
  return formula.replace(/[A-Za-z_][A-Za-z0-9_]*/g, (name) =>
    name in values ? String(values[name]) : name
  );
}
