//! Thresholds on volumes: limits for shrinking and growth since the former run.
//!
//! Runs are compared with the former run without any entry in the job: [`Volumes::DEFAULTS`] apply to every figure without a threshold of its own. The engine
//! judges the figures.

use super::{Growth, Scope, Then};

/// Volume that is compared between runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Rows, those with errors included.
    Rows,
    /// Persons of the run.
    Persons,
    /// Persons insured on the as-of date, of the run or with an insurer.
    Insured,
    /// Insured persons with a clinic.
    Heads,
    /// Sum of the amounts, in kopecks.
    Money,
}

impl Volume {
    /// Every volume, in the order of messages.
    pub const ALL: [Self; 5] = [Self::Rows, Self::Persons, Self::Insured, Self::Heads, Self::Money];

    /// Word in the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Persons => "persons",
            Self::Insured => "insured",
            Self::Heads => "heads",
            Self::Money => "money",
        }
    }

    /// Whether the volume is counted in a scope.
    #[must_use]
    pub fn is_counted_of(self, scope: Scope) -> bool {
        match self {
            Self::Rows => true,
            Self::Persons => scope == Scope::Run,
            Self::Insured => matches!(scope, Scope::Run | Scope::Insurer),
            Self::Heads | Self::Money => scope != Scope::Source,
        }
    }
}

/// Limit for the change of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeLimit {
    /// A number of rows, persons or roubles.
    Count(u64),
    /// A share of the figure in the former run, of any size.
    Share(Growth),
    /// Any change passes.
    Off,
}

impl ChangeLimit {
    /// Whether a change exceeds the limit; money is in kopecks.
    #[must_use]
    pub fn exceeded_by(self, volume: Volume, change: u64, before: u64) -> bool {
        const KOPECKS: u64 = 100;
        match self {
            Self::Count(most) if volume == Volume::Money => change > most.saturating_mul(KOPECKS),
            Self::Count(most) => change > most,
            Self::Share(share) => share.exceeded_by(change, before),
            Self::Off => false,
        }
    }
}

/// Threshold on the change of a volume between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeThreshold {
    /// Volume; `None`: every volume.
    pub measure: Option<Volume>,
    /// Scope; `None`: run, insurers and clinics. Figures are judged one by one.
    pub scope: Option<Scope>,
    /// Name of the only source, or code of the only insurer or clinic, that is judged.
    pub name: Option<String>,
    /// Largest decrease that passes.
    pub shrink: Option<ChangeLimit>,
    /// Largest increase that passes.
    pub grow: Option<ChangeLimit>,
    /// Least number of rows in the former run: smaller ones are not judged.
    pub at_least: u64,
    /// Consequence of passing the threshold. For a limit that is off: consequence of the defaults that it replaces;
    /// `None`: all defaults.
    pub then: Option<Then>,
}

impl VolumeThreshold {
    /// Default for the least number of rows: fewer rows do not distinguish a lost file from a few persons who left.
    pub const AT_LEAST: u64 = 100;

    /// Least number of rows for a note: with fewer rows, a large share is chance.
    const AT_LEAST_FOR_A_NOTE: u64 = 10;

    const fn shrink(percent: u64, at_least: u64, then: Then) -> Self {
        let shrink = Some(ChangeLimit::Share(Growth { parts: percent, whole: 100 }));
        Self { measure: None, scope: None, name: None, shrink, grow: None, at_least, then: Some(then) }
    }

    /// Whether the threshold judges a figure.
    #[must_use]
    pub fn covers(&self, volume: Volume, scope: Scope, name: &str) -> bool {
        self.measure.is_none_or(|measure| measure == volume)
            && self.scope.map_or(scope != Scope::Source, |judged| judged == scope)
            && self.name.as_deref().is_none_or(|only| only == name)
    }

    /// Consequence of passing the threshold.
    #[must_use]
    pub fn consequence(&self) -> Then {
        self.then.unwrap_or(Then::Warn)
    }

    /// Whether the threshold replaces a default for shrinking of the same figure.
    fn replaces(&self, default: &Self) -> bool {
        // A threshold that warns also replaces the default that only notes.
        let (own, others) = (self.consequence(), default.consequence());
        let is_same = own == others || own == Then::Warn && others == Then::Note;
        match self.shrink {
            None => false,
            Some(ChangeLimit::Off) => self.then.is_none() || is_same,
            Some(_) => is_same,
        }
    }
}

