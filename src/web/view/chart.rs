//! Bar charts drawn by the server: no script, no other host.

use serde::Serialize;

/// Width of a drawing, drawing units.
const WIDTH: i64 = 600;
/// Left end of the bars: the labels are before it.
const LEFT: i64 = 170;
/// Longest bar; a value is written behind it.
const LONGEST: i64 = 340;
/// Height of a line.
const LINE: i64 = 30;
/// Distance of a text's base line from the top of its line.
const BASE: i64 = 20;
/// Height of a bar, and its distance from the top of its line.
const BAR: (i64, i64) = (18, 6);

/// A chart of horizontal bars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Width of the drawing.
    pub width: i64,
    /// Height of the drawing.
    pub height: i64,
    /// Its bars, from the top.
    pub bars: Vec<Bar>,
}

/// One bar, in drawing units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Its label.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Right end of the label.
    pub label_x: i64,
    /// Base line of the texts.
    pub base: i64,
    /// Left end.
    pub x: i64,
    /// Top.
    pub y: i64,
    /// Length.
    pub length: i64,
    /// Height.
    pub thickness: i64,
    /// Left end of the value.
    pub value_x: i64,
}

/// Draws bars of labels, values as written, and sizes; the largest is as long as a bar can be.
#[must_use]
pub fn chart(bars: &[(&str, &str, i64)]) -> Chart {
    let most = bars.iter().map(|(.., size)| *size).max().unwrap_or_default().max(1);
    let bar = |(at, (label, value, size)): (i64, &(&str, &str, i64))| {
        let length =
            i64::try_from(i128::from(*size).max(0) * i128::from(LONGEST) / i128::from(most)).unwrap_or(LONGEST);
        Bar {
            label: (*label).to_owned(),
            value: (*value).to_owned(),
            label_x: LEFT - 8,
            base: at * LINE + BASE,
            x: LEFT,
            y: at * LINE + BAR.1,
            length,
            thickness: BAR.0,
            value_x: LEFT + length + 8,
        }
    };
    let bars: Vec<Bar> = (0..).zip(bars).map(bar).collect();
    Chart { width: WIDTH, height: i64::try_from(bars.len()).unwrap_or_default() * LINE, bars }
}

#[cfg(test)]
mod tests {
    use super::{LEFT, LONGEST, chart};

    #[test]
    fn the_largest_bar_is_the_longest_and_the_others_are_in_proportion() {
        let drawn = chart(&[("a", "4", 4_000_000), ("b", "1", 1_000_000), ("c", "0", 0)]);
        assert_eq!(drawn.bars.iter().map(|bar| bar.length).collect::<Vec<_>>(), [LONGEST, LONGEST / 4, 0]);
        assert_eq!((drawn.height, drawn.bars[2].value_x), (90, LEFT + 8));
        assert_eq!(chart(&[("a", "0", 0)]).bars[0].length, 0, "nothing to measure by");
        assert_eq!(chart(&[]).height, 0);
    }
}
