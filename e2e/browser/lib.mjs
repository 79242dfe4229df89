// What stories do with a browser: start it, sign in, measure a page, judge it by axe, keep a picture.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser of this machine. */
export function browserPath() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(existsSync);
  assert.ok(found, `none of ${NAMES.join(", ")} is in PATH`);
  return found;
}

/** A browser without window. */
export function launch() {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: browserPath(),
    // Chromium's sandbox refuses to start as root, which containers often are.
    chromiumSandbox: !root,
    args: ["--disable-dev-shm-usage", "--force-color-profile=srgb", "--font-render-hinting=none"],
  });
}

/** Signs in through the form; `person` is `{ email, password }`. */
export async function signIn(page, person) {
  await page.goto("/sign-in");
  await page.fill("input[name=email]", person.email);
  await page.fill("input[name=password]", person.password);
  await submit(page, "form:has(input[name=password])");
  assert.ok(!page.url().includes("/sign-in"), `${person.email} is refused:\n${await text(page)}`);
}

/** Sends a form by its button and gives the answer that was shown in the end, after redirects. */
export async function submit(page, form = "main form") {
  const button = page.locator(form).first().locator("button:not([type=button]), input[type=submit]").first();
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), button.click()]);
  return response;
}

/** Presses the button with these words and gives the answer that was shown in the end, after redirects. */
export async function choose(page, words) {
  const button = page.getByRole("button", { name: words }).first();
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), button.click()]);
  return response;
}

/** Opens the menu with these words inside a part of the page; its only one where none are given. */
export function openMenu(part, words) {
  return part.locator("details.menu > summary", { hasText: words }).click();
}

/** Fills in and sends the form of an activation link; gives the answer that was shown in the end. */
export async function accept(page, { name, password, terms = true }) {
  if (name !== undefined) await page.fill("[name=formal_name]", name);
  await page.fill("[name=password]", password);
  await page.setChecked("[name=terms]", terms);
  return submit(page, "form:has([name=terms])");
}

/** What a person reads on the page. */
export function text(page) {
  return page.locator("body").innerText();
}

/** Asks until there is an answer; for what happens in the background of the server. */
export async function eventually(what, look, patience = 20_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe finds serious or critical, one readable line for each element; an empty list is a good page.
 * The source goes in through the debugger, which the page's content policy does not govern.
 */
export async function axe(page) {
  const debug = await page.context().newCDPSession(page);
  try {
    await debug.send("Runtime.evaluate", { expression: axeSource });
    const { result, exceptionDetails } = await debug.send("Runtime.evaluate", {
      expression: `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(
        violations.filter(({ impact }) => impact === "serious" || impact === "critical")))`,
      awaitPromise: true,
    });
    assert.ok(!exceptionDetails, exceptionDetails?.exception?.description);
    return JSON.parse(result.value).flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message)[0] ?? "";
        return `${id}: ${help} (${target.join(" ")}) ${why}`;
      }),
    );
  } finally {
    await debug.detach();
  }
}

/** Does something once in each theme. */
export async function themes(page, names, work) {
  for (const colorScheme of names) {
    await page.emulateMedia({ colorScheme });
    await work(colorScheme);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Loads a path with an empty cache and gives the bytes that came over the wire: everything, and the largest parts. */
export async function weigh(page, to) {
  const debug = await page.context().newCDPSession(page);
  const parts = new Map();
  debug.on("Network.requestWillBeSent", ({ requestId, request }) => parts.set(requestId, { url: request.url, bytes: 0 }));
  const note = (requestId, bytesOf) => {
    const part = parts.get(requestId);
    if (part) part.bytes = bytesOf(part.bytes);
  };
  // A stream of events never finishes; what has come of it counts.
  debug.on("Network.dataReceived", ({ requestId, dataLength }) => note(requestId, (bytes) => bytes + dataLength));
  debug.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => note(requestId, () => encodedDataLength));
  await debug.send("Network.enable");
  await debug.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.goto(to, { waitUntil: "load" });
  await debug.detach();
  const all = [...parts.values()].sort((a, b) => b.bytes - a.bytes);
  return { bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), parts: all };
}

/** A picture of the whole page, in `folder`. */
export async function shot(page, folder, name) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true, animations: "disabled" });
}

/** The pixels by which a page is wider than its window: none should be. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
