//! The built-in layouts.

use super::Layout;

macro_rules! built_in {
    ($($name:literal)*) => {
        /// Names and texts of the layouts.
        const LAYOUTS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../../schemas/layouts/", $name, ".toml"))),)*];
    };
}

built_in! {
    "register" "attachments" "mo" "mo_numbered" "mo_dated" "penza" "novosibirsk" "voronezh_fund" "regional_dump" "mo_dbf" "oplist" "stoplist" "reclist"
    "att_vologda" "prikrep_astrakhan"
}

impl Layout {
    /// The names of the built-in layouts.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        LAYOUTS.iter().map(|(name, _)| *name)
    }

    /// The built-in layout with a name: the canonical `register` and `attachments`, and layouts of files that funds, insurers and clinics exchange.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let (name, text) = LAYOUTS.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(text, name).expect("built-in layouts are tested"))
    }

    /// The text of a built-in layout.
    #[must_use]
    pub fn built_in_text(name: &str) -> Option<&'static str> {
        LAYOUTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }
}
