//! Results of clinics: indicators, values, months, and the group of each clinic.

use std::fmt::Write as _;

use super::{ClinicFacts, Clinics, TextFile};

/// Indicators of the region, and the fewest that concern a clinic.
const INDICATORS: usize = 23;
const FEWEST: usize = 6;

/// Indicators of a clinic.
struct ClinicIndicators {
    concerning: usize,
    reached: usize,
    group: u8,
}

impl ClinicIndicators {
    /// Clinics come in turns to group I, II and III, and miss the next group by one indicator.
    fn new(clinic: ClinicFacts) -> Self {
        let concerning = FEWEST + clinic.index * 5 % (INDICATORS - FEWEST + 1);
        // Thresholds are half and seven tenths of the indicators, half up.
        let (second, third) = (concerning.div_ceil(2), (7 * concerning + 5) / 10);
        let (reached, group) = match clinic.index % 3 {
            0 => (concerning, 3),
            1 => (third - 1, 2),
            _ => (second - 1, 1),
        };
        Self { concerning, reached, group }
    }
}

/// Tables of indicators, of values and of months.
pub(super) fn tables(clinics: &Clinics<'_>) -> [TextFile; 3] {
    let mut indicators = "indicator;block;most_points;rule;target\n".to_owned();
    for number in 1..=INDICATORS {
        let block = ["adults", "children", "women"][number * 3 / (INDICATORS + 1)];
        let _ = writeln!(indicators, "{number};{block};1;reached;1");
    }
    let mut values = "clinic;indicator;before;now\n".to_owned();
    let mut months = "clinic;months\n".to_owned();
    for clinic in clinics.facts() {
        let ClinicIndicators { concerning, reached, .. } = ClinicIndicators::new(clinic);
        for number in 1..=concerning {
            let _ = writeln!(values, "{};{number};0.9;{}", clinic.code, if number <= reached { "1.02" } else { "0.98" });
        }
        if clinic.index % 7 == 6 {
            let _ = writeln!(months, "{};{}", clinic.code, 6 + clinic.index % 6);
        }
    }
    [
        TextFile { path: "reference/indicators.csv", text: indicators },
        TextFile { path: "reference/results.csv", text: values },
        TextFile { path: "reference/months.csv", text: months },
    ]
}

/// The group of each clinic, 1 to 3.
pub(super) fn truth(clinics: &Clinics<'_>) -> String {
    let mut out = "clinic;indicators;reached;group\n".to_owned();
    for clinic in clinics.facts() {
        let ClinicIndicators { concerning, reached, group } = ClinicIndicators::new(clinic);
        let _ = writeln!(out, "{};{concerning};{reached};{group}", clinic.code);
    }
    out
}
