// Everything can be reached and done by keyboard, and one always sees where one is.

import assert from "node:assert/strict";
import { text } from "../lib.mjs";
import { eachPage } from "../pages.mjs";
import { PASSWORD } from "../stage.mjs";

/** What Tab leads to, from the top of the page until it comes round, and whether each stop is seen. */
async function tabStops(page, most = 150) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.scrollTo(0, 0);
  });
  const stops = [];
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(describeFocus);
    if (!stop || stops.some(({ path }) => path === stop.path)) break;
    stops.push(stop);
  }
  return stops;
}

// Runs in the page. Focus is seen where the element, what surrounds it or its label looks different without it.
function describeFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const path = [];
  for (let at = element; at.parentElement; at = at.parentElement) {
    path.unshift(`${at.localName}:${[...at.parentElement.children].indexOf(at)}`);
  }
  const around = [element, element.parentElement, element.parentElement?.parentElement, ...(element.labels ?? [])];
  const look = () =>
    around.filter(Boolean).map((part) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(part);
      return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor].join();
    }).join(";");
  const focused = look();
  element.blur();
  const rest = look();
  element.focus({ focusVisible: true });
  return {
    path: path.join("/"),
    what: `${element.localName} ${element.getAttribute("name") ?? element.textContent.trim().slice(0, 40)}`,
    isSeen: focused !== rest,
    jumps: element.tabIndex > 0,
  };
}

export async function focus_is_always_seen(stage) {
  await eachPage(stage, async (page, { route, as }) => {
    const reachable = await page.locator("a[href]:visible, button:visible:enabled, input:visible:enabled").count();
    const stops = await tabStops(page);
    if (reachable > 0 && stops.length === 0) stage.complain(`${route} (${as}): Tab leads nowhere`);
    for (const { what, isSeen, jumps } of stops) {
      if (!isSeen) stage.complain(`${route} (${as}): the focus on ${what} is not seen`);
      if (jumps) stage.complain(`${route} (${as}): ${what} has a tabindex of its own order`);
    }
  });
}

export async function an_invitation_is_accepted(stage) {
  const request = await stage.invite({});
  const { link } = await stage.activation(request.guid);
  const page = await stage.open();
  await page.goto(link);
  const tabTo = async (selector) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (await page.locator(selector).first().evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not lead to ${selector}`);
  };
  await tabTo("[name=password]");
  await page.keyboard.type(PASSWORD);
  await tabTo("[name=terms]");
  await page.keyboard.press("Space");
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.keyboard.press("Enter");
  assert.ok((await answered).status() < 400, await text(page));
}

export async function lists_answer_to_keys(stage) {
  const page = await stage.openAs("client");
  await page.goto("/outbox");
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(":focus").innerText(), "Skip to the content", "the first stop leads past the top");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(":focus").getAttribute("id"), "content");
  const links = page.locator("[data-keys] .row-link");
  const focusedRow = () =>
    links.evaluateAll((all) => all.findIndex((link) => link.closest("tr") === document.activeElement?.closest("tr")));
  assert.ok((await links.count()) >= 2, "the list has rows");
  await page.keyboard.press("j");
  assert.equal(await focusedRow(), 0);
  await page.keyboard.press("j");
  assert.equal(await focusedRow(), 1);
  await page.keyboard.press("k");
  assert.equal(await focusedRow(), 0);

  const box = page.locator("[data-keys] tr:has(.row-link)").first().locator(".pick input");
  const before = await box.isChecked();
  await page.keyboard.press("x");
  assert.equal(await box.isChecked(), !before, "x ticks the row and unticks it");
  await page.keyboard.press("x");
  assert.equal(await box.isChecked(), before);

  await page.keyboard.press("?");
  assert.match(await page.locator("dialog[open]").innerText(), /Next row/);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });

  await page.keyboard.press("/");
  assert.equal(await page.locator(":focus").getAttribute("type"), "search");
  await page.keyboard.type("jk?x");
  assert.equal(await page.locator(":focus").inputValue(), "jk?x", "who writes is not led away");

  await page.goto("/outbox");
  const target = await links.first().evaluate((link) => link.href);
  await links.first().focus();
  await Promise.all([page.waitForURL(target), page.keyboard.press("Enter")]);
}
