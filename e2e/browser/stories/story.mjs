// The whole way of one request, as its people go it: from the portfolio to a thread that is closed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { accept, choose, openMenu, submit, text } from "../lib.mjs";
import { PASSWORD } from "../stage.mjs";

const ASKED = "Could you look at this before Friday?";
const SECRET = "Their last audit was late; do not extend.";
const INVITED = "Quentin Ashworth";
const COLLEAGUE = "Rosalind Okonkwo";

export async function invite_to_resolution(stage) {
  const client = await stage.openAs("client");
  const person = await invite(stage, client);
  const guid = new URL(client.url()).pathname.split("/")[2];
  assert.equal(await status(client), "Pending");

  const guest = await stage.open();
  await come_in(client, guest);
  assert.equal(new URL(guest.url()).pathname, `/inbox/${guid}`, "accepting leads into the room");
  await client.goto(`/requests/${guid}`);
  assert.equal(await status(client), "Active");

  await talk(client, guest);
  await change_words(client, guest, guid);
  await keep_notes(client, guest, guid);
  const colleague = await hand_over(stage, guest, person.domain);
  await resolve(client, guest, guid);
  await transcript(client);
  await colleague_reads(stage, colleague, guid);
}

/** From the portfolio by the company to the form, its preview, and the request that was sent. */
async function invite(stage, page) {
  await page.goto("/portfolio");
  await page.locator("[data-keys] .row-link", { hasText: stage.partner }).click();
  await page.locator("h1", { hasText: stage.partner }).waitFor();
  const domains = await page.locator("dt:text-is('Domains') + dd").innerText();
  const domain = domains.split(",")[0].trim();
  await page.locator(".page-head a", { hasText: "Invite" }).click();
  await page.check("[name=reason][value=remediation]");
  await page.fill("[name=message]", ASKED);
  const findings = page.locator("[name=finding]");
  await findings.first().check();
  const finding = await page.locator("tr:has([name=finding]) [data-label=Vector]").first().innerText();
  await page.fill("[name=name]", INVITED);
  await page.fill("[name=email]", `quentin@${domain}`);
  await page.fill("[name=notes]", SECRET);

  await choose(page, "Preview");
  const mails = await page.locator(".split > .stack").first().innerText();
  assert.ok(mails.includes(ASKED), `the message is in a mail:\n${mails}`);
  assert.ok(!mails.includes(SECRET), "private notes are in no mail");
  assert.ok((await text(page)).includes("Nothing was sent or stored so far"));
  await choose(page, "Back to editing");
  assert.equal(await page.inputValue("[name=message]"), ASKED, "going back keeps what was typed");
  assert.ok(await findings.first().isChecked(), "and what was ticked");
  await choose(page, "Preview");
  await choose(page, "Send invitation");

  assert.match(page.url(), /\/requests\/[0-9a-f-]{36}\?done=sent$/);
  const sent = await text(page);
  for (const part of [INVITED, ASKED, finding]) assert.ok(sent.includes(part), `${part} stands on the request:\n${sent}`);
  return { domain };
}

/** The client reads the kept mail and brings its link; the invited person opens it elsewhere and accepts. */
async function come_in(client, guest) {
  const letters = client.locator("a", { hasText: "Read the kept mail" });
  let link = null;
  for (const address of await letters.evaluateAll((all) => all.map(({ href }) => href))) {
    await client.goto(address);
    const open = client.locator("a", { hasText: "Open it" });
    if ((await open.count()) > 0) link = await open.getAttribute("href");
  }
  assert.ok(link, "one of the kept mails has the link");
  await guest.goto(link);
  assert.ok((await guest.locator("blockquote").innerText()).includes(ASKED));
  assert.equal((await accept(guest, { password: PASSWORD })).status(), 200, await text(guest));
}

/** Both windows stay open: what one side writes arrives at the other by itself. */
async function talk(client, guest) {
  await say(client, "Which of the two is harder?");
  await appears(guest, "Which of the two is harder?");
  await say(guest, "The second. See https://example.com/why and give us until Monday.");
  await appears(client, "give us until Monday");
  assert.equal(await message(client, "until Monday").locator("a").getAttribute("href"), "https://example.com/why");
  await say(client, "Monday is fine.\nThank you.");
  await appears(guest, "Monday is fine.");
  assert.equal(await guest.locator("article[data-message]").count(), 3, "each message is there once");
}

