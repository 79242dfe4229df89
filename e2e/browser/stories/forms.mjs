// A form that is refused keeps what was typed, says beside the field what is wrong, and leads the cursor there.

import assert from "node:assert/strict";
import { accept, axe, choose, signIn, submit, text, themes } from "../lib.mjs";
import { PASSWORD } from "../stage.mjs";
import { findThings } from "../things.mjs";

// Runs in the page: whether the focus is on the field or on a summary with a link to it.
function leadsThere(field) {
  const focused = document.activeElement;
  return focused === field || (focused !== document.body && focused.querySelector(`a[href="#${field.id}"]`) !== null);
}

/** Asserts the three promises about one refused field of a form, and that axe likes the page in this state too. */
async function refused(page, field, { kept, says, form = "main" }) {
  const at = (name) => page.locator(form).first().locator(`[name=${name}]`).first();
  assert.equal(await at(field).getAttribute("aria-invalid"), "true", `${field} is marked`);
  const beside = (await at(field).getAttribute("aria-describedby"))?.split(" ") ?? [];
  const said = await Promise.all(beside.map((id) => page.locator(`[id="${id}"]`).innerText()));
  assert.match(said.join(" "), says, `what ${field} is described by`);
  assert.ok(await at(field).evaluate(leadsThere), `the cursor is in ${field}, or on the summary that leads to it`);
  for (const [name, value] of Object.entries(kept)) {
    assert.equal(await at(name).inputValue(), value, `${name} is kept`);
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

const ELSEWHERE = "sam@elsewhere.example";
const LONG = "Far too much to say. ".repeat(500).trim();

/** Forms of the application with something that their rules refuse: `wrong` is the field, `says` what is told of it. */
const REFUSALS = [
  {
    at: ({ company }) => `/outbox/new?company=${company}`, form: "form.steps", tick: "[value=remediation]", press: "Preview", wrong: "email", says: /domain/,
    fill: { name: "Sam Perry", email: ELSEWHERE, message: "Please look.", notes: "Ours.", trial: "14" },
  },
  {
    at: ({ company }) => `/outbox/new?company=${company}`, form: "form.steps", tick: "[value=remediation]", press: "Preview", wrong: "message", says: /10.?000/,
    fill: { name: "Sam Perry", email: "sam@blackhills.com", message: LONG },
  },
  {
    at: ({ company }) => `/companies/${company}`, open: "Add a contact", form: "form[action$='/contacts']:not(:has([name=contact]))",
    fill: { formal_name: "Sam Perry", email: "sam at saperix", phone_number: "+1 555 0100" }, wrong: "email", says: /address/,
  },
  { at: () => "/links", form: "form[action='/links']", fill: { name: " ", description: "For all." }, wrong: "name", says: /./ },
  { at: ({ accessLink }) => `/links/${accessLink}`, form: "form:has([name=name])", fill: { name: " " }, wrong: "name", says: /./ },
  {
    as: "nobody", at: ({ accessLink }) => `/join?token=${accessLink}`, form: "form[action='/join']", wrong: "email", says: /./,
    fill: { formal_name: "Sam Perry", email: "sam at saperix", company_name: "Saperix", message: "We deliver." },
  },
  { as: "nobody", at: () => "/code", form: "main form", fill: { email: ELSEWHERE, code: "000000" }, wrong: "code", kept: { email: ELSEWHERE, code: "" }, says: /newest mail/ },
  { at: ({ trial }) => `/requests/${trial}`, form: "form[action$='/trial']", fill: { trial_duration: "9999" }, wrong: "trial_duration", says: /./ },
  { at: ({ sent }) => `/requests/${sent}`, form: "form[action$='/notes']", fill: { notes: LONG }, wrong: "notes", says: /10.?000/ },
  { at: ({ sent }) => `/requests/${sent}`, form: "form.composer", fill: { body: LONG }, wrong: "body", says: /10.?000/ },
  {
    at: ({ sent, said }) => `/requests/${sent}/messages/${said.client}`, form: "form:has([name=body])",
    fill: { body: LONG }, wrong: "body", says: /10.?000/,
  },
  {
    as: "vendor", at: ({ received }) => `/inbox/${received}`, form: "form[action$='/delegate']",
    fill: { formal_name: "Sam Perry", email: ELSEWHERE }, wrong: "email", says: /domain/,
  },
  { as: "vendor", at: ({ received }) => `/inbox/${received}`, form: "form.composer", fill: { body: LONG }, wrong: "body", says: /10.?000/ },
  { at: () => "/settings/profile", form: "form:has([name=formal_name])", fill: { formal_name: " ", friendly_name: "Em" }, wrong: "formal_name", says: /./ },
  {
    at: () => "/settings/profile", form: "form:has([name=present_password])", wrong: "present_password", says: /./,
    fill: { present_password: "not my password", password: "a quite different sentence" },
    kept: { present_password: "", password: "" },
  },
  {
    at: () => "/settings/users", form: "form:has([name=part][value=invite])", wrong: "email", says: /./,
    fill: { formal_name: "Sam Perry", email: "sam at blueseas" },
  },
  { at: () => "/settings/tokens", form: "form[action='/settings/tokens']", fill: { description: " " }, wrong: "description", says: /./ },
  { at: () => "/settings/collaboration", form: "form:has([name=email])", fill: { email: ELSEWHERE }, wrong: "email", says: /./ },
  { at: () => "/settings/collaboration", form: "form:has([name=trial_duration])", fill: { trial_duration: "999" }, wrong: "trial_duration", says: /365/ },
];

export async function every_form_keeps_what_was_typed(stage) {
  const things = await findThings(stage);
  const windows = { client: await stage.openAs("client"), vendor: await stage.openAs("vendor"), nobody: await stage.open() };
  for (const { as = "client", at, open, form, fill, tick, press, wrong, says, kept } of REFUSALS) {
    const page = windows[as];
    await page.goto(at(things));
    if (open) await page.locator("summary", { hasText: open }).click();
    if (tick) await page.check(tick);
    try {
      const field = (name) => page.locator(form).first().locator(`[name=${name}]`).first();
      for (const [name, value] of Object.entries(fill)) await field(name).fill(value);
      const answer = await (press ? choose(page, press) : submit(page, form));
      assert.equal(answer.status(), 422);
      await refused(page, wrong, { kept: kept ?? fill, says, form });
    } catch (error) {
      stage.complain(`${at(things)}, ${form}: ${error.message}`);
    }
  }
}
