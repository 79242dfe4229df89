// What no page may ever do, whatever a story is about: dialogs, script errors, blocked content, broken answers.

// Runs in every page before its own scripts; the browser's console is the way out.
function reportViolations() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`content policy: ${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`);
  });
}

// Chromium logs every answer from 400 on. Those are judged by their request below.
const LOGGED_ANSWER = /^Failed to load resource: the server responded with a status of/;

/** Watches all pages of a context; `complain` gets one sentence for each breach. */
export async function watch(context, complain) {
  await context.addInitScript(reportViolations);
  context.on("page", (page) => watchPage(page, complain));
  context.on("response", (response) => judge(response, complain));
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // A page that is left stops what it was loading, and a download takes over from its page.
    if (reason !== "net::ERR_ABORTED") complain(`${request.method()} ${request.url()} failed: ${reason}`);
  });
}

function watchPage(page, complain) {
  page.on("dialog", async (dialog) => {
    complain(`${page.url()} opened a dialog: ${dialog.message()}`);
    await dialog.dismiss().catch(() => {});
  });
  page.on("pageerror", (error) => complain(`${page.url()} threw: ${error.message}`));
  page.on("crash", () => complain(`${page.url()} crashed`));
  page.on("console", (message) => {
    if (message.type() === "error" && !LOGGED_ANSWER.test(message.text())) {
      complain(`${page.url()} logged an error: ${message.text()}`);
    }
  });
}

function judge(response, complain) {
  const status = response.status();
  const request = response.request();
  const isPage = request.isNavigationRequest();
  const mayRefuse = isPage || ["fetch", "xhr", "eventsource"].includes(request.resourceType());
  if (status >= 500 || (status >= 400 && !mayRefuse)) {
    complain(`${request.method()} ${response.url()} answered ${status}`);
  }
}
