import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { keyFormat as fact } from "#facts/key-format.ts";

/** Half a key, or another product's, is refused by everything; nothing is wrong with the API then. */
export const keyFormat = defineCheck({
  id: "client/key-format",
  question: "Does the key look like a key of this API?",
  needs: { key: fact },
  outcomes: {
    "well-formed": ok("What is known of the key fits the format of this API."),
    malformed: failing(
      "The key does not have the format of this API's keys.",
      "Compare the start of the key with the documented prefix; look for quotes, spaces or a line end around it.",
    ),
  },
  noise: "read",
  judge({ key }) {
    const evidence = [
      ...(key.customer === null
        ? []
        : [
            {
              label: "start of the customer's key",
              seen: key.customer.fits ? "fits" : "does not fit",
              wanted: `${key.prefix}...`,
            },
          ]),
      { label: "our scoped key", seen: key.scoped, wanted: `${key.prefix}...` },
    ];
    if (key.customer !== null) {
      return found(
        key.customer.fits ? "well-formed" : "malformed",
        key.customer.fits
          ? `the customer's key starts like ${key.prefix}`
          : `the customer's key does not start with ${key.prefix}`,
        evidence,
      );
    }
    if (key.scoped === "missing") {
      return cannotTell(
        "nobody told how the customer's key starts",
        "ask for its first characters (never the whole key)",
      );
    }
    return found(
      key.scoped === "malformed" ? "malformed" : "well-formed",
      `our scoped key is ${key.scoped}; the customer's is not known`,
      evidence,
    );
  },
});
