// A server that writes down what it is told, as a merchant's would be told it.

import { createServer } from "node:http";

const ACCEPTED = { ResultCode: 0, ResultDesc: "Accepted" };

/** Listens on a free port of this machine. `answers` has other answers than the usual one, by path. */
export async function startReceiver() {
  const requests = [];
  const answers = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const path = request.url;
    requests.push({ path, method: request.method, headers: request.headers, text, body: parsed(text) });
    const { status = 200, body = ACCEPTED } = answers.get(path) ?? {};
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  return {
    requests,
    answers,
    url: (path) => address + path,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** JSON as objects; anything else as it came. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
