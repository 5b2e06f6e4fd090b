/** hokus.ai: static pages behind nginx, among them what customers are told about each model. */
import type { Exchange } from "../net/http-host.ts";
import type { PublishedPage, WorldState } from "../world/state.ts";

const escape = (text: string): string =>
  text.replace(/[&<>]/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[one] ?? one);

const documentation = (page: PublishedPage): string => {
  const url = `${page.baseUrl}${page.path}`;
  const body = JSON.stringify({ inputs: page.fields }, null, 2);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(page.name)} | Hokusai</title></head>
<body>
<main>
<h1>${escape(page.name)}</h1>
<p>Model ID ${escape(page.modelId)}</p>
<h2>API</h2>
<p>Base URL: <code>${escape(page.baseUrl)}</code></p>
<p>Endpoint: <code>${escape(page.method)} ${escape(page.path)}</code></p>
<p>Header: <code>${escape(page.header)}</code></p>
<pre><code class="language-bash">curl -X ${escape(page.method)} ${escape(url)} \\
  -H "${escape(page.header)}" \\
  -H "Content-Type: application/json" \\
  -d '${escape(body)}'</code></pre>
</main>
</body>
</html>
`;
};

const nginxPage = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

export const answerWebsite = (state: WorldState, { request, response, url }: Exchange): void => {
  const send = (status: number, html: string): void => {
    response.writeHead(status, {
      server: "nginx",
      "content-type": "text/html",
      "content-length": Buffer.byteLength(html),
    });
    response.end(request.method === "HEAD" ? undefined : html);
  };
  if (state.website.mode === "erring") {
    send(502, nginxPage("502 Bad Gateway"));
    return;
  }
  // nginx serves files: it refuses any other method without saying which it allows.
  if (request.method !== "GET" && request.method !== "HEAD") {
    send(405, nginxPage("405 Not Allowed"));
    return;
  }
  const id = /^\/explore-models\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  const page = state.website.pages.find((one) => one.modelId === id);
  if (page !== undefined) send(200, documentation(page));
  else if (url.pathname === "/")
    send(200, "<!doctype html>\n<title>Hokusai</title>\n<h1>Hokusai</h1>\n");
  else send(404, nginxPage("404 Not Found"));
};
