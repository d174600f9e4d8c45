//! Columns of age-sex bands, and the sums of rows by band.

use std::collections::BTreeMap;

use super::super::figure::Figure;
use super::super::model::{Cell, Column};
use super::super::run_tables::Band;
use super::super::russian::{ages, people_of_sex};

/// Bands of a set, men by age, then women by age.
#[derive(Debug, Default)]
pub(super) struct BandColumns {
    pub bands: Vec<Band>,
}

impl BandColumns {
    /// The bands that occur.
    pub fn new<'b>(bands: impl Iterator<Item = &'b Band>) -> Self {
        let mut bands: Vec<Band> = bands.cloned().collect();
        bands.sort();
        bands.dedup();
        Self { bands }
    }

    /// A column for each band below a heading.
    pub fn columns(&self, heading: &str, width: u16) -> Vec<Column> {
        let column = |band: &Band| Column::new(&ages(&band.label), width).below(&[heading, people_of_sex(band.sex)]).summed();
        self.bands.iter().map(column).collect()
    }

    /// A column for each band below a heading, with the coefficient of the band.
    pub fn columns_with_coefficients(&self, heading: &str, width: u16, coefficients: &BTreeMap<Band, Figure>) -> Vec<Column> {
        let column = |band: &Band| {
            let coefficient =
                coefficients.get(band).map_or_else(String::new, |coefficient| format!("К = {}", coefficient.printed()));
            Column::new(&coefficient, width).below(&[heading, people_of_sex(band.sex), &ages(&band.label)]).summed()
        };
        self.bands.iter().map(column).collect()
    }

    /// A cell for each band.
    pub fn cells(&self, figures: &BTreeMap<Band, Figure>) -> Vec<Cell> {
        self.bands.iter().map(|band| Cell::Number(figures.get(band).copied().unwrap_or_default())).collect()
    }

    /// The sum of the cells of all bands, which begin at a column.
    pub fn row_sum(&self, first: usize, figures: &BTreeMap<Band, Figure>) -> Cell {
        let sum = figures.values().fold(Figure::whole(0), |sum, figure| sum.plus(*figure));
        if self.bands.is_empty() { Cell::Number(sum) } else { Cell::RowSum { first, last: first + self.bands.len() - 1, sum } }
    }
}

/// Adds a figure to that of a band.
pub(super) fn add(figures: &mut BTreeMap<Band, Figure>, band: &Band, figure: Figure) {
    let sum = figures.entry(band.clone()).or_default();
    *sum = sum.plus(figure);
}
