// A running server as a story sees it: its people, its API, its mails, and browser windows that are watched.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eventually, launch, signIn } from "./lib.mjs";
import { watch } from "./watch.mjs";

export const PASSWORD = "correct horse battery staple";

/** The world that one story plays in. `told` comes from the Rust test, see `tests/it/stage.rs`. */
export class Stage {
  constructor(told) {
    Object.assign(this, told);
    this.complaints = [];
    this.contexts = [];
    this.people = new Map();
  }

  /** Notes what is wrong without ending the story; the story fails at its end. */
  complain(sentence) {
    if (!this.complaints.includes(sentence)) this.complaints.push(sentence);
  }

  /** A fresh window: no cookies, no cache. */
  async open(options = {}) {
    this.browser ??= await launch();
    const context = await this.browser.newContext({
      baseURL: this.base,
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(15_000);
    await watch(context, (sentence) => this.complain(sentence));
    this.contexts.push(context);
    return context.newPage();
  }

  /** A window in which a side is signed in: `client` or `vendor`. */
  async openAs(side, options = {}) {
    const page = await this.open(options);
    if (side !== "nobody") await signIn(page, await this.person(side));
    return page;
  }

  /** An administrator of a side, with a password: made by the operator's command when first asked for. */
  async person(side) {
    if (!this.people.has(side)) this.people.set(side, this.hire(this.sides[side]));
    return this.people.get(side);
  }

  async hire({ customer, email, name, password }) {
    if (!password) {
      const flags = ["--customer", customer, "--email", email, "--name", name, "--password-stdin"];
      await this.command(["user", "create", ...flags], PASSWORD);
    }
    return { email, name, password: password ?? PASSWORD };
  }

  /** True where the server has a page at this path of the route table. */
  serves(route) {
    return this.routes.includes(route);
  }

  /** Calls the API with a side's token. Gives status and JSON. */
  async api(side, method, to, body) {
    const answer = await fetch(this.base + to, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${this.sides[side].token}:`).toString("base64")}`,
        ...(body && { "content-type": "application/json" }),
      },
      body: body && JSON.stringify(body),
    });
    const said = await answer.text();
    if (answer.status >= 500) this.complain(`${method} ${to} answered ${answer.status}`);
    return { status: answer.status, json: said.startsWith("{") || said.startsWith("[") ? JSON.parse(said) : null };
  }

  /** Invites somebody through the API and gives the request. */
  async invite(fields) {
    const body = { vendor_access_request: { ...this.invitee, ...fields } };
    const { status, json } = await this.api("client", "POST", "/ratings/v1/access-requests", body);
    assert.equal(status, 201, JSON.stringify(json));
    return json;
  }

  /** The activation mail of a request, with its `link`, as the operator finds it among the kept mails. */
  async activation(request) {
    return (await this.mails(request, ["activation"])).activation;
  }

  /** Kept mails of a request by their kinds: `message` with `subject`, `text` and `html`, and `link`. */
  async mails(request, kinds) {
    const found = await eventually(`${kinds.join(" and ")} mail of ${request}`, async () => {
      const mails = await this.command(["mail", "list", "--request", request]);
      const ofKinds = kinds.map((kind) => mails.find((mail) => mail.kind === kind));
      return ofKinds.every(Boolean) && ofKinds;
    });
    const shown = await Promise.all(found.map(({ guid }) => this.command(["mail", "show", guid])));
    return Object.fromEntries(kinds.map((kind, at) => [kind, shown[at]]));
  }

  /** The link to a path of this server in the newest mail of a kind to somebody. */
  async linkTo(email, kind, path) {
    const found = await eventually(`${kind} mail to ${email}`, async () => {
      const mails = await this.command(["mail", "list"]);
      return mails.find((mail) => mail.recipient === email && mail.kind === kind);
    });
    const { message } = await this.command(["mail", "show", found.guid]);
    return message.text.split(/\s+/).find((word) => word.startsWith(`${this.base}${path}`));
  }

  /** Runs a command of the binary on this database and gives its JSON. */
  command(args, input = "") {
    return new Promise((resolve, reject) => {
      const child = execFile(
        this.binary,
        ["--database", this.database, ...args, "--json"],
        { env: {}, maxBuffer: 64 << 20 },
        (error, out, err) => (error ? reject(new Error(`${args.join(" ")}: ${err || error}`)) : resolve(JSON.parse(out))),
      );
      // A command that reads nothing may be gone already.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  }

  /** Keeps a picture and the HTML of every open page; for a story that failed. */
  async keepPages() {
    mkdirSync(this.folder, { recursive: true });
    const pages = this.contexts.flatMap((context) => context.pages());
    for (const [number, page] of pages.entries()) {
      const file = path.join(this.folder, `page-${number + 1}`);
      await page.screenshot({ path: `${file}.png`, fullPage: true, timeout: 5_000 }).catch(() => {});
      const html = await page.content().catch(() => "");
      writeFileSync(`${file}.html`, `<!-- ${page.url()} -->\n${html}`);
    }
    return pages.map((page) => page.url());
  }

  async close() {
    await this.browser?.close();
  }
}
