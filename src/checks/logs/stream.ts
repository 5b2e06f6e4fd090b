import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { logStreams } from "#facts/log-streams.ts";
import { logsConsole } from "../console.ts";

/** The log driver delivers late and drops lines when it must: a young task without a stream is no sign yet. */
const graceMs = 60_000;

export const stream = defineCheck({
  id: "logs/stream",
  question: "Does the newest task log at all?",
  needs: { streams: logStreams },
  outcomes: {
    present: ok("The newest task has a log stream."),
    "no-stream": degraded(
      "The newest task wrote nothing: it died before its program started, or its log driver does not deliver.",
      "Read why it stopped (ecs/stopped-tasks); check the log options and the execution role.",
    ),
    "group-missing": failing(
      "The log group does not exist; with the default options a task cannot even start without it.",
      "Create the log group, or correct the name in the task definition and in hokusai.yaml.",
    ),
  },
  noise: "read",
  consoleLink: logsConsole,
  judge({ streams }, { target, now }) {
    const { group, groupFound, task, newest } = streams;
    const wanted = target.service.logs.group;
    const drift =
      group === wanted ? [] : [{ label: "log group of the task definition", seen: group, wanted }];
    if (!groupFound) return found("group-missing", `no log group ${group}`, drift);
    if (task === null)
      return cannotTell("no task of the last hour is known", "see ecs/service-running");
    const name = `task ${task.id.slice(0, 8)} (${task.lastStatus})`;
    if (streams.stream !== null) {
      return found("present", `${name} logs to ${streams.stream.name}`, [
        ...drift,
        { label: "first line", seen: streams.stream.firstAt ?? "not told" },
      ]);
    }
    if (task.createdAt !== null && now - Date.parse(task.createdAt) < graceMs) {
      return cannotTell(`${name} is younger than a minute`, "check again in a minute");
    }
    return found("no-stream", `no stream of ${name}`, [
      ...drift,
      { label: "newest stream", seen: newest === null ? "none" : newest.name },
    ]);
  },
});
