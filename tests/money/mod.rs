//! Money of published agreements: the program's commands give the printed figures.

mod payments;
