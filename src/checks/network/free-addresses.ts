import { cannotTell, defineCheck, degraded, failing, found, ok, past } from "#core/check.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { subnets } from "#facts/subnets.ts";
import { vpcConsole } from "../console.ts";

/** Each task takes an address of its subnet; Fargate does not look for a subnet that has one. */
export const freeAddresses = defineCheck({
  id: "network/free-addresses",
  question: "Have the tasks' subnets free addresses for the next task?",
  needs: { service: ecsService, subnets },
  outcomes: {
    enough: ok("Every subnet that the service may use has free addresses."),
    "none-left": failing(
      "Tasks are lacking, and no subnet that the service may use has a free address: new tasks cannot start.",
      "Free addresses (unused interfaces, other workloads), or give the service larger or further subnets.",
    ),
    "next-start-fails": past(
      degraded(
        "A subnet that the service may use has no free address left: a task that is placed there cannot start.",
        "Free addresses there, or take the subnet out of the service, before the next deployment.",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => vpcConsole(target, "subnets"),
  judge({ service, subnets: known }) {
    const own = known.flatMap(({ id, zone, freeAddresses: free }) =>
      free !== null && service?.network?.subnets.includes(id) === true ? [{ id, zone, free }] : [],
    );
    if (service === null || own.length === 0)
      return cannotTell("it is not known where tasks would run", "see ecs/service-running");
    const evidence = own.map((one) => ({
      label: `${one.id}${one.zone === null ? "" : ` (${one.zone})`}`,
      seen: `${one.free} free addresses`,
    }));
    const full = own.filter((one) => one.free <= 0);
    if (full.length === 0) {
      const least = Math.min(...own.map((one) => one.free));
      return found("enough", `at least ${least} free addresses in each subnet`, evidence);
    }
    const said = `no free address in ${full.map((one) => one.id).join(", ")}`;
    return full.length === own.length && service.running < service.desired
      ? found("none-left", `${said}: ${service.running} of ${service.desired} tasks`, evidence)
      : found("next-start-fails", `${said}, ${full.length} of ${own.length} subnets`, evidence);
  },
});
