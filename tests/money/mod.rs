//! Money of published agreements: the program's commands give the printed figures.

mod appendices;
mod checked;
mod examples;
mod figures;
mod payments;
mod region;
