import type { Service } from "./config.ts";

/** The mend of what only a look from inside would show, where a person may approve one. */
export const approveInside = "press Look from inside (ECS Exec), or ask for check --inside";

/** Whether the operators switched on looks from inside the running container for this service. */
export const offersInside = ({ exec }: Service): boolean => exec?.enabled === true;
