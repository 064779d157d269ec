//! Faults of fields and cells: stable codes with arguments; the catalogue has the sentences.

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
        /// A promise that the law forbids.
        UnlawfulPromise "unlawful_promise",
        /// No reviewer, who is another manager or admin of the park.
        NoReviewer "no_reviewer",
        /// A unit that does not convert to the unit of the field.
        UnknownUnit "unknown_unit",
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
        /// Text with a NUL character, which no database stores as text.
        ControlCharacter "control_character",
        /// Not a telephone number.
        BadPhone "bad_phone",
        /// Not a mail address.
        BadMail "bad_mail",
        /// Not an `https` address.
        BadAddress "bad_address",
        /// An address of a private network.
        PrivateAddress "private_address",
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
        /// A password among the most used, or one of them with digits around it.
        PasswordCommon "password_common",
        /// A password in the operator's file of breaches.
        PasswordBreached "password_breached",
        /// A password made of the service's, the park's or the account's name.
        PasswordNamed "password_named",
        /// Not the present password.
        PasswordWrong "password_wrong",
        /// A code of a second factor that is wrong or was used.
        CodeWrong "code_wrong",
        /// An account with this address has another role or sphere.
        AccountDiffers "account_differs",
        /// An account with this address is disabled.
        AccountDisabled "account_disabled",
        /// No account with this address.
        UnknownAccount "unknown_account",
        /// The account cannot take leads over: it is disabled, only reads, or does not see their park.
        CannotTakeOver "cannot_take_over",
        /// The last account of its kind.
        LastAdmin "last_admin",
        /// One's own account.
        OwnAccount "own_account",
        /// Outside the caller's own sphere.
        OutsideSphere "outside_sphere",
        /// Places and industries at once, or either for a role that has none.
        SphereMixed "sphere_mixed",
        /// The lead's stage has no such next stage.
        NoWay "no_way",
        /// A period in neither form: `2026-W48`, `2026-11`.
        BadPeriod "bad_period",
        /// The day has passed.
        DayPassed "day_passed",
        /// The park has the lead already.
        SamePark "same_park",
        /// The park has a lead of this requirement.
        AlreadyAsked "already_asked",
        /// Neither JPEG nor PNG, or damaged.
        NotAPicture "not_a_picture",
        /// A picture of more pixels than are decoded.
        PictureTooLarge "picture_too_large",
        /// A file above the limit of uploads.
        UploadTooLarge "upload_too_large",
        /// A file that did not come within the time of uploads.
        UploadTooSlow "upload_too_slow",
        /// More than is free besides the holds of others.
        MoreThanFree "more_than_free",
        /// The listing states no figure of this resource.
        NotStated "not_stated",
        /// The plot is not divided: it is held whole.
        WholeOnly "whole_only",
        /// A need that more listings fit than an alert is for.
        TooBroad "too_broad",
        /// A form that was sent faster than a person fills it in.
        TooFast "too_fast",
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
        /// A formula for which the file stores no value, or an error.
        FormulaWithoutValue "formula_without_value",
        /// A number or text of which the file no longer holds all digits.
        DigitsLost "digits_lost",
        /// A number that is a stored one but for its leading zeros.
        ZerosLost "zeros_lost",
        /// A date where the column holds a code or an id: a program took it for one.
        BecameADate "became_a_date",
        /// About a figure, or a bound of one.
        Approximate "approximate",
        /// A range where the column holds one figure.
        Range "range",
        /// A row of totals or remarks.
        TotalsRow "totals_row",
        /// A heading of a section, a repeated header or a line of notes.
        HeadingRow "heading_row",
        /// A minimum above its maximum.
        MinAboveMax "min_above_max",
        /// One coordinate without the other.
        HalfPair "half_pair",
        /// A division outside the wider one beside it.
        NotInside "not_inside",
        /// A number that several parks use, in a file without a column for the park.
        SeveralParks "several_parks",
        /// No park of this code.
        UnknownPark "unknown_park",
        /// A row of a park that differs from the park of the import.
        OtherPark "other_park",
        /// A cell that the row needs.
        Missing "missing",
        /// Characters that cannot be seen.
        NotVisible "not_visible",
        /// A promise that the law forbids.
        UnlawfulPromise "unlawful_promise",
        /// A promise in an imported text: the row is stored, and its words are held back until they were reviewed.
        PromiseHeld "promise_held",
        /// No reviewer, who is another manager or admin of the park.
        NoReviewer "no_reviewer",
        /// Not a telephone number.
        BadPhone "bad_phone",
        /// Not a unified social credit code.
        BadUscc "bad_uscc",
        /// A figure that no requirement may state.
        BadNeed "bad_need",
        /// No listing of the park has the id.
        UnknownListing "unknown_listing",
        /// No account that works the park's leads.
        UnknownOwner "unknown_owner",
        /// A stage that the listing's path does not have.
        StageOffPath "stage_off_path",
        /// A day that has not come yet.
        DayAhead "day_ahead",
        /// Warning: an imported lead whose row has changed since.
        KnownDiffers "known_differs",
        /// Warning: an imported lead that was withdrawn since.
        WithdrawnSince "withdrawn_since",
        /// Warning: another lead of the same enterprise.
        SameEnterprise "same_enterprise",
        /// Warning: read from a unit, a word or another notation.
        Converted "converted",
        /// Warning: characters that cannot be seen, or full-width ones, were removed.
        Normalised "normalised",
        /// Warning: an abolished division replaced by its successor.
        Renamed "renamed",
        /// Warning: the sheet hides the row.
        HiddenRow "hidden_row",
        /// Warning: the sheet has no header of the table.
        SheetNotRead "sheet_not_read",
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
