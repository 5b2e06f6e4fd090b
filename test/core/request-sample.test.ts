import { describe, expect, it } from "vitest";
import { bareUrl, readPasted, readSamples } from "#core/request-sample.ts";

const url = "https://api.hokus.ai/api/v1/models/21/predict";
const fields = ["inputs", "inputs.company_size", "inputs.demo_requested"];

describe("requests as people write them", () => {
  it.each([
    [
      "curl over several lines",
      `curl -X POST ${url} \\\n  -H "Authorization: Bearer hk_x" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\n "inputs": {"company_size": 1, "demo_requested": true}\n}'`,
    ],
    [
      "curl in HTML with entities and colours",
      `<!doctype html><p>Call it:</p><pre><code><span class="k">curl</span> -XPOST &quot;${url}&quot; -H &quot;Authorization: Bearer $K&quot; -H &#39;Content-Type: application/json&#39; --data-raw &#39;{&quot;inputs&quot;: {&quot;company_size&quot;: 1, &quot;demo_requested&quot;: true}}&#39;</code></pre>`,
    ],
    [
      "curl with a variable",
      `export HOKUSAI_API_URL=https://api.hokus.ai/api\ncurl "$HOKUSAI_API_URL/v1/models/21/predict" -H "Authorization: Bearer k" -H "Content-Type: application/json" -d '{"inputs":{"company_size":1,"demo_requested":true}}'`,
    ],
    [
      "Python",
      `import requests\nr = requests.post("${url}", headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"}, json={"inputs": {"company_size": 1, "demo_requested": True}})`,
    ],
    [
      "Python with a base URL",
      `api_url = "https://api.hokus.ai/api"\nurl = f"{api_url}/v1/models/21/predict"\nrequests.post(url, headers={"Authorization": "Bearer " + key, "Content-Type": "application/json"}, json={"inputs": {"company_size": 1, "demo_requested": True}})`,
    ],
    [
      "JavaScript",
      `await fetch("${url}", { method: "POST", headers: { "Authorization": \`Bearer \${key}\`, "Content-Type": "application/json" }, body: JSON.stringify({ inputs: { company_size: 1, demo_requested: true } }) });`,
    ],
    [
      "raw HTTP",
      `POST /api/v1/models/21/predict HTTP/1.1\nHost: api.hokus.ai\nAuthorization: Bearer k\nContent-Type: application/json\n\n{"inputs": {"company_size": 1, "demo_requested": true}}`,
    ],
    [
      "Markdown",
      `# Use it\n\n\`\`\`bash\ncurl --request POST --url ${url} --header 'authorization: Bearer k' --header 'content-type: application/json' --data '{"inputs":{"company_size":1,"demo_requested":true}}'\n\`\`\`\n`,
    ],
  ])("%s", (_name, text) => {
    const [sample] = readSamples(text);
    expect(sample).toMatchObject({ url, method: "POST", scheme: "Bearer", fields });
    expect(sample?.headers).toEqual(expect.arrayContaining(["authorization", "content-type"]));
  });

  it("reads several, and none twice", () => {
    const other = url.replace("api.hokus.ai/api", "hokus.ai/api");
    expect(
      readSamples(`curl ${url}\ncurl -d '{}' ${other}\ncurl ${url}`).map((one) => [
        one.method,
        one.url,
      ]),
    ).toEqual([
      ["GET", url],
      ["POST", other],
    ]);
  });

  it("keeps placeholders", () => {
    expect(
      readSamples(`curl https://api.hokus.ai/api/v1/models/{model_id}/predict -d '{}'`)[0]?.url,
    ).toContain("{model_id}");
  });

  it("reads nothing from a page without a request, and stays quick on rubbish", () => {
    expect(readSamples("<html><p>Welcome</p></html>")).toEqual([]);
    const started = performance.now();
    readSamples(`<html>${"<pre>curl '".repeat(3_000)}${"{".repeat(50_000)}`);
    readSamples(`curl ${"a'b".repeat(40_000)}`);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it.each([
    ["https://user:secret@hokus.ai/api?api_key=hk_123#frag", "https://hokus.ai/api"],
    ["  <https://hokus.ai/api/v1>  ", "https://hokus.ai/api/v1"],
    ["hokus.ai/api/v1/models/21/predict", "https://hokus.ai/api/v1/models/21/predict"],
    ["hokus.ai:8443/x", "https://hokus.ai:8443/x"],
    ["ftp://hokus.ai/", null],
    ["javascript:alert(1)", null],
    ["file:///etc/passwd", null],
    ["", null],
    ["not a url", null],
  ])("%s without what must not travel", (text, bare) => {
    expect(bareUrl(text)).toBe(bare);
  });
});

describe("a pasted request", () => {
  it.each([
    ["bearer", `-H 'Authorization: Bearer hk_live_secret_1'`, "hk_l"],
    ["header of its own", `-H "X-API-Key: sk-secret-1"`, "sk-s"],
    ["variable", `-H "Authorization: Bearer $KEY"`, null],
    ["placeholder", `-H "Authorization: Bearer <your key>"`, null],
    ["none", `-H "accept: */*"`, null],
  ])("keeps four characters of the key at most: %s", (_name, header, keyStart) => {
    const pasted = readPasted(
      `curl -u bob:pw '${url}?api_key=hk_live_secret_2' ${header} -d '{"inputs":{"email":"a@b.c"}}'`,
    );
    expect(pasted).toMatchObject({ url, method: "POST", fields: ["inputs", "inputs.email"] });
    if (header.includes("X-API") || keyStart !== null) expect(pasted?.keyStart).toBe(keyStart);
    expect(JSON.stringify(pasted)).not.toMatch(/secret|bob|pw|a@b/u);
  });

  it.each(["", "hello", "curl ftp://x/y"])("is none: %j", (text) => {
    expect(readPasted(text)).toBeNull();
  });
});
