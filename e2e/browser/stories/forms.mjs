// A form that is refused keeps what was typed, says beside the field what is wrong, and leads the cursor there.

import assert from "node:assert/strict";
import { accept, axe, signIn, submit, text, themes } from "../lib.mjs";
import { PASSWORD } from "../stage.mjs";

// Runs in the page: whether the focus is on the field or on a summary with a link to it.
function leadsThere(field) {
  const focused = document.activeElement;
  return focused === field || (focused !== document.body && focused.querySelector(`a[href="#${field.id}"]`) !== null);
}

/** Asserts the three promises about one refused field, and that axe likes the page in this state too. */
async function refused(page, field, { kept, says }) {
  const input = page.locator(`[name=${field}]`);
  assert.equal(await input.getAttribute("aria-invalid"), "true", `${field} is marked:\n${await text(page)}`);
  const beside = (await input.getAttribute("aria-describedby"))?.split(" ") ?? [];
  const said = await Promise.all(beside.map((id) => page.locator(`[id="${id}"]`).innerText()));
  assert.match(said.join(" "), says, `what ${field} is described by`);
  assert.ok(await input.evaluate(leadsThere), `the cursor is in ${field}, or on the summary that leads to it`);
  for (const [name, value] of Object.entries(kept)) {
    assert.equal(await page.locator(`[name=${name}]`).inputValue(), value, `${name} is kept`);
  }
  await themes(page, ["light", "dark"], async () => assert.deepEqual(await axe(page), []));
}

export async function acceptance_keeps_what_was_typed(stage) {
  const request = await stage.invite({});
  const { link } = await stage.activation(request.guid);
  const page = await stage.open();
  await page.goto(link);

  const name = "Samuel Perry-Jones";
  assert.equal((await accept(page, { name, password: "short" })).status(), 422);
  await refused(page, "password", { kept: { formal_name: name, password: "" }, says: /12/ });
  assert.ok(await page.locator("[name=terms]").isChecked(), "the tick is kept");

  assert.equal((await accept(page, { name: " ", password: PASSWORD })).status(), 422);
  await refused(page, "formal_name", { kept: { password: "" }, says: /name/ });

  assert.equal((await accept(page, { name, password: PASSWORD, terms: false })).status(), 422);
  await refused(page, "terms", { kept: { formal_name: name }, says: /accept/ });

  assert.equal((await accept(page, { password: PASSWORD })).status(), 200, await text(page));
}

export async function sign_in_keeps_the_address(stage) {
  const person = await stage.person("client");
  const page = await stage.open();
  await page.goto("/sign-in");
  await page.fill("[name=email]", person.email);
  await page.fill("[name=password]", "not my password");
  assert.equal((await submit(page)).status(), 422);
  await refused(page, "password", { kept: { email: person.email, password: "" }, says: /do not belong together/ });
  await page.fill("[name=password]", person.password);
  await submit(page);
  assert.doesNotMatch(page.url(), /sign-in/);
}

export async function a_forgotten_password_is_replaced(stage) {
  const person = await stage.person("client");
  const page = await stage.open();
  await page.goto("/reset");
  await page.fill("[name=email]", "cora at blueseas");
  assert.equal((await submit(page)).status(), 422);
  await refused(page, "email", { kept: { email: "cora at blueseas" }, says: /not an e-mail address/ });
  await page.fill("[name=email]", person.email);
  assert.equal((await submit(page)).status(), 200);

  const link = await stage.linkTo(person.email, "password_reset", "/password/");
  await page.goto(link);
  await page.fill("[name=password]", "short");
  assert.equal((await submit(page)).status(), 422);
  await refused(page, "password", { kept: { password: "" }, says: /12/ });
  await page.fill("[name=password]", "a quite different sentence");
  await submit(page);
  assert.doesNotMatch(page.url(), /password|sign-in/);

  const again = await stage.open();
  await signIn(again, { email: person.email, password: "a quite different sentence" });
  assert.ok((await again.goto(link)).status() >= 400, "the link works once");
}