/** A message is edited and another deleted; the other side's open window shows both. */
async function change_words(client, guest, guid) {
  await openMenu(message(guest, "until Monday"));
  await message(guest, "until Monday").getByRole("link", { name: "Edit" }).click();
  await guest.fill("[name=body]", "The second. Give us until Wednesday.");
  await submit(guest);
  await appears(guest, "until Wednesday");
  await appears(client, "until Wednesday");
  assert.match(await message(client, "until Wednesday").innerText(), /edited/);
  assert.equal(await message(client, "until Monday").count(), 0, "the earlier words are gone");

  await openMenu(message(client, "Monday is fine"));
  await message(client, "Monday is fine").getByRole("link", { name: "Delete" }).click();
  await choose(client, "Delete the message");
  await appears(guest, "This message was deleted.");
  assert.equal(await message(guest, "Monday is fine").count(), 0, "its words are gone");
  await client.goto(`/requests/${guid}`);
}

/** Private notes stay on the client's side of the house. */
async function keep_notes(client, guest, guid) {
  const notes = client.locator("[name=notes]");
  assert.equal(await notes.inputValue(), SECRET);
  await notes.fill(`${SECRET} Ask legal.`);
  await submit(client, "form[action$='/notes']");
  assert.match(await client.locator("[name=notes]").inputValue(), /Ask legal/);
  await guest.goto(`/inbox/${guid}`);
  assert.ok(!(await guest.content()).includes("Ask legal"), "notes are not on the vendor's page");
  for (const form of ["json", "pdf"]) {
    const answer = await guest.request.get(`/inbox/${guid}/transcript.${form}`);
    assert.equal(answer.status(), 200);
    assert.ok(!words(await answer.body()).includes("Ask legal"), `nor in their transcript as ${form}`);
  }
  await guest.goto(`/requests/${guid}`);
  assert.equal(new URL(guest.url()).pathname, `/inbox/${guid}`, "the client's page leads them to their own");
}

/** The invited person gives the request to a colleague, who comes in by a mail of their own. */
async function hand_over(stage, guest, domain) {
  const email = `rosalind@${domain}`;
  await guest.fill("form[action$='/delegate'] [name=formal_name]", COLLEAGUE);
  await guest.fill("form[action$='/delegate'] [name=email]", email);
  await submit(guest, "form[action$='/delegate']");
  assert.match(guest.url(), /done=delegated/);
  const page = await stage.open();
  await page.goto(await stage.linkTo(email, "welcome", "/password/"));
  await page.fill("[name=password]", PASSWORD);
  await submit(page);
  return page;
}

/** The client ends it; both sides read why nobody writes any more. */
async function resolve(client, guest, guid) {
  await client.goto(`/requests/${guid}`);
  assert.match(await client.locator("h1").innerText(), new RegExp(COLLEAGUE), "the client sees who has it now");
  await openMenu(client.locator("main"), "Resolve");
  await choose(client, "Resolve it");
  assert.equal(await status(client), "Resolved");
  assert.match(await client.locator(".closed").innerText(), /resolved/);
  assert.equal(await client.locator("[name=body]").count(), 0, "nobody can write");

  // The vendor's window was open all the time: what is sent from there is refused with the reason.
  await say(guest, "One more thing.");
  await guest.locator(".closed").waitFor();
  assert.match(await guest.locator(".closed").innerText(), /resolved/);
  assert.equal(await message(guest, "One more thing.").count(), 0);
}

/** The record of it all, as a file. */
async function transcript(client) {
  await openMenu(client.locator("main"), "Transcript");
  const [download] = await Promise.all([
    client.waitForEvent("download"),
    client.getByRole("link", { name: "PDF", exact: true }).click(),
  ]);
  const pdf = readFileSync(await download.path());
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 2_000, `${pdf.length} bytes`);
  const said = words(pdf);
  if (said) for (const part of [INVITED, COLLEAGUE, "until Wednesday"]) assert.ok(said.includes(part), `${part} in:\n${said}`);
}

async function colleague_reads(stage, page, guid) {
  await page.goto(`/inbox/${guid}`);
  assert.ok((await text(page)).includes("until Wednesday"), "who took over reads the thread");
  assert.equal(await page.locator(".closed").count(), 1);
}

/** Sends a message by the composer of a room. */
async function say(page, body) {
  await page.fill("form[action$='/messages'] textarea", body);
  await page.locator("form[action$='/messages']").getByRole("button", { name: "Send" }).click();
}

function message(page, body) {
  return page.locator("article[data-message]", { hasText: body });
}

/** Waits until the thread that is open in a window shows the words, without loading it again. */
function appears(page, body) {
  return message(page, body).waitFor();
}

/** The status at the top of a request's page. */
function status(page) {
  return page.locator(".page-head .chip").first().innerText();
}

/** The text of a document; nothing for a PDF where `pdftotext` is not installed. */
function words(bytes) {
  if (bytes.subarray(0, 5).toString() !== "%PDF-") return bytes.toString();
  try {
    return execFileSync("pdftotext", ["-", "-"], { input: bytes, stdio: ["pipe", "pipe", "ignore"] }).toString().replace(/\s+/g, " ");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}
