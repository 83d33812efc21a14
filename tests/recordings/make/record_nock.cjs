// Records the calls with nock: node record_nock.cjs FILE BASE SCRIPT
const fs = require("fs");
const http = require("http");
const nock = require("nock");

const [file, base, script] = process.argv.slice(2);
const { calls, body, headers } = JSON.parse(script);

const call = ([method, path]) =>
  new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, headers }, (response) => {
      response.on("data", () => {});
      response.on("end", resolve);
    });
    request.on("error", reject);
    request.end(method === "POST" ? body : undefined);
  });

(async () => {
  nock.recorder.rec({ output_objects: true, dont_print: true, enable_reqheaders_recording: true });
  for (const one of calls) {
    await call(one);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const recorded = nock.recorder.play();
  fs.writeFileSync(file, JSON.stringify(recorded, null, 2) + "\n");
  process.exit(0);
})();
