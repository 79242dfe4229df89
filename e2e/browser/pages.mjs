// Every page of the server, one line each: its route, who looks at it, and an address of that route.

import assert from "node:assert/strict";
import { findThings } from "./things.mjs";

// `state` tells apart two addresses of one route.
const page = (route, as, at = () => route, state = "") => ({ route: route + state, as, at, pattern: route });

/** A page of the server without a line here fails the tests. A line waits for its page. */
const PAGES = [
  page("/", "nobody"),
  page("/i/{token}", "nobody", ({ link }) => new URL(link).pathname),
  page("/verify/{guid}", "nobody", ({ sent }) => `/verify/${sent}`),
  page("/sign-in", "nobody"),
  page("/reset", "nobody"),
  page("/password/{token}", "nobody", ({ password }) => new URL(password).pathname),
  page("/code", "nobody"),
  page("/join", "nobody", ({ accessLink }) => `/join?token=${accessLink}`),
  page("/unsubscribe", "nobody", ({ unsubscribe }) => unsubscribe.slice(new URL(unsubscribe).origin.length)),
  page("/docs", "nobody"),
  page("/styleguide", "nobody"),
  page("/outbox", "client"),
  page("/outbox", "client", () => "/outbox?q=nobody-is-called-like-this", "?q=nobody"),
  page("/outbox", "client", () => "/outbox?plots=yes", "?plots=yes"),
  page("/outbox/new", "client"),
  page("/outbox/new", "client", ({ company }) => `/outbox/new?company=${company}`, "?company"),
  page("/requests/{guid}", "client", ({ sent }) => `/requests/${sent}`),
  page("/requests/{guid}", "client", ({ pending }) => `/requests/${pending}`, "-pending"),
  page("/requests/{guid}/messages/{id}", "client", ({ sent, said }) => `/requests/${sent}/messages/${said.client}`),
  page("/requests/{guid}/mails/{id}", "client", ({ kept }) => `/requests/${kept.request_guid}/mails/${kept.guid}`),
  page("/portfolio", "client"),
  page("/portfolio", "client", () => "/portfolio?q=nobody-is-called-like-this", "?q=nobody"),
  page("/companies/{guid}", "client", ({ company }) => `/companies/${company}`),
  page("/links", "client"),
  page("/links/{guid}", "client", ({ accessLink }) => `/links/${accessLink}`),
  page("/mail", "client"),
  page("/mail/{guid}", "client", ({ mail }) => `/mail/${mail}`),
  page("/notifications", "client"),
  page("/settings/profile", "client"),
  page("/settings/users", "client"),
  page("/settings/users/{guid}", "client", ({ user }) => `/settings/users/${user}`),
  page("/settings/tokens", "client"),
  page("/settings/collaboration", "client"),
  page("/inbox", "vendor"),
  page("/inbox/{guid}", "vendor", ({ received }) => `/inbox/${received}`),
  page("/inbox/{guid}/messages/{id}", "vendor", ({ received, said }) => `/inbox/${received}/messages/${said.vendor}`),
  page("/outbox", "vendor", () => "/outbox", "-vendor"),
  page("/portfolio", "vendor", () => "/portfolio", "-vendor"),
  page("/notifications", "vendor", () => "/notifications", "-vendor"),
  page("/settings/profile", "vendor", () => "/settings/profile", "-vendor"),
];

/** Routes that only the demonstration has, or has an object for. */
const ONLY_IN_DEMO = [
  "/styleguide", "/unsubscribe",
  "/requests/{guid}/messages/{id}", "/requests/{guid}/mails/{id}", "/inbox/{guid}/messages/{id}",
];

/** Routes that answer a GET with something other than a page: the API, files, downloads, streams, redirects. */
const NOT_PAGES = [
  /^\/(ratings|liaison)\/v[12](\/|$)/,
  /^\/assets\//,
  /\.(csv|xlsx|pdf|json|svg)$/,
  /\/stream$/,
  /\/mails\/\{id\}\/html$/,
  /^\/notifications\/\{number\}$/,
  /^\/(healthz|readyz|home)$/,
];

/** The pages that this server has, in the order of the list. */
export function served(stage) {
  const isPage = (route) => !NOT_PAGES.some((pattern) => pattern.test(route));
  const listed = new Set(PAGES.map(({ pattern }) => pattern));
  const missing = stage.routes.filter((route) => isPage(route) && !listed.has(route));
  assert.deepEqual(missing, [], "pages without a line in e2e/browser/pages.mjs");
  const shows = (route) => stage.serves(route) && (stage.tour || !ONLY_IN_DEMO.includes(route));
  return PAGES.filter(({ pattern }) => shows(pattern));
}

/**
 * Opens every page in turn, a window for each kind of visitor, and does something there. Gives windows and things, with
 * which a story can go round again; by then it may have spent some of the links.
 */
export async function eachPage(stage, work, { options, round } = {}) {
  const { things, windows } = round ?? { things: await findThings(stage), windows: new Map() };
  for (const { route, as, at } of served(stage)) {
    if (!windows.has(as)) windows.set(as, await stage.openAs(as, options));
    const page = windows.get(as);
    const response = await page.goto(at(things));
    const isSpent = round !== undefined && response.status() === 410;
    assert.ok(response.ok() || isSpent, `${route} as ${as} answered ${response.status()}`);
    await work(page, { route, as, at: at(things) });
  }
  return { things, windows };
}
