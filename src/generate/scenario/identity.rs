//! Kinds of identity: records of one person that agree in some fields only, and records that contradict each other.

use super::super::carry::Carry;
use super::super::names::Names;
use super::super::person::{EnpSeries, former_birth_date, other};
use super::super::plan::PlanRow;
use super::super::rates::Kind;
use super::super::rows::PolicyNumber;
use super::Case;
use sverka_model::{Code, DocumentKind, Enp, PolicyKind, Snils};

const REGISTER: PlanRow = PlanRow::Register(0);
const ATTACHMENT: PlanRow = PlanRow::Attachment(0);

impl Case<'_> {
    /// Applies the kind if it is about identity. Returns whether it is.
    pub fn apply_identity_kind(&mut self) -> bool {
        match self.kind {
            Kind::OldPolicy => {
                self.register().policy_kind = PolicyKind::OLD;
                self.register().policy_number = PolicyNumber::Old(self.old_policy_number());
                // Every insurance of the region begins after the reform.
                self.expect_finding(REGISTER, Code::OldPolicyAfterReform);
            }
            Kind::Certificate => {
                self.register().policy_kind = PolicyKind::TEMPORARY_CERTIFICATE;
                self.register().policy_number = self.certificate();
                self.expect_certificate_findings();
            }
            Kind::EnpOfOldData => {
                // Attachments without sex cannot contradict it.
                let series =
                    if self.coin() || self.world.carry != Carry::All { EnpSeries::FormerBirthDate } else { EnpSeries::FormerSex };
                let enp = self.plan.person.enp_of(series);
                self.register().enp = enp;
                self.attachment().enp = enp;
                self.expect_finding(REGISTER, Code::EnpPersonMismatch);
                self.expect_finding(ATTACHMENT, Code::EnpPersonMismatch);
            }
            Kind::SurnameChanged | Kind::SurnameTypo | Kind::GivenNameTypo | Kind::GivenNameInitial => self.change_name(),
            Kind::GivenNameOther => self.change_given_name(),
            Kind::LatinLetters | Kind::CapitalLetters => self.change_letters(),
            Kind::KnownBySnils => {
                let row = self.attachment();
                row.enp = Enp::NONE;
                (row.policy_kind, row.doc_kind) = (PolicyKind::NONE, DocumentKind::NONE);
            }
            Kind::KnownByDocument => {
                let (number, doc_kind) = (self.old_policy_number(), self.plan.person.doc_kind);
                let row = self.attachment();
                (row.enp, row.snils) = (Enp::NONE, Snils::NONE);
                (row.policy_kind, row.doc_kind) = (PolicyKind::OLD, doc_kind);
                row.policy_number = PolicyNumber::Old(number);
            }
            Kind::KnownByNothing => self.known_by_nothing(),
            Kind::KnownByCertificate => self.known_by_certificate(),
            Kind::SecondEnp | Kind::TwoSnils | Kind::TwoSexes | Kind::TwoBirthDates => self.contradict(),
            _ => return false,
        }
        true
    }

    /// Number of an old policy that only this person has.
    fn old_policy_number(&self) -> u32 {
        (self.plan.person.number % 100_000_000) as u32
    }

    /// Certificate of nine digits. The factor keeps the certificates of different persons apart.
    fn certificate(&self) -> PolicyNumber {
        PolicyNumber::Certificate(100_000_000 + (self.plan.person.number * 387 % 899_999_981) as u32)
    }

    /// Gives the attachment a former surname, a typing error or an initial.
    fn change_name(&mut self) {
        let doubled = self.coin();
        let former = self.world.names.surname(self.plan.person.sex, self.random);
        let full_stop = self.coin();
        let at = 1 + self.random.below(3) as usize;
        let kind = self.kind;
        let row = self.attachment();
        match kind {
            Kind::SurnameChanged => row.surname = former,
            Kind::SurnameTypo => row.surname = row.surname.with_typo(at, doubled),
            Kind::GivenNameTypo => row.given_name = row.given_name.with_typo(at, doubled),
            _ => row.given_name = row.given_name.initial(full_stop),
        }
        if kind != Kind::SurnameChanged {
            self.expect_nothing(ATTACHMENT);
        }
    }

    /// Gives the attachment another given name. The name is too short to be a typing error, so the rules keep the two records apart.
    fn change_given_name(&mut self) {
        let sex = self.plan.person.sex;
        let name = loop {
            let name = Names::given_name(sex, self.random);
            if name.letters() < 5 && name.bytes() != self.plan.person.given_name.bytes() {
                break name;
            }
        };
        self.attachment().given_name = name;
        self.expect_finding(REGISTER, Code::EnpShared);
        self.expect_finding(ATTACHMENT, Code::EnpShared);
        self.expect_finding(ATTACHMENT, Code::NotInsured);
        self.expect_shared_numbers();
    }

    /// Expects findings on the numbers that stand in two records which the rules keep apart.
    fn expect_shared_numbers(&mut self) {
        let (snils, doc_kind) = (self.register().snils, self.register().doc_kind);
        let row = self.attachment();
        let snils_shared = snils != Snils::NONE && row.snils == snils;
        let document_shared = doc_kind != DocumentKind::NONE && row.doc_kind == doc_kind;
        for row in [REGISTER, ATTACHMENT] {
            if snils_shared {
                self.expect_finding(row, Code::SnilsShared);
            }
            if document_shared {
                self.expect_finding(row, Code::DocShared);
            }
        }
    }

    /// Leaves the attachment without a number that the register has. The rules see that no policy covers it, but do not know its person.
    fn known_by_nothing(&mut self) {
        let number = self.old_policy_number();
        let row = self.attachment();
        (row.enp, row.snils) = (Enp::NONE, Snils::NONE);
        (row.doc_kind, row.policy_kind) = (DocumentKind::NONE, PolicyKind::OLD);
        row.policy_number = PolicyNumber::Old(number);
        self.expect_finding(ATTACHMENT, Code::NotInsured);
    }

    /// Writes the names of the attachment in Latin letters or in capitals.
    fn change_letters(&mut self) {
        let latin = self.kind == Kind::LatinLetters;
        let row = self.attachment();
        for name in [&mut row.surname, &mut row.given_name, &mut row.patronymic] {
            *name = if latin { name.with_latin_letters() } else { name.in_capitals() };
        }
        if latin {
            self.expect_finding(ATTACHMENT, Code::NameAlphabets);
        }
    }

    /// Leaves the certificate, the birth date and the names as all that insurer and clinic have in common.
    fn known_by_certificate(&mut self) {
        let number = self.certificate();
        let row = self.register();
        (row.enp, row.snils) = (Enp::NONE, Snils::NONE);
        (row.policy_kind, row.policy_number) = (PolicyKind::TEMPORARY_CERTIFICATE, number);
        let row = self.attachment();
        (row.enp, row.snils, row.doc_kind) = (Enp::NONE, Snils::NONE, DocumentKind::NONE);
        (row.policy_kind, row.policy_number) = (PolicyKind::TEMPORARY_CERTIFICATE, number);
        self.expect_certificate_findings();
    }

    /// Gives the attachment an ENP, SNILS, sex or birth date that contradicts the register.
    fn contradict(&mut self) {
        let person = self.plan.person;
        let kind = self.kind;
        let row = self.attachment();
        match kind {
            Kind::SecondEnp => row.enp = person.enp_of(EnpSeries::Second),
            Kind::TwoSnils => row.snils = person.second_snils(),
            Kind::TwoSexes => row.sex = other(person.sex),
            _ => row.birth_date = former_birth_date(person.birth_date),
        }
        if kind == Kind::SecondEnp {
            self.expect_finding(REGISTER, Code::SeveralEnp);
            return;
        }
        self.expect_finding(REGISTER, Code::IdentityReview);
        if kind != Kind::TwoSnils {
            self.expect_finding(ATTACHMENT, Code::EnpPersonMismatch);
        }
        if kind == Kind::TwoSexes {
            self.expect_finding(ATTACHMENT, Code::NameSex);
        }
    }
}
