//! Kinds of foreigners and terms: persons of categories 3, 5, 8 and 10 to 14 are insured up to a planned end, others without one.

use super::super::plan::PlanRow;
use super::super::rates::Kind;
use super::super::text::Text;
use super::super::world::ymd;
use super::{Case, NewPolicy};
use sverka_model::{AttachmentMethod, Category, Code, Date, DocumentKind};

const CITIZENSHIPS: [&str; 8] = ["UZB", "TJK", "ARM", "KGZ", "AZE", "BLR", "KAZ", "UKR"];
/// Categories of foreigners and stateless persons without term, each as often as it is drawn.
const PERMANENT: [Category; 5] = [category(2), category(7), category(7), Category::WORKING_STATELESS, Category::STATELESS];
/// Categories with a term (temporary foreigners, refugees, workers of the EAEU), each as often as it is drawn.
const WITH_TERM: [Category; 8] =
    [category(3), category(8), category(8), category(5), category(10), category(11), category(12), category(13)];

/// Residence permit.
const RESIDENCE_PERMIT: DocumentKind = DocumentKind::from_number(11);
/// Document of a foreign citizen.
const FOREIGN_DOCUMENT: DocumentKind = DocumentKind::from_number(21);
/// Documents of foreigners with a term.
const DOCUMENTS_WITH_TERM: [DocumentKind; 3] = [FOREIGN_DOCUMENT, DocumentKind::from_number(23), DocumentKind::from_number(12)];

const fn category(number: u8) -> Category {
    Category::from_number(number).expect("a category")
}

impl Case<'_> {
    /// Applies the kind if it is about foreigners or terms. Returns whether it is.
    pub fn apply_foreigner_kind(&mut self) -> bool {
        match self.kind {
            Kind::ForeignerPermanent => {
                let category = self.random.pick(&PERMANENT);
                self.become_foreigner(category, RESIDENCE_PERMIT);
            }
            Kind::ForeignerWithTerm => self.with_term(),
            Kind::TermMissing => self.term_missing(),
            Kind::TermIgnored => {
                let days = self.random.below(800) as i32 - 400;
                self.register().insured_to = Date::from_days(self.world.as_of.days() + days);
                self.expect_finding(PlanRow::Register(0), Code::TermIgnored);
            }
            _ => return false,
        }
        true
    }

    /// Gives the person another citizenship, category and document.
    fn become_foreigner(&mut self, category: Category, doc_kind: DocumentKind) {
        let stateless = matches!(category, Category::WORKING_STATELESS | Category::STATELESS);
        let citizenship = if stateless { "Б/Г" } else { self.random.pick(&CITIZENSHIPS) };
        let mut number = Text::EMPTY;
        number.push(self.random.pick(&["82 ", "83 ", "90 ", ""]).as_bytes());
        number.push_digits(u64::from(self.random.below(10_000_000)), 7);
        let without_patronymic = self.random.once_in(3);
        let row = self.register();
        row.category = category;
        row.citizenship = citizenship;
        row.doc_kind = doc_kind;
        row.doc_number = number;
        row.birth_place = "";
        if without_patronymic {
            row.patronymic = Text::EMPTY;
        }
        let copy = *row;
        let attachment = self.attachment();
        attachment.patronymic = copy.patronymic;
        attachment.doc_number = copy.doc_number;
        if attachment.doc_kind != DocumentKind::NONE {
            attachment.doc_kind = doc_kind;
        }
    }

    /// Insures a foreigner for a term to the end of the year. The term lasts, has passed, or has passed and was renewed.
    fn with_term(&mut self) {
        let category = self.random.pick(&WITH_TERM);
        let doc_kind = self.random.pick(&DOCUMENTS_WITH_TERM);
        self.become_foreigner(category, doc_kind);
        let as_of = self.world.as_of;
        let this_year = ymd(as_of.year(), 1, 1);
        let outcome = self.random.below(3);
        let years_ago = if outcome == 1 { 1 + self.random.below(2) as i32 } else { 1 };
        let from = match outcome {
            0 => self.random.day(this_year, as_of),
            _ => self.random_day(ymd(as_of.year() - years_ago, 1, 1), ymd(as_of.year() - years_ago, 11, 19)),
        };
        let (insurer, clinic) = (self.register().insurer, self.attachment().clinic);
        self.insure_with(insurer, from);
        self.attach_to(clinic, AttachmentMethod::BY_APPLICATION, from);
        self.register().insured_to = ymd(from.year() + 1, 1, 1);
        match outcome {
            0 => {}
            1 => (self.plan.insurer, self.plan.clinic) = (None, None),
            _ => {
                let renewed = NewPolicy { insurer, from: this_year, applied_on: Date::NEVER, reason: "П063" };
                let renewed = self.add_policy(renewed);
                self.plan.registers[renewed].insured_to = ymd(as_of.year() + 1, 1, 1);
            }
        }
    }

    /// Insures a foreigner without the end of the term. The end is then 1 January of the year after the start.
    fn term_missing(&mut self) {
        let category = self.random.pick(&WITH_TERM);
        self.become_foreigner(category, FOREIGN_DOCUMENT);
        let as_of = self.world.as_of;
        let this_year = self.coin();
        let from = if this_year {
            self.random.day(ymd(as_of.year(), 1, 1), as_of)
        } else {
            self.random_day(ymd(as_of.year() - 3, 1, 1), ymd(as_of.year() - 1, 12, 31))
        };
        let (insurer, clinic) = (self.register().insurer, self.attachment().clinic);
        self.insure_with(insurer, from);
        self.attach_to(clinic, AttachmentMethod::BY_RESIDENCE, from);
        self.expect_finding(PlanRow::Register(0), Code::TermMissing);
        if !this_year {
            (self.plan.insurer, self.plan.clinic) = (None, None);
        }
    }
}
