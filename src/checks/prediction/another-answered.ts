import { degraded } from "#core/check.ts";

/** A success that no application of ours gave says nothing of keys: a challenge page, a web site. */
export const anotherAnswered = degraded(
  "What answered is not the API: a page of something in front of it, or another server.",
  "See edge/reach and identity/chain: who answers there.",
);
