// Record the server's answers as HAR, in each mode and content policy of Playwright.
import { chromium } from "playwright-core";

const [base, folder] = process.argv.slice(2);
const kinds = {
  "full-embed.har": { mode: "full", content: "embed" },
  "minimal-embed.har": { mode: "minimal", content: "embed" },
  "full-omit.har": { mode: "full", content: "omit" },
  "attach/attach.har": { mode: "full", content: "attach" },
  "attach.zip": { mode: "full", content: "attach" },
};
const calls = [
  ["POST", "/rate?token=fake"], ["GET", "/gzip"], ["GET", "/latin"], ["GET", "/empty"], ["GET", "/nothing"],
  ["HEAD", "/rate"], ["GET", "/redirect"], ["GET", "/binary"],
];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const [name, options] of Object.entries(kinds)) {
  const context = await browser.newContext({ recordHar: { path: `${folder}/${name}`, ...options } });
  const page = await context.newPage();
  await page.goto(`${base}/page`);
  for (const [method, path] of calls) {
    await page.evaluate(async ([method, path]) => {
      await (await fetch(path, { method, body: method === "POST" ? "{}" : undefined })).arrayBuffer();
    }, [method, path]);
  }
  await page.evaluate(() => fetch("http://127.0.0.1:1/refused").catch(() => {}));
  await context.close();
}
await browser.close();
