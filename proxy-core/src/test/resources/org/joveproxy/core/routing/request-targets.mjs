// Asks Node what configurable-http-proxy 5.3.0 makes of each request target in request-targets.tsv and writes the table
// to standard output with the second and third column filled in:
//
//   node request-targets.mjs < request-targets.tsv
//
// The two expressions are the ones that CHP routes by (configproxy.js, targetForReq) and that http-proxy-3 forwards by
// (common.js, toURL and getPath).
import { readFileSync } from "node:fs";

const routedBy = (url) => decodeURIComponent(new URL(url, "http://example.com").pathname);
const forwarded = (url) => {
  const parsed = new URL(url.startsWith("//") ? "http://base.invalid" + url : url, "http://base.invalid");
  const path = parsed.pathname + parsed.search;
  return path.startsWith("/") ? path : "/" + path;
};
const unescaped = (text) => text.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
const escaped = (text) =>
  text.replace(/[^\x20-\x7e]/gu, (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
const answer = (ask, url) => {
  try {
    return escaped(ask(url));
  } catch (e) {
    return "!";
  }
};

for (const line of readFileSync(0, "utf8").split("\n")) {
  const [received, , , ...ours] = line.split("\t");
  if (line === "" || line.startsWith("#")) {
    console.log(line);
  } else {
    const url = unescaped(received);
    console.log([received, answer(routedBy, url), answer(forwarded, url), ...ours].join("\t").trimEnd());
  }
}
