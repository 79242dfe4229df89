// The whole way of one request, as its people go it.

import assert from "node:assert/strict";
import { accept, submit, text } from "../lib.mjs";
import { PASSWORD } from "../stage.mjs";

const ASKED = "Could you look at these before Friday?";

/** Sends a message by the composer of a room. */
async function say(page, words) {
  await page.fill("form[action$='/messages'] textarea", words);
  await page.click("form[action$='/messages'] button[type=submit]");
}

/** Waits until the thread that is open in a window shows the words, without loading it again. */
function appears(page, words) {
  return page.locator("article[data-message]", { hasText: words }).waitFor();
}

async function status(stage, guid) {
  const { json } = await stage.api("client", "GET", "/ratings/v1/access-requests");
  return json.find((request) => request.guid === guid).status;
}

export async function invite_to_resolution(stage) {
  const { guid } = await stage.invite({ reason: "remediation", message: ASKED });
  const { introduction, activation } = await stage.mails(guid, ["introduction", "activation"]);
  assert.ok(introduction.message.text.includes(ASKED));

  const guest = await stage.open();
  await guest.goto(activation.link);
  assert.match(await guest.locator("h1").innerText(), /Blue Seas/);
  assert.match(await guest.locator("blockquote").innerText(), /before Friday/);
  assert.equal(await status(stage, guid), "Pending", "looking spends nothing");
  const accepted = await accept(guest, { password: PASSWORD });
  assert.equal(accepted.status(), 200, await text(guest));
  assert.equal(await status(stage, guid), "Active");

  if (stage.serves("/inbox/{guid}") && stage.serves("/requests/{guid}")) await talk_and_resolve(stage, guest, guid);
}

// Both windows stay open: what one side writes arrives at the other by itself.
async function talk_and_resolve(stage, guest, guid) {
  assert.equal(new URL(guest.url()).pathname, `/inbox/${guid}`, "accepting leads into the room");
  const client = await stage.openAs("client");
  await client.goto(`/requests/${guid}`);
  await say(client, "Which of the two is harder?");
  await appears(guest, "Which of the two is harder?");
  await say(guest, "The second. Give us until Monday.");
  await appears(client, "Give us until Monday.");

  const pdf = await client.request.get(`/requests/${guid}/transcript.pdf`);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");

  await submit(client, "form[action$='/resolve']");
  assert.equal(await status(stage, guid), "Resolved");
}
