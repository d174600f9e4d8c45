//! Who is who: records of one person that agree in some fields only, and records that contradict each other.

use super::super::carry::Carry;
use super::super::names::Names;
use super::super::person::{EnpSeries, former_birth_date, other};
use super::super::plan::Place;
use super::super::rates::Kind;
use super::super::rows::PolicyNumber;
use super::Case;
use sverka_model::{Code, Enp, Snils};

const REGISTER: Place = Place::Register(0);
const ATTACHMENT: Place = Place::Attachment(0);

impl Case<'_> {
    /// Whether the kind is one of this module.
    pub fn identity(&mut self) -> bool {
        match self.kind {
            Kind::OldPolicy => {
                self.register().policy_kind = 1;
                self.register().policy_number = PolicyNumber::Old(self.own_number());
                // Nobody is insured here since before the reform.
                self.found(REGISTER, Code::OldPolicyAfterReform);
            }
            Kind::Certificate => {
                self.register().policy_kind = 2;
                self.register().policy_number = self.certificate();
                self.certificate_alone();
            }
            Kind::EnpOfOldData => {
                // Attachments without sex cannot contradict it.
                let series =
                    if self.coin() || self.world.carry != Carry::All { EnpSeries::FormerBirthDate } else { EnpSeries::FormerSex };
                let enp = self.plan.person.enp_of(series);
                self.register().enp = enp;
                self.attachment().enp = enp;
                self.found(REGISTER, Code::EnpPersonMismatch);
                self.found(ATTACHMENT, Code::EnpPersonMismatch);
            }
            Kind::SurnameChanged | Kind::SurnameTypo | Kind::GivenNameTypo | Kind::GivenNameInitial => self.other_name(),
            Kind::GivenNameOther => self.other_given_name(),
            Kind::LatinLetters | Kind::CapitalLetters => self.other_letters(),
            Kind::KnownBySnils => {
                let row = self.attachment();
                (row.enp, row.policy_kind, row.doc_kind) = (Enp::NONE, 0, 0);
            }
            Kind::KnownByDocument => {
                let (number, doc_kind) = (self.own_number(), self.plan.person.doc_kind);
                let row = self.attachment();
                (row.enp, row.snils, row.policy_kind, row.doc_kind) = (Enp::NONE, Snils::NONE, 1, doc_kind);
                row.policy_number = PolicyNumber::Old(number);
            }
            Kind::KnownByNothing => self.known_by_nothing(),
            Kind::KnownByCertificate => self.known_by_certificate(),
            Kind::SecondEnp | Kind::TwoSnils | Kind::TwoSexes | Kind::TwoBirthDates => self.two_of_one(),
            _ => return false,
        }
        true
    }

    fn own_number(&self) -> u32 {
        (self.plan.person.number % 100_000_000) as u32
    }

    /// Nine digits; the factor keeps the certificates of different people apart.
    fn certificate(&self) -> PolicyNumber {
        PolicyNumber::Certificate(100_000_000 + (self.plan.person.number * 387 % 899_999_981) as u32)
    }

    fn other_name(&mut self) {
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
            self.unnoticed(ATTACHMENT);
        }
    }

    /// Too short to be taken for a typing error of any other, so that the rules keep the two records apart.
    fn other_given_name(&mut self) {
        let sex = self.plan.person.sex;
        let name = loop {
            let name = Names::given_name(sex, self.random);
            if name.letters() < 5 && name.bytes() != self.plan.person.given_name.bytes() {
                break name;
            }
        };
        self.attachment().given_name = name;
        self.found(REGISTER, Code::EnpShared);
        self.found(ATTACHMENT, Code::EnpShared);
        self.found(ATTACHMENT, Code::NotInsured);
        self.numbers_shared();
    }

    /// Two records that are kept apart have what numbers they have in common.
    fn numbers_shared(&mut self) {
        let (snils, doc_kind) = (self.register().snils, self.register().doc_kind);
        let row = self.attachment();
        let (of_snils, of_document) = (snils != Snils::NONE && row.snils == snils, doc_kind != 0 && row.doc_kind == doc_kind);
        for place in [REGISTER, ATTACHMENT] {
            if of_snils {
                self.found(place, Code::SnilsShared);
            }
            if of_document {
                self.found(place, Code::DocShared);
            }
        }
    }

    /// The attachment stands alone: the rules see that nobody insures it, and not whose it is.
    fn known_by_nothing(&mut self) {
        let number = self.own_number();
        let row = self.attachment();
        (row.enp, row.snils, row.doc_kind, row.policy_kind) = (Enp::NONE, Snils::NONE, 0, 1);
        row.policy_number = PolicyNumber::Old(number);
        self.found(ATTACHMENT, Code::NotInsured);
    }

    fn other_letters(&mut self) {
        let latin = self.kind == Kind::LatinLetters;
        let row = self.attachment();
        for name in [&mut row.surname, &mut row.given_name, &mut row.patronymic] {
            *name = if latin { name.with_latin_letters() } else { name.in_capitals() };
        }
        if latin {
            self.found(ATTACHMENT, Code::NameAlphabets);
        }
    }

    /// Certificate, birth date and given name are all that insurer and clinic have in common.
    fn known_by_certificate(&mut self) {
        let number = self.certificate();
        let row = self.register();
        (row.policy_kind, row.policy_number, row.enp, row.snils) = (2, number, Enp::NONE, Snils::NONE);
        let row = self.attachment();
        (row.policy_kind, row.policy_number, row.enp, row.snils, row.doc_kind) = (2, number, Enp::NONE, Snils::NONE, 0);
        self.certificate_alone();
    }

    fn two_of_one(&mut self) {
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
            self.found(REGISTER, Code::SeveralEnp);
            return;
        }
        self.found(REGISTER, Code::IdentityReview);
        if kind != Kind::TwoSnils {
            self.found(ATTACHMENT, Code::EnpPersonMismatch);
        }
        if kind == Kind::TwoSexes {
            self.found(ATTACHMENT, Code::NameSex);
        }
    }
}
