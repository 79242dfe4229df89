//! Users: their roles, their status, and how a name is split.

/// What a user may do in their customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads only.
    User,
    /// Invites and resolves.
    PortfolioManager,
    /// Invites and resolves, for a group.
    GroupAdmin,
    /// Everything in the customer.
    Admin,
}

impl Role {
    /// Every role, weakest first.
    pub const ALL: [Role; 4] = [Role::User, Role::PortfolioManager, Role::GroupAdmin, Role::Admin];

    /// The slug on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Role::User => "customer_user",
            Role::PortfolioManager => "customer_portfolio_manager",
            Role::GroupAdmin => "customer_group_admin",
            Role::Admin => "customer_admin",
        }
    }

    /// The role of a slug.
    pub fn parse(slug: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// The name for people, as the API has it.
    pub fn name(self) -> &'static str {
        match self {
            Role::User => "User",
            Role::PortfolioManager => "Portfolio Manager",
            Role::GroupAdmin => "Group Admin",
            Role::Admin => "Admin",
        }
    }

    /// Whether the role may invite, resend and change the status of sent requests.
    pub fn may_invite(self) -> bool {
        self > Role::User
    }

    /// Whether the role may change settings of the whole customer.
    pub fn may_administer(self) -> bool {
        self == Role::Admin
    }
}

/// Where a user's account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserStatus {
    /// Made, but never activated by its person.
    Created,
    /// In use.
    Activated,
    /// Switched off.
    Deactivated,
}

impl UserStatus {
    /// Every status.
    pub const ALL: [UserStatus; 3] = [UserStatus::Created, UserStatus::Activated, UserStatus::Deactivated];

    /// The word on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            UserStatus::Created => "Created",
            UserStatus::Activated => "Activated",
            UserStatus::Deactivated => "Deactivated",
        }
    }

    /// The status of a word.
    pub fn parse(slug: &str) -> Option<UserStatus> {
        UserStatus::ALL.into_iter().find(|status| status.slug() == slug)
    }
}

/// Where a user wants to begin after signing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LandingPage {
    /// Where their work usually is.
    #[default]
    Default,
    /// What others found at their own company: the inbox.
    OwnSecurity,
    /// What they found at others: the outbox.
    Vendors,
}

impl LandingPage {
    /// Every landing page.
    pub const ALL: [LandingPage; 3] = [LandingPage::Default, LandingPage::OwnSecurity, LandingPage::Vendors];

    /// The word on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            LandingPage::Default => "DEFAULT",
            LandingPage::OwnSecurity => "SPM",
            LandingPage::Vendors => "TPRM",
        }
    }

    /// The landing page of a word.
    pub fn parse(slug: &str) -> Option<LandingPage> {
        LandingPage::ALL.into_iter().find(|page| page.slug() == slug)
    }
}

/// First word and rest of a formal name. A single word is a first name.
pub fn split_name(formal_name: &str) -> (&str, &str) {
    let name = formal_name.trim();
    name.split_once(char::is_whitespace)
        .map_or((name, ""), |(first, rest)| (first, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_the_first_space() {
        assert_eq!(split_name("Maria Castro"), ("Maria", "Castro"));
        assert_eq!(split_name("  Juan  de la Vega "), ("Juan", "de la Vega"));
        assert_eq!(split_name("Plato"), ("Plato", ""));
        assert_eq!(split_name(""), ("", ""));
    }

    #[test]
    fn roles_know_their_reach() {
        assert!(!Role::User.may_invite());
        assert!(Role::PortfolioManager.may_invite());
        assert!(!Role::GroupAdmin.may_administer());
        assert_eq!(Role::parse("customer_admin"), Some(Role::Admin));
        assert_eq!(Role::parse("root"), None);
    }
}