/// Thresholds on volumes of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volumes {
    /// Thresholds in the job, in its order.
    pub from_job: Vec<VolumeThreshold>,
}

impl Volumes {
    /// Default thresholds: a large decrease warns, a very large one stops the run, and a very large one of a small sender is noted.
    pub const DEFAULTS: [VolumeThreshold; 3] = [
        VolumeThreshold::shrink(10, VolumeThreshold::AT_LEAST, Then::Warn),
        VolumeThreshold::shrink(30, VolumeThreshold::AT_LEAST, Then::Stop),
        VolumeThreshold::shrink(30, VolumeThreshold::AT_LEAST_FOR_A_NOTE, Then::Note),
    ];

    /// Thresholds that judge a figure.
    pub fn judging(&self, volume: Volume, scope: Scope, name: &str) -> Vec<VolumeThreshold> {
        let from_job: Vec<&VolumeThreshold> =
            self.from_job.iter().filter(|threshold| threshold.covers(volume, scope, name)).collect();
        let defaults = Self::DEFAULTS.into_iter().filter(|default| {
            default.covers(volume, scope, name) && !from_job.iter().any(|threshold| threshold.replaces(default))
        });
        from_job.iter().map(|&threshold| threshold.clone()).chain(defaults).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrink(limit: ChangeLimit, then: Option<Then>) -> VolumeThreshold {
        VolumeThreshold { shrink: Some(limit), then, ..Volumes::DEFAULTS[0].clone() }
    }

    fn judging(from_job: &[VolumeThreshold], volume: Volume, scope: Scope) -> Vec<(Option<ChangeLimit>, Then)> {
        let volumes = Volumes { from_job: from_job.to_vec() };
        volumes.judging(volume, scope, "98001").iter().map(|threshold| (threshold.shrink, threshold.consequence())).collect()
    }

    #[test]
    fn the_job_replaces_a_default_of_the_same_consequence_and_no_other() {
        let share = |parts| Some(ChangeLimit::Share(Growth { parts, whole: 100 }));
        let (warns, stops, notes) = ((share(10), Then::Warn), (share(30), Then::Stop), (share(30), Then::Note));
        assert_eq!(judging(&[], Volume::Heads, Scope::Clinic), [warns, stops, notes]);
        let own = shrink(ChangeLimit::Count(7), None);
        assert_eq!(judging(&[own], Volume::Rows, Scope::Run), [(Some(ChangeLimit::Count(7)), Then::Warn), stops]);
        let own = shrink(ChangeLimit::Count(7), Some(Then::Stop));
        assert_eq!(judging(&[own], Volume::Rows, Scope::Run), [(Some(ChangeLimit::Count(7)), Then::Stop), warns, notes]);
        let grow = VolumeThreshold { shrink: None, grow: share(50), ..Volumes::DEFAULTS[0].clone() };
        assert_eq!(judging(&[grow], Volume::Rows, Scope::Run), [(None, Then::Warn), warns, stops, notes]);
        let of_rows = VolumeThreshold { measure: Some(Volume::Rows), ..shrink(ChangeLimit::Off, None) };
        let off = |then| (Some(ChangeLimit::Off), then);
        assert_eq!(judging(std::slice::from_ref(&of_rows), Volume::Rows, Scope::Insurer), [off(Then::Warn)]);
        assert_eq!(judging(&[of_rows], Volume::Money, Scope::Insurer), [warns, stops, notes]);
        let no_stop = shrink(ChangeLimit::Off, Some(Then::Stop));
        assert_eq!(judging(&[no_stop], Volume::Rows, Scope::Insurer), [off(Then::Stop), warns, notes]);
        assert_eq!(judging(&[], Volume::Rows, Scope::Source), []);
    }

    #[test]
    fn limits_are_passed_by_more_only() {
        let share = ChangeLimit::Share(Growth { parts: 10, whole: 100 });
        assert!(!share.exceeded_by(Volume::Rows, 10, 100) && share.exceeded_by(Volume::Rows, 11, 100));
        let roubles = ChangeLimit::Count(5);
        assert!(!roubles.exceeded_by(Volume::Money, 500, 0) && roubles.exceeded_by(Volume::Money, 501, 0));
        assert!(!ChangeLimit::Off.exceeded_by(Volume::Rows, u64::MAX, 1));
    }
}
