// What pages are of, found or made through the API: a request that both sides see, links of every kind, a company.

import assert from "node:assert/strict";
import { eventually, submit } from "./lib.mjs";

const REQUESTS = "/ratings/v1/access-requests";

/** The objects that `pages.mjs` makes addresses of. */
export async function findThings(stage) {
  const { json: outbox } = await stage.api("client", "GET", REQUESTS);
  const { json: inbox } = await stage.api("vendor", "GET", `${REQUESTS}/received`);
  const isShared = (sent) => sent.status === "Active" && inbox.some(({ guid }) => guid === sent.guid);
  const sent = outbox.find(isShared) ?? outbox[0];
  return {
    sent: sent.guid,
    pending: outbox.find(({ status }) => status === "Pending")?.guid ?? sent.guid,
    trial: outbox.find((one) => one.status === "Active" && !isShared(one))?.guid ?? sent.guid,
    received: isShared(sent) ? sent.guid : inbox[0].guid,
    company: sent.requestee_company_guid,
    link: await activationLink(stage, outbox),
    password: stage.serves("/reset") ? await passwordLink(stage) : undefined,
    accessLink: stage.serves("/links") ? await accessLink(stage) : undefined,
    mail: stage.serves("/mail/{guid}") ? await newestMail(stage) : undefined,
    user: sent.requester_guid,
    unsubscribe: stage.serves("/unsubscribe") && isShared(sent) ? await unsubscribeLink(stage, sent) : undefined,
    said: isShared(sent) ? await messages(stage, sent) : undefined,
    kept: await keptMail(stage, outbox),
  };
}

/** The newest activation link that can still be used. */
function activationLink(stage, outbox) {
  const pending = new Set(outbox.filter(({ status }) => status === "Pending").map(({ guid }) => guid));
  return eventually("an activation mail with a link", async () => {
    const mails = await stage.command(["mail", "list", "--limit", "500"]);
    for (const mail of mails.filter(({ kind, request_guid }) => kind === "activation" && pending.has(request_guid))) {
      const { link } = await stage.command(["mail", "show", mail.guid]);
      if (link) return link;
    }
    return undefined;
  });
}

/** The link of a mail that somebody asked for who forgot the password. */
async function passwordLink(stage) {
  const { email } = await stage.person("vendor");
  const page = await stage.open();
  await page.goto("/reset");
  await page.fill("[name=email]", email);
  await submit(page);
  return stage.linkTo(email, "password_reset", "/password/");
}

/** The newest mail of the client. */
function newestMail(stage) {
  return eventually("a mail of the client", async () => {
    const { json } = await stage.api("client", "GET", "/liaison/v1/mails?limit=1");
    return json.results[0]?.id;
  });
}

/** A link by which anybody can ask to be invited. */
async function accessLink(stage) {
  const link = { name: "Suppliers", description: "For everybody who delivers to us." };
  const { status, json } = await stage.api("client", "POST", "/ratings/v1/client-access-links", link);
  assert.equal(status, 201, JSON.stringify(json));
  return json.guid;
}

/** The link of a mail about a message, by which its reader gets no more of them. */
async function unsubscribeLink(stage, { guid, requestee_email: email }) {
  const said = await stage.api("client", "POST", `/liaison/v1/access-requests/${guid}/messages`, { body: "Any news?" });
  assert.equal(said.status, 201, JSON.stringify(said.json));
  return stage.linkTo(email, "message", "/unsubscribe");
}

/** A message of each side in the thread of a request, by its id. */
async function messages(stage, { guid }) {
  const say = async (side) => {
    const said = await stage.api(side, "POST", `/liaison/v1/access-requests/${guid}/messages`, { body: "One more thing." });
    assert.equal(said.status, 201, JSON.stringify(said.json));
    return said.json.id;
  };
  return { client: await say("client"), vendor: await say("vendor") };
}

/** A mail of the outbox that waits for somebody to carry it; none where a relay takes them. */
async function keptMail(stage, outbox) {
  const sent = new Set(outbox.map(({ guid }) => guid));
  const mails = await stage.command(["mail", "list", "--limit", "500"]);
  const ours = ({ kind, state, request_guid }) => state === "kept" && kind === "introduction" && sent.has(request_guid);
  return mails.find(ours);
}
