/** Faults of the API, its dependencies, its names and its documents. */
import type { Fault } from "../fault.ts";
import { callerFaults } from "./callers.ts";
import { contractFaults } from "./contract.ts";
import { dependencyFaults } from "./dependencies.ts";
import { documentFaults } from "./documents.ts";
import { edgeFaults } from "./edge.ts";
import { namesAndCertificates } from "./names-and-certificates.ts";
import { releases } from "./releases.ts";

export const apiFaults: readonly Fault[] = [
  ...releases,
  ...dependencyFaults,
  ...edgeFaults,
  ...namesAndCertificates,
  ...documentFaults,
  ...callerFaults,
  ...contractFaults,
];
