// Runs a collection and saves its responses as examples: node record_postman.cjs FOLDER BASE SCRIPT
const fs = require("fs");
const path = require("path");
const newman = require("newman");
const { Collection, Response } = require("postman-collection");
const transformer = require("postman-collection-transformer");

const [folder, base, script] = process.argv.slice(2);
const { calls, body, headers } = JSON.parse(script);
const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const header = Object.entries(headers).map(([key, value]) => ({ key, value }));
const items = calls.map(([method, called]) => ({
  name: `${method} ${called}`,
  request: {
    method,
    header,
    url: `{{base}}${called}`,
    ...(method === "POST" ? { body: { mode: "raw", raw: body } } : {}),
  },
}));
const collection = {
  info: { _postman_id: "00000000-0000-4000-8000-000000000001", name: "Recorded", schema },
  item: [{ name: "folder", item: items.slice(0, 4) }, ...items.slice(4)],
  variable: [{ key: "base", value: base }],
};

newman.run({ collection, ignoreRedirects: true, reporters: [] }, (error, summary) => {
  if (error) throw error;
  const saved = new Collection(collection);
  const requests = [];
  saved.forEachItem((item) => requests.push(item));
  summary.run.executions.forEach(({ response }, number) => {
    requests[number].responses.add(
      new Response({
        name: `${response.code} ${response.status}`,
        originalRequest: requests[number].request.toJSON(),
        code: response.code,
        status: response.status,
        header: response.headers.toJSON(),
        body: response.text(),
        responseTime: 1,
      }),
    );
  });
  const written = JSON.parse(JSON.stringify(saved.toJSON()));
  written.info.schema = schema;
  fs.writeFileSync(path.join(folder, "v2.1.json"), JSON.stringify(written, null, 2) + "\n");
  const oldest = { inputVersion: "2.1.0", outputVersion: "1.0.0", retainIds: true };
  transformer.convert(written, oldest, (failed, first) => {
    if (failed) throw failed;
    const older = { inputVersion: "1.0.0", outputVersion: "2.0.0", retainIds: true };
    transformer.convert(first, older, (again, second) => {
      if (again) throw again;
      fs.writeFileSync(path.join(folder, "v2.0.json"), JSON.stringify(second, null, 2) + "\n");
    });
  });
});
