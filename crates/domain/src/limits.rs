//! Every limit of the product in one place, so that code, tests and documents name the same number.

/// Findings that one access request may carry.
pub const OBSERVATIONS: usize = 10;
/// Characters of `ccs`, counted after joining with commas.
pub const CCS_CHARS: usize = 1023;
/// Characters of `message` and of `notes`, each.
pub const TEXT_CHARS: usize = 10_000;
/// Characters of a name.
pub const NAME_CHARS: usize = 255;
/// Characters of a phone number.
pub const PHONE_CHARS: usize = 64;
/// People who get the introduction only.
pub const THIRD_PARTIES: usize = 50;
/// Risk vectors that one access request may name.
pub const RISK_VECTORS: usize = 30;
/// Shortest and longest trial, in days.
pub const TRIAL_DAYS: std::ops::RangeInclusive<i64> = 1..=365;
/// Trial of an account that never chose one, in days.
pub const DEFAULT_TRIAL_DAYS: i64 = 30;
/// Days in which an invitation can be accepted.
pub const INVITATION_DAYS: i64 = 14;
/// Invitations in one POST.
pub const INVITATIONS_PER_POST: usize = 100;
/// Changes in one bulk call.
pub const BULK_CHANGES: usize = 1000;
/// Rows of one page of a list, when pages are asked for at all: a larger `limit` gets this many and the next link.
pub const PAGE_ROWS: i64 = 500;
/// Users of one answer where a list has no pages.
pub const USERS_AT_ONCE: i64 = 10_000;
/// Groups that one filter may name.
pub const FILTER_GROUPS: usize = 100;
/// Characters of an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_CHARS: usize = 255;
/// Hours an idempotency key is remembered, at least.
pub const IDEMPOTENCY_HOURS: u64 = 24;
/// Bytes of a request body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Characters of a password: fewer are refused, more are too (hashing costs).
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 12..=256;
/// Characters of an API token given by an import.
pub const TOKEN_CHARS: std::ops::RangeInclusive<usize> = 16..=255;
/// How long a session lasts without being used.
pub const SESSION_IDLE: std::time::Duration = std::time::Duration::from_secs(12 * 3600);
/// How long a session lasts at most, in days.
pub const SESSION_DAYS: i64 = 7;
/// How long a link for a forgotten password works.
pub const RESET_LINK: std::time::Duration = std::time::Duration::from_secs(3600);
/// How old the last link for a forgotten password has to be before another one is mailed.
pub const RESET_COOL_DOWN: std::time::Duration = std::time::Duration::from_secs(300);
/// Days in which a new user can set the first password.
pub const WELCOME_DAYS: i64 = 14;
/// Users that a customer invites in 30 days.
pub const NEW_USERS: usize = 300;
/// The days of [`NEW_USERS`].
pub const NEW_USERS_DAYS: i64 = 30;
/// Times a request can be handed to a colleague.
pub const DELEGATIONS: usize = 5;
/// New links that a recipient can ask for with an old one, for one request in 24 hours.
pub const ASKED_AGAIN_PER_DAY: usize = 3;
/// Links that can be copied for one request in 24 hours.
pub const LINKS_PER_DAY: usize = 10;
/// Wrong codes after which a code no longer works.
pub const CODE_ATTEMPTS: i64 = 5;
/// Waiting invitations of one address that a code is tried on.
pub const CODE_CANDIDATES: i64 = 20;
/// Accounts that one address can sign in to.
pub const ACCOUNTS_PER_ADDRESS: i64 = 5;
/// Notifications that are kept for one user.
pub const NOTIFICATIONS: i64 = 500;
/// Requests asked for through access links that may wait for one customer's answer.
pub const WAITING_FOR_APPROVAL: i64 = 500;
/// Administrators who are told when somebody asks to be invited.
pub const REVIEWERS: i64 = 50;
/// Folders of one customer.
pub const FOLDERS: i64 = 1000;
/// Tiers of one customer.
pub const TIERS: i64 = 100;
/// Access groups of one customer.
pub const GROUPS: i64 = 1000;
/// Characters of the description of a folder or a tier.
pub const DESCRIPTION_CHARS: usize = 1000;
/// Days after which companies leave a folder.
pub const EXPIRY_DAYS: std::ops::RangeInclusive<i64> = 1..=3650;
/// Companies in one call that sorts them.
pub const COMPANIES_PER_CALL: usize = 10_000;
/// Words by which one company is found.
pub const WORDS: usize = 200;
/// Characters of such a word; what is longer is cut, in a search too.
pub const WORD_CHARS: usize = 40;
/// Words of a search; what follows is passed over.
pub const SEARCH_TERMS: usize = 8;
/// Companies that a search of the inventory counts; beyond it pages go on, but nobody knows how far.
pub const SEARCH_COUNT: i64 = 100;
/// Parameters of one query, or of a body that asks like one.
pub const PARAMETERS: usize = 200;
/// Characters of the name of a parameter.
pub const PARAMETER_NAME_CHARS: usize = 100;
/// Bytes of one entry of a parameter's list; what is longer finds nothing.
pub const ENTRY_BYTES: usize = 2000;
/// Entries that a list of names takes: fields, keys of an order, what is to be expanded.
pub const NAMES: usize = 100;
/// Entries of all lists of one filter.
pub const FILTER_ENTRIES: usize = 10_000;
/// Companies that one filter or one query may name.
pub const FILTER_COMPANIES: usize = 1000;
/// What is told as the quota of subscriptions, of which there is none: clients count with a number.
pub const NO_QUOTA: i64 = 1_000_000;
/// Addresses that one call judges.
pub const RECIPIENTS_PER_CALL: usize = 1000;
/// Companies that one call puts into groups, counted once for each group.
pub const GROUP_COMPANIES_PER_CALL: usize = 100_000;
/// Domains that one call looks up.
pub const DOMAINS_PER_CALL: usize = 100;
/// Open company requests of one customer.
pub const COMPANY_REQUESTS: i64 = 1000;
/// Entries of one list in a filter of findings.
pub const FINDING_WORDS: usize = 100;
/// Bytes of a file with findings that a tool wrote.
pub const TOOL_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Findings in such a file.
pub const TOOL_FINDINGS: usize = 100_000;
