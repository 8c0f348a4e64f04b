/* Recounts beside the page, so that the page stays alive and the count can be cancelled (by ending this worker). */

import { Fault, decoded, read } from "./pabulib.js";
import { Unable } from "./election.js";
import { recounted } from "./recount.js";
import { recountedMarks } from "./marks.js";

const told = (() => {
  let before = 0;
  return (step, of) => {
    const now = performance.now();
    if (now - before < 100) return;
    before = now;
    postMessage({ step, of });
  };
})();

/* {ballots: ArrayBuffer, form: "pb" | "csv", published, paper, whole} → {same, lines, ours} or {fault: {ko, en}}. */
addEventListener("message", async ({ data: { ballots, form, published, paper, whole } }) => {
  try {
    const text = decoded(new Uint8Array(ballots));
    postMessage({ done: form === "csv" ? await recountedMarks(text, paper, published) : await recounted(read(text), published, { whole, told }) });
  } catch (fault) {
    if (!(fault instanceof Fault || fault instanceof Unable)) throw fault;
    const [ko, en] = fault.message.split(" / ");
    postMessage({ fault: { ko, en: en ?? ko } });
  }
});
