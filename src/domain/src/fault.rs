//! Faults of fields and cells: stable codes with arguments; the catalogue has the sentences.

use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// Fault of a field; its sentence is the catalogue's `error.field.…`.
    pub enum FieldCode in "error.field" {
        /// No field of this name.
        UnknownField "unknown_field",
        /// Another JSON type.
        WrongType "wrong_type",
        /// Outside the field's limits.
        OutOfRange "out_of_range",
        /// More decimal places than the field holds.
        TooManyPlaces "too_many_places",
        /// A lower end above the upper end.
        MinAboveMax "min_above_max",
        /// Not in the classification of industries or divisions.
        UnknownCode "unknown_code",
        /// Not in the enumeration.
        UnknownWord "unknown_word",
        /// Not a day.
        BadDate "bad_date",
        /// A criterion that rests on law cannot be a wish.
        LegalCriterion "legal_criterion",
        /// More entries than the list holds.
        TooMany "too_many",
        /// A required field is absent or blank.
        Missing "missing",
        /// More characters than the field holds.
        TooLong "too_long",
        /// Characters that cannot be seen.
        NotVisible "not_visible",
        /// Not a telephone number.
        BadPhone "bad_phone",
        /// Not a mail address.
        BadMail "bad_mail",
        /// A field that occurs twice.
        DuplicateField "duplicate_field",
        /// No listing of this id.
        UnknownListing "unknown_listing",
        /// The listing's park is outside the consent.
        ParkNotInConsent "park_not_in_consent",
        /// The listing's park has no inbox.
        NoInbox "no_inbox",
        /// A newer notice is in force.
        NoticeOutdated "notice_outdated",
        /// A unified social credit code without 18 characters.
        UsccLength "uscc_length",
        /// A character that credit codes do not use.
        UsccCharacter "uscc_character",
        /// The credit code's check character is wrong.
        UsccCheck "uscc_check",
        /// The check character of the organisation's part is wrong.
        UsccOrganisationCheck "uscc_organisation_check",
        /// No listing is ticked.
        PickFirst "pick_first",
        /// The consent is not ticked.
        ConsentMissing "consent_missing",
        /// No park is ticked.
        ParksMissing "parks_missing",
        /// A password outside its limits.
        PasswordLength "password_length",
        /// The lead's stage has no such next stage.
        NoWay "no_way",
    }
}

words! {
    /// Why an imported cell is refused; its sentence is the catalogue's `import.cell.…`.
    pub enum CellReason in "import.cell" {
        /// A row without an id.
        BlankId "blank_id",
        /// An earlier accepted row has the id.
        DuplicateId "duplicate_id",
        /// Not a number.
        NotANumber "not_a_number",
        /// More than six decimal places.
        TooManyPlaces "too_many_places",
        /// Outside the column's limits.
        OutOfRange "out_of_range",
        /// Not a GB/T 4754-2017 code.
        UnknownIndustry "unknown_industry",
        /// Not a GB/T 2260 code.
        UnknownDivision "unknown_division",
        /// Not a day.
        BadDate "bad_date",
        /// Neither yes nor no.
        NotYesOrNo "not_yes_or_no",
        /// Not in the column's vocabulary.
        UnknownWord "unknown_word",
        /// Not a mail address.
        BadMail "bad_mail",
        /// More characters than the column holds.
        TooLong "too_long",
        /// A control character.
        ControlCharacter "control_character",
        /// More cells than the header has columns.
        TooManyCells "too_many_cells",
        /// A formula instead of a value.
        Formula "formula",
        /// The error value of a formula.
        CellError "cell_error",
    }
}

/// Fault of one field, with its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field: `land_mu.min`.
    pub field: String,
    /// The fault.
    pub code: FieldCode,
    /// Named arguments of the sentence, such as `value` or `accepted`.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// An error without arguments.
    #[must_use]
    pub fn new(field: impl Into<String>, code: FieldCode) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// Fault of one imported cell, with its column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// The column's name; blank past the header's end.
    pub column: String,
    /// The cell as written in the file.
    pub value: String,
    /// The fault.
    pub reason: CellReason,
}

impl CellError {
    /// The fault of one cell.
    #[must_use]
    pub fn new(column: impl Into<String>, value: impl Into<String>, reason: CellReason) -> Self {
        Self { column: column.into(), value: value.into(), reason }
    }
}
