//! Settings of row checks in a job: its region, the calendar, and the settings of documents, terms and policies.

use super::splitmix::SplitMix;
use crate::reference::dates::Date;

/// Settings of row checks.
#[derive(Clone, Debug, PartialEq)]
pub struct RowRuleSettings {
    /// The job's region; empty for a job without it.
    pub region: String,
    /// Rows of the table of the calendar: (day, whether it is worked). Without rows the job has no such table.
    pub days: Vec<(String, bool)>,
    /// Terms of certificates: (first day on which the term holds, number of working days).
    pub certificate_terms: Vec<(String, usize)>,
    pub single_sample_from: String,
    pub digital_from: String,
    pub eaeu_categories: Vec<u32>,
    pub year_end_categories: Vec<u32>,
    /// `MM-DD`.
    pub next_year_from: String,
    pub birth_certificate_grace_days: usize,
    pub passport_renewal_grace_days: usize,
    pub expiring: Vec<u32>,
    /// (categories, kinds of documents that do not fit them)
    pub unfit: Vec<(Vec<u32>, Vec<u32>)>,
    /// Further words for Russia.
    pub russia: Vec<String>,
    /// Further words for no citizenship.
    pub no_citizenship: Vec<String>,
    pub allow_missing_names: bool,
}

impl Default for RowRuleSettings {
    fn default() -> RowRuleSettings {
        RowRuleSettings {
            region: String::new(),
            days: Vec::new(),
            certificate_terms: vec![("2011-05-01".to_string(), 30)],
            single_sample_from: "2011-05-01".to_string(),
            digital_from: "2022-12-01".to_string(),
            eaeu_categories: vec![11, 12, 13, 14],
            year_end_categories: vec![3, 5, 8, 10, 11, 12, 13, 14],
            next_year_from: "11-20".to_string(),
            birth_certificate_grace_days: 30,
            passport_renewal_grace_days: 30,
            expiring: vec![10, 11, 12, 13, 23, 25],
            unfit: vec![
                (vec![1, 6], vec![9, 10, 11, 12, 20, 21, 22, 23, 25]),
                (vec![2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14], vec![14, 15]),
                (vec![2, 3, 7, 8], vec![22]),
                (vec![4, 9], vec![9, 21]),
            ],
            russia: Vec::new(),
            no_citizenship: Vec::new(),
            allow_missing_names: false,
        }
    }
}

impl RowRuleSettings {
    /// Settings of a random job. `days` are the few days on which rows begin and end.
    pub fn random(random: &mut SplitMix, days: &[Date]) -> RowRuleSettings {
        let mut settings = RowRuleSettings::default();
        if random.chance(60) {
            settings.region = random.pick(&["34", "34", "77"]).to_string();
        }
        if random.chance(40) {
            for day in days {
                settings.days.push((day.to_string(), random.chance(50)));
            }
        }
        if random.chance(40) {
            settings.certificate_terms = vec![(random.pick(days).to_string(), 45), ("2012-01-01".to_string(), 3)];
        }
        if random.chance(40) {
            settings.single_sample_from = random.pick(days).to_string();
        }
        if random.chance(40) {
            settings.digital_from = random.pick(days).to_string();
        }
        if random.chance(15) {
            settings.eaeu_categories = vec![0, 13];
        }
        if random.chance(15) {
            settings.year_end_categories = vec![3];
        }
        if random.chance(30) {
            settings.next_year_from = random.pick(&["11-01", "12-31", "01-01", "11-02"]).to_string();
        }
        if random.chance(30) {
            settings.birth_certificate_grace_days = random.below(3);
            settings.passport_renewal_grace_days = random.below(400);
        }
        if random.chance(10) {
            settings.expiring = vec![14, 21];
        }
        if random.chance(10) {
            settings.unfit = vec![(vec![1, 3], vec![3, 14]), (vec![3], vec![21])];
        }
        if random.chance(15) {
            settings.russia = vec!["рос".to_string()];
            settings.no_citizenship = vec!["none".to_string(), "643".to_string()];
        }
        settings
    }

    /// The key that stands at the beginning of the job.
    pub fn job_key(&self) -> String {
        if self.region.is_empty() { String::new() } else { format!("region = {:?}\n", self.region) }
    }

    /// The key of `[reference]`.
    pub fn reference_key(&self) -> &'static str {
        if self.days.is_empty() { "" } else { "calendar = \"reference/calendar.csv\"\n" }
    }

    pub fn calendar_csv(&self) -> Option<String> {
        let line = |(day, worked): &(String, bool)| format!("{day};{}\n", if *worked { "work" } else { "off" });
        (!self.days.is_empty()).then(|| "day;kind\n".to_string() + &self.days.iter().map(line).collect::<String>())
    }

    /// Keys of `[rules]`; settings with their default value are left out.
    pub fn rules_keys(&self) -> String {
        let own = self.all_rules_keys();
        let default = RowRuleSettings::default().all_rules_keys();
        own.into_iter().zip(default).filter(|(own, default)| own != default).map(|(own, _)| own + "\n").collect()
    }

    fn all_rules_keys(&self) -> Vec<String> {
        let term = |(from, days): &(String, usize)| format!("{{ from = \"{from}\", working_days = {days} }}");
        let unfit = |(categories, kinds): &(Vec<u32>, Vec<u32>)| format!("{{ categories = {categories:?}, kinds = {kinds:?} }}");
        let list = |items: Vec<String>| format!("[{}]", items.join(", "));
        vec![
            format!("certificate_terms = {}", list(self.certificate_terms.iter().map(term).collect())),
            format!("policies.single_sample_from = {:?}", self.single_sample_from),
            format!("policies.digital_from = {:?}", self.digital_from),
            format!("eaeu_categories = {:?}", self.eaeu_categories),
            format!("terms.year_end_categories = {:?}", self.year_end_categories),
            format!("terms.next_year_from = {:?}", self.next_year_from),
            format!("documents.birth_certificate_grace_days = {}", self.birth_certificate_grace_days),
            format!("documents.passport_renewal_grace_days = {}", self.passport_renewal_grace_days),
            format!("documents.expiring = {:?}", self.expiring),
            format!("documents.unfit = {}", list(self.unfit.iter().map(unfit).collect())),
            format!("citizenship.russia = {:?}", self.russia),
            format!("allow_missing_names = {}", self.allow_missing_names),
            format!("citizenship.none = {:?}", self.no_citizenship),
        ]
    }
}
