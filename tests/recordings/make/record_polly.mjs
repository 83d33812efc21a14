// Record the calls with Polly.js: node record_polly.mjs FOLDER BASE SCRIPT
import http from "node:http";
import { Polly } from "@pollyjs/core";
import NodeHttpAdapter from "@pollyjs/adapter-node-http";
import FSPersister from "@pollyjs/persister-fs";

const [recordingsDir, base, script] = process.argv.slice(2);
const { calls, body, headers } = JSON.parse(script);
Polly.register(NodeHttpAdapter);
Polly.register(FSPersister);

function call(method, path) {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, headers }, (response) => {
      response.on("data", () => {});
      response.on("end", resolve);
    });
    request.on("error", reject);
    request.end(method === "POST" ? body : undefined);
  });
}

const polly = new Polly("calls", {
  adapters: ["node-http"],
  persister: "fs",
  persisterOptions: { fs: { recordingsDir } },
  recordFailedRequests: true,
  logLevel: "silent",
});
for (const [method, path] of calls) await call(method, path);
await polly.stop();
