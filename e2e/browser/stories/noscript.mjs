// The ways that people go, in a browser that runs no script at all.

import assert from "node:assert/strict";
import { accept, choose, openMenu, signIn, submit, text } from "../lib.mjs";
import { PASSWORD } from "../stage.mjs";

const WITHOUT_SCRIPT = { javaScriptEnabled: false };

export async function from_sign_in_to_resolution(stage) {
  const client = await stage.openAs("client", WITHOUT_SCRIPT);
  const guid = await invite(stage, client);
  const { link } = await stage.activation(guid);
  const guest = await stage.open(WITHOUT_SCRIPT);
  await guest.goto(link);
  await guest.click("a[href^='/verify/']");
  assert.match(await text(guest), /Yes, this was sent from here/);
  await guest.goto(link);
  assert.equal((await accept(guest, { password: PASSWORD })).status(), 200, await text(guest));
  const late = await stage.open(WITHOUT_SCRIPT);
  assert.equal((await late.goto(link)).status(), 410, "the link is used up");

  await say(guest, "We are on it.");
  await client.goto(`/requests/${guid}`);
  assert.match(await client.locator("article[data-message]").innerText(), /We are on it/);
  await say(client, "Thank you.");
  await guest.reload();
  assert.equal(await guest.locator("article[data-message]").count(), 2);

  await openMenu(client.locator("main"), "Resolve");
  await choose(client, "Resolve it");
  assert.match(await client.locator(".closed").innerText(), /resolved/);
  await guest.reload();
  assert.match(await guest.locator(".closed").innerText(), /resolved/);
  await sign_out(stage, client);
}

async function invite(stage, page) {
  await page.goto("/outbox");
  await page.locator("a[href='/outbox/new']").first().click();
  await page.fill("[name=q]", stage.partner);
  await submit(page, "form[role=search]");
  await page.locator("main a", { hasText: stage.partner }).first().click();
  await page.check("[name=reason][value=remediation]");
  await page.fill("[name=message]", "Please look.");
  await page.fill("[name=name]", "Sam Perry");
  await page.fill("[name=email]", stage.invitee.requestee_email);
  await choose(page, "Preview");
  assert.ok((await text(page)).includes("Please look."));
  await choose(page, "Send invitation");
  assert.match(page.url(), /\/requests\/[0-9a-f-]{36}\?done=sent$/, await text(page));
  return new URL(page.url()).pathname.split("/")[2];
}

async function say(page, body) {
  await page.fill("[name=body]", body);
  await submit(page, "form.composer");
  assert.match(page.url(), /done=posted/);
}

async function sign_out(stage, page) {
  await page.goto("/home");
  await page.locator(".top-end details summary").click();
  await submit(page, "form[action='/sign-out']");
  assert.match(page.url(), /\/sign-in/);
  await page.goto("/home");
  assert.match(page.url(), /\/sign-in/, "who is signed out is asked to sign in");
  await signIn(page, await stage.person("client"));
}
