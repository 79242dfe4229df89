// The ways that people go, in a browser that runs no script at all.

import assert from "node:assert/strict";
import { accept, submit, text } from "../lib.mjs";
import { PASSWORD } from "../stage.mjs";

const WITHOUT_SCRIPT = { javaScriptEnabled: false };

export async function an_invitation_is_accepted(stage) {
  const request = await stage.invite({ message: "Please look." });
  const { link } = await stage.activation(request.guid);
  const page = await stage.open(WITHOUT_SCRIPT);
  await page.goto(link);
  await page.click("a[href^='/verify/']");
  assert.match(await text(page), /Yes, this was sent from here/);
  await page.goto(link);
  assert.equal((await accept(page, { password: PASSWORD })).status(), 200, await text(page));
  assert.equal((await page.goto(link)).status(), 410, "the link is used up");
}

export async function a_person_signs_in_and_out(stage) {
  const page = await stage.openAs("client", WITHOUT_SCRIPT);
  assert.equal((await page.goto("/home")).status(), 200);
  await page.locator("details.account summary").click();
  await submit(page, "form[action='/sign-out']");
  assert.match(page.url(), /\/sign-in/);
  await page.goto("/home");
  assert.match(page.url(), /\/sign-in/, "who is signed out is asked to sign in");
}
