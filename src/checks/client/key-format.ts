import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { keyFormat as fact } from "#facts/key-format.ts";

/** Another product's key, or a scheme written twice, is refused by everything; the API is fine then. */
export const keyFormat = defineCheck({
  id: "client/key-format",
  question: "Does the customer's key look like a key of this API?",
  needs: { key: fact },
  outcomes: {
    "well-formed": ok("The customer's key starts as this API's keys do."),
    malformed: failing(
      "The customer's key does not start as this API's keys do.",
      "Compare the start of the key with the documented prefix; look for quotes, spaces or a line end around it.",
    ),
  },
  noise: "read",
  judge({ key: { prefix, customer } }) {
    if (customer === null)
      return cannotTell(
        "nobody told how the customer's key starts; ours says nothing of theirs",
        "ask for its first characters, never the whole key, and give them with --key-prefix",
      );
    const evidence = [
      {
        label: "start of the customer's key",
        seen: customer.fits ? "fits" : "does not fit",
        wanted: `${prefix}...`,
      },
    ];
    return customer.fits
      ? found("well-formed", `the customer's key starts like ${prefix}`, evidence)
      : found("malformed", `the customer's key does not start with ${prefix}`, evidence);
  },
});
