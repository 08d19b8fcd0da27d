//! What the test program does: a question a line of its arguments, answers on its output.

mod build;
mod by_hand;
mod loads;
mod refused;
pub mod values;
mod words;
mod wrong;

pub fn main() {
    for asked in std::env::args().skip(1) {
        match asked.as_str() {
            "by_hand" => by_hand::print(),
            "loads" => loads::print(),
            "refused" => refused::print(),
            "values" => values::print(),
            "words" => words::print(),
            "wrong" => wrong::print(),
            other => panic!("nothing is known of {other}"),
        }
    }
}
