import type { EcsTask } from "#core/ports/aws.ts";

export type StopCause =
  | "normal"
  | "application-exit"
  | "out-of-memory"
  | "image-or-secret"
  | "elb-health-check"
  | "capacity"
  | "infrastructure";

const neverStarted =
  /CannotPull|CannotStart|CannotCreate|CannotInspect|ResourceInitialization|manifest|image .*not found|pull access denied|unable to (?:pull|retrieve)|secret|log ?group|log driver|ContainerRuntimeError|InvalidParameterException/iu;
const capacity =
  /Capacity is unavailable|capacity unavailable|insufficient capacity|RESOURCE:(?:MEMORY|CPU|ENI)|no container instance|InsufficientFreeAddresses|not enough free addresses/iu;
const health =
  /failed (?:ELB|container) health checks|failed to pass|health checks? failed|unhealthy/iu;
/** Reasons name whole ARNs. */
const longest = 240;
const onPurpose = /scaling activity|deployment|desired count|stopped by|user/iu;

/**
 * Why a task stopped, by stop code, reason and exit codes. Exit code 137 is a kill: out of memory only
 * where ECS says so, else a stop that outlasted its time-out. 143 is a stop that was obeyed.
 * Source: "Amazon ECS stopped tasks error messages", AWS documentation.
 */
export function stopCause(task: EcsTask): { readonly cause: StopCause; readonly why: string } {
  const reasons = [
    task.stoppedReason,
    ...task.containers.map((container) => container.reason),
  ].filter((one) => one !== null);
  const text = reasons.join("; ");
  const ended = task.containers.find(
    (container) => container.exitCode !== null && container.exitCode !== 0,
  );
  const zero = task.containers.find((container) => container.exitCode === 0);
  const exit = ended ?? zero;
  const code = exit?.exitCode ?? null;
  const why = [text, code === null ? "" : `exit code ${code} of ${exit?.name ?? "a container"}`]
    .filter((one) => one !== "")
    .join("; ");
  const as = (cause: StopCause): { cause: StopCause; why: string } => ({
    cause,
    why: why === "" ? (task.stopCode ?? "no reason given") : why.slice(0, longest),
  });

  if (/OutOfMemory/iu.test(text)) return as("out-of-memory");
  if (capacity.test(text)) return as("capacity");
  if (task.stopCode === "TaskFailedToStart" || (code === null && neverStarted.test(text)))
    return as("image-or-secret");
  if (health.test(text)) return as("elb-health-check");
  if (
    ["InfrastructureHealth", "SpotInterruption", "TerminationNotice"].includes(task.stopCode ?? "")
  )
    return as("infrastructure");
  if (task.stopCode === "EssentialContainerExited")
    return as(code === 143 ? "normal" : "application-exit");
  if (task.stopCode === "UserInitiated" || task.stopCode === "ServiceSchedulerInitiated")
    return as("normal");
  // Others leave the stop code out: what is left is the exit code and the words.
  if (ended !== undefined && code !== 137 && code !== 143 && !onPurpose.test(text))
    return as("application-exit");
  return as("normal");
}
