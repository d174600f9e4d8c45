//! The canonical fields of the two tables, by name.

use std::fmt;

/// The table that a source's records belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Table {
    /// One policy of one person with one insurer.
    Register,
    /// One person's attachment to one clinic.
    Attachments,
}

impl Table {
    /// The word that jobs and outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Attachments => "attachments",
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Presence of a field in a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Optional,
    Required,
}

macro_rules! fields {
    ($($variant:ident $name:literal $register:ident $attachments:ident $code:literal $meaning:literal;)*) => {
        /// A canonical field of a register or attachment record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field {
            $(#[doc = $meaning] $variant,)*
        }

        impl Field {
            /// Every field, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// Number of fields.
            pub const COUNT: usize = Self::ALL.len();

            /// The canonical name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The field of a canonical name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Whether the values of the field are codes, which a layout may map.
            #[must_use]
            pub fn is_code(self) -> bool {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            fn presence(self, table: Table) -> Presence {
                let (register, attachments) = match self {
                    $(Self::$variant => (Presence::$register, Presence::$attachments),)*
                };
                match table {
                    Table::Register => register,
                    Table::Attachments => attachments,
                }
            }
        }
    };
}

fields! {
    RecordId "record_id" Optional Optional false "Identifier of the record at its sender.";
    Region "region" Optional Absent false "Region of the insurance.";
    Insurer "insurer" Required Absent false "Code of the insurer, five digits.";
    Clinic "clinic" Absent Required false "Code of the clinic, six digits.";
    PolicyKind "policy_kind" Required Optional true "Kind of policy: 1 old, 2 temporary certificate, 3 single-sample.";
    PolicyNumber "policy_number" Optional Optional false "Series and number of an old policy, number of a temporary certificate.";
    Enp "enp" Optional Optional false "Single policy number, sixteen digits.";
    Surname "surname" Required Required false "Surname as received.";
    GivenName "given_name" Required Required false "Given name as received.";
    Patronymic "patronymic" Optional Optional false "Patronymic as received.";
    Sex "sex" Required Optional true "Sex: 1 male, 2 female.";
    BirthDate "birth_date" Required Required false "Date of birth.";
    BirthPlace "birth_place" Optional Absent false "Place of birth.";
    Snils "snils" Optional Optional false "Number of the individual account, eleven digits.";
    DocKind "doc_kind" Optional Optional true "Kind of identity document, dictionary F011.";
    DocNumber "doc_number" Optional Optional false "Series and number of the identity document.";
    Citizenship "citizenship" Optional Absent false "Citizenship.";
    Category "category" Optional Absent true "Category of the insured person, 0 to 14.";
    InsuredFrom "insured_from" Required Absent false "First day of the insurance.";
    InsuredTo "insured_to" Optional Absent false "Planned end of the insurance.";
    StoppedOn "stopped_on" Optional Absent false "Actual end of the insurance; outranks the planned one.";
    AppliedOn "applied_on" Optional Absent false "Day of the application.";
    Reason "reason" Optional Absent true "Operation code, dictionary R001.";
    DeathDate "death_date" Optional Absent false "Day of death.";
    Profile "profile" Absent Optional true "Profile of the attachment, 1 to 5; 1 when empty.";
    Method "method" Absent Optional true "Method of attachment: 1 by residence, 2 by application, 3 application after a move.";
    AttachedFrom "attached_from" Absent Required false "First day of the attachment.";
    AttachedTo "attached_to" Absent Optional false "End of the attachment.";
    District "district" Absent Optional false "District of the clinic.";
    Department "department" Absent Optional false "Department of the clinic.";
    DoctorSnils "doctor_snils" Absent Optional false "SNILS of the doctor.";
    Action "action" Optional Optional true "Action: new (or empty), end, or change (attachments only); all but new are notices.";
    DocIssuedOn "doc_issued_on" Optional Absent false "Day on which the identity document was issued.";
    DocExpiresOn "doc_expires_on" Optional Absent false "Last day of the identity document, of kinds that expire.";
    RepresentativeEnp "representative_enp" Optional Absent false "ENP of the mother or another legal representative.";
    BirthRegisteredOn "birth_registered_on" Optional Absent false "Day of the state registration of birth.";
    ChangedOn "changed_on" Optional Absent false "Day on which the data that are reported changed.";
    ServiceFrom "service_from" Optional Absent false "First day of military or equal service.";
    ServiceTo "service_to" Optional Absent false "End of military or equal service.";
    Address "address" Optional Absent false "Place of residence.";
    Reliability "reliability" Optional Optional false "What the person does not have, as codes of DOST: 2 no surname, 3 no given name.";
    Settlement "settlement" Optional Absent false "Town or village of the place of residence.";
}

impl Field {
    /// Whether records of `table` have the field.
    #[must_use]
    pub fn stands_in(self, table: Table) -> bool {
        self.presence(table) != Presence::Absent
    }

    /// Whether the values of the field are dates.
    #[must_use]
    pub fn is_date(self) -> bool {
        matches!(
            self,
            Self::BirthDate
                | Self::InsuredFrom
                | Self::InsuredTo
                | Self::StoppedOn
                | Self::AppliedOn
                | Self::DeathDate
                | Self::AttachedFrom
                | Self::AttachedTo
                | Self::DocIssuedOn
                | Self::DocExpiresOn
                | Self::BirthRegisteredOn
                | Self::ChangedOn
                | Self::ServiceFrom
                | Self::ServiceTo
        )
    }

    /// The values that a code field may contain, if `value` is none of them.
    #[must_use]
    pub fn expected_code(self, value: &str) -> Option<&'static str> {
        let number = value.parse::<u8>().ok().filter(|number| number.to_string() == value);
        let (fits, expected) = match self {
            Self::Sex => (matches!(number, Some(1..=2)), "1 or 2"),
            Self::PolicyKind | Self::Method => (matches!(number, Some(1..=3)), "1, 2 or 3"),
            Self::Profile => (matches!(number, Some(1..=5)), "1 to 5"),
            Self::Category => (matches!(number, Some(0..=14)), "0 to 14"),
            Self::Action => (matches!(value, "new" | "change" | "end"), "new, change or end"),
            _ => (!value.trim().is_empty() && value.trim() == value, "a code without blanks around it"),
        };
        (!fits).then_some(expected)
    }

    /// Whether a layout of `table` must have the field.
    #[must_use]
    pub fn required_in(self, table: Table) -> bool {
        self.presence(table) == Presence::Required
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_lead_back_to_the_field() {
        for (number, &field) in Field::ALL.iter().enumerate() {
            assert_eq!(field as usize, number);
            assert_eq!(Field::from_name(field.name()), Some(field));
        }
        assert_eq!(Field::from_name("Surname"), None);
    }
}
