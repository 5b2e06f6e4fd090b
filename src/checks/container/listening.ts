import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { containerView } from "#facts/container-view.ts";
import { insideLine, withVantage } from "./seen.ts";

/** What the process really opened; a task definition only says what it should open. */
export const listening = defineCheck({
  id: "container/listening",
  question: "Does the process listen on its port, for others than itself?",
  needs: { view: containerView },
  outcomes: {
    listening: ok("The port is open to the network, and the process answers on it."),
    "not-listening": failing(
      "Nothing listens in the container: the process is still starting, or hangs before it opens its port.",
      "Read the newest lines of its log (logs/startup).",
    ),
    "other-port": failing(
      "The process listens, but on another port than load balancer and catalogue expect.",
      "Compare the command and the port variable of the task definition with the target group's port.",
    ),
    "bound-to-loopback": failing(
      "The process listens on 127.0.0.1 only: the load balancer is refused.",
      "Start the server with --host 0.0.0.0.",
    ),
    silent: failing(
      "The port is open, and a request inside the container gets no answer in time.",
      "The process is stuck: see auth/layers, metrics/saturation and its newest log lines.",
    ),
  },
  noise: "probe",
  judge({ view }) {
    const { own } = view;
    if (own === null) return cannotTell("the container's own port was not probed", "look again");
    const { port, answer } = own;
    const sockets = own.listening ?? [];
    const mine = sockets.filter((socket) => socket.port === port);
    const evidence = withVantage(view, [
      {
        label: "listening sockets",
        seen:
          own.listening === null
            ? "not shown"
            : sockets.map((socket) => `${socket.on}:${socket.port}`).join(", ") || "none",
        wanted: `any:${port}`,
      },
      { label: `GET http://127.0.0.1:${port}/`, seen: insideLine(answer), wanted: "an answer" },
    ]);
    if (mine.length === 0 && answer.outcome === "refused") {
      const others = [
        ...new Set(sockets.filter(({ on }) => on !== "loopback").map((one) => one.port)),
      ];
      return others.length === 0
        ? found("not-listening", `nothing listens on ${port}`, evidence)
        : found("other-port", `listens on ${others.join(", ")}, not on ${port}`, evidence);
    }
    if (mine.length > 0 && mine.every(({ on }) => on === "loopback"))
      return found("bound-to-loopback", `127.0.0.1:${port} only`, evidence);
    if (answer.outcome === "timeout")
      return found("silent", `${port} is open, ${insideLine(answer)}`, evidence);
    return found("listening", `${port}: ${insideLine(answer)}`, evidence);
  },
});
